#include "platform/schema/cursor.hpp"

#include <gtest/gtest.h>

namespace referral::schema {
namespace {

TEST(Cursor, ReadsItsOwnText) {
    const Cursor cursor({"-created_at", "2026-03-01T12:00:00Z", "7", "\"é\\", ""});

    EXPECT_EQ(Cursor::parse(cursor.text()), cursor);
}

TEST(Cursor, TakesNothingElse) {
    // The last three: an object, a list of numbers, a NUL.
    for (const char* text : {"", "x", "!!!!", "e30", "WzFd", "WyJcdTAwMDAiXQ"})
        EXPECT_FALSE(Cursor::parse(text)) << text;
    EXPECT_FALSE(Cursor::parse(std::string(Cursor::length_max + 1, 'A')));
}

}  // namespace
}  // namespace referral::schema

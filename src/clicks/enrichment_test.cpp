#include "clicks/enrichment.hpp"

#include <gtest/gtest.h>

namespace referral::clicks {
namespace {

TEST(ReferrerOf, KeepsHostAndPathOnly) {
    EXPECT_EQ(referrer_of("https://Blog.Example/post?id=7#top"),
              (DimensionRow{"blog.example", "/post"}));
    EXPECT_EQ(referrer_of("http://user:secret@example.com:8080"),
              (DimensionRow{"example.com", "/"}));
    EXPECT_EQ(referrer_of("android-app://com.example/x"), (DimensionRow{"com.example", "/x"}));
    EXPECT_EQ(referrer_of("http://[2001:db8::1]:80/a"), (DimensionRow{"[2001:db8::1]:80", "/a"}));
}

TEST(ReferrerOf, IsNothingForWhatIsNoAddress) {
    for (const char* text : {"", "example.com", "://", "https://", "https://?x", "about:blank"})
        EXPECT_FALSE(referrer_of(text).has_value()) << text;
}

TEST(ReferrerOf, IsFitForATextColumn) {
    const auto row = referrer_of("https://example.com/\xff" + std::string(1'000, 'x'));

    ASSERT_TRUE(row.has_value());
    EXPECT_LE(row->at(1).size(), 255u);
    EXPECT_TRUE(is_utf8(row->at(1)));
}

TEST(UtmOfQuery, ReadsTheFiveParameters) {
    EXPECT_EQ(
        utm_of_query("utm_source=a+b&x=1&utm_medium=%63&utm_campaign=d&utm_term=e&utm_content=f"),
        (DimensionRow{"a b", "c", "d", "e", "f"}));
    EXPECT_EQ(utm_of_query("utm_source=first&utm_source=second"),
              (DimensionRow{"first", "", "", "", ""}));
}

TEST(UtmOfQuery, IsNothingWithoutThem) {
    for (const char* text : {"", "x=1", "utm_", "utm_source", "utm_source=", "my_utm_source=1"})
        EXPECT_FALSE(utm_of_query(text).has_value()) << text;
}

}  // namespace
}  // namespace referral::clicks

#include "base/csv_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace referral {
namespace {

using ::testing::ElementsAre, ::testing::HasSubstr;

std::vector<std::vector<std::string>> fields(std::string_view text) {
    std::vector<std::vector<std::string>> rows;
    for (const CsvRow& row : read_csv(text, 10, 5).rows) rows.push_back(row.fields);
    return rows;
}

TEST(ReadCsv, TakesQuotesSeparatorsAndLineEndsAsProgramsWriteThem) {
    EXPECT_THAT(fields("a,b\r\n1,\"x, \"\"y\"\"\nz\"\r\n"),
                ElementsAre(ElementsAre("a", "b"), ElementsAre("1", "x, \"y\"\nz")));
    EXPECT_THAT(fields("\xef\xbb\xbf"
                       "a;b\n1,5;2"),
                ElementsAre(ElementsAre("a", "b"), ElementsAre("1,5", "2")));
    EXPECT_THAT(fields("a\tb\r1\t\r"), ElementsAre(ElementsAre("a", "b"), ElementsAre("1", "")));
    EXPECT_THAT(fields("a,b\n\n , \n1\n"),
                ElementsAre(ElementsAre("a", "b"), ElementsAre("1", "")));
    EXPECT_THAT(fields(""), ElementsAre());
}

TEST(ReadCsv, KnowsTheLineOfEachRow) {
    const CsvTable table = read_csv("a,b\n\"x\ny\",1\n\nz,2\n", 10, 5);

    ASSERT_EQ(table.rows.size(), 3u);
    EXPECT_EQ(table.rows[1].line, 2u);
    EXPECT_EQ(table.rows[2].line, 5u);
}

TEST(ReadCsv, SaysWhyItCannotBeRead) {
    EXPECT_THAT(read_csv("a\n\"never closed\n", 10, 5).error, HasSubstr("line 2"));
    EXPECT_THAT(read_csv("a\n\"x\"y\n", 10, 5).error, HasSubstr("closing quote"));
    EXPECT_THAT(read_csv("a\n1,2\n", 10, 5).error, HasSubstr("more fields"));
    EXPECT_THAT(read_csv("a,b,c,d,e,f\n", 10, 5).error, HasSubstr("too many"));
    EXPECT_THAT(read_csv("a\n1\n2\n3\n", 2, 5).error, HasSubstr("more than 2 rows"));
    EXPECT_THAT(read_csv("a\n\xff\n", 10, 5).error, HasSubstr("UTF-8"));
}

}  // namespace
}  // namespace referral

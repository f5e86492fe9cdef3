#include "links/code.hpp"

#include <gtest/gtest.h>

#include <unordered_set>

#include "base/base32.hpp"

namespace referral::links {
namespace {

TEST(Code, TakesLowerCaseDigitsDashesAndUnderscores) {
    const std::string longest(64, 'a'), too_long(65, 'a');
    for (const std::string_view good : {"abc", "spring-sale", "2026", "a_b", longest.c_str()})
        EXPECT_TRUE(Code::parse(good)) << good;
    for (const std::string_view bad :
         {"", "ab", "Spring", "a b", "a/b", "a.b", "é12", "a%62", "a\nb", too_long.c_str()})
        EXPECT_FALSE(Code::parse(bad)) << bad;
}

TEST(Code, RefusesReservedWordsAndWhatLooksLikeThem) {
    for (const char* word : {"api", "auth", "admin", "healthz", "sign-in", "adm1n", "l0g1n"})
        EXPECT_FALSE(Code::parse(word)) << word;
    EXPECT_TRUE(Code::parse("admins"));
}

TEST(CodeKey, IsTheSameForCodesThatLookAlike) {
    for (const char* text : {"Oil-1O_x", "0il-1o_X", "011-10_x", "OLI-l0_x"})
        EXPECT_EQ(code_key(text), "011-10_x") << text;
}

TEST(CodeKey, IsEmptyForWhatCanBeNoCode) {
    for (const char* text : {"", "ab", "a b c", "a/b/c", "caf\xc3\xa9", "abc\x7f", "..."})
        EXPECT_TRUE(CodeKey(text).empty()) << text;
    EXPECT_TRUE(CodeKey(std::string(65, 'a')).empty());
    EXPECT_EQ(CodeKey(std::string(64, 'A')).text(), std::string(64, 'a'));
}

TEST(CodeKey, ConsistsOfItsAlphabet) {
    for (int c = 0; c < 256; ++c) {
        const std::string text(3, static_cast<char>(c));
        const CodeKey key(text);
        if (key.empty()) continue;
        EXPECT_NE(key_alphabet.find(key.text().front()), key_alphabet.npos) << text;
    }
}

TEST(Code, DrawnAtRandomIsValidAndItsOwnKey) {
    for (int i = 0; i < 1'000; ++i) {
        const Code code = Code::random();

        EXPECT_EQ(code.text().size(), Code::random_length);
        EXPECT_EQ(code_key(code.text()), code.text());
        EXPECT_TRUE(check_character_fits(code.text())) << code.text();
    }
}

TEST(CheckCharacter, ShowsEverySingleError) {
    for (int i = 0; i < 2'000; ++i) {
        const std::string code = Code::random().text();
        for (std::size_t at = 0; at < code.size(); ++at)
            for (const char other : base32::alphabet) {
                if (other == code[at]) continue;
                std::string wrong = code;
                wrong[at] = other;
                ASSERT_FALSE(check_character_fits(wrong)) << code << " read as " << wrong;
            }
    }
}

TEST(CheckCharacter, ShowsEverySwap) {
    for (int i = 0; i < 10'000; ++i) {
        const std::string code = Code::random().text();
        for (std::size_t a = 0; a < code.size(); ++a)
            for (std::size_t b = a + 1; b < code.size(); ++b) {
                if (code[a] == code[b]) continue;
                std::string wrong = code;
                std::swap(wrong[a], wrong[b]);
                ASSERT_FALSE(check_character_fits(wrong)) << code << " read as " << wrong;
            }
    }
}

TEST(CheckCharacter, TakesTheCodeInAnyCaseAndWithLookAlikes) {
    EXPECT_TRUE(check_character_fits("0000000000"));
    EXPECT_TRUE(check_character_fits("oOoOoOoOoO"));
    EXPECT_FALSE(check_character_fits("000000000"));
    EXPECT_FALSE(check_character_fits("00000000-0"));
}

/// The 0.999999 quantile of χ² with 31 degrees of freedom is 80.8: one run in 100,000 of ten
/// positions fails by chance.
constexpr double chi_square_max = 80.8;

TEST(Codes, AMillionAreUniformInEveryPlaceAndAllDifferent) {
    constexpr std::size_t count = 1'000'000;
    std::unordered_set<std::string> seen;
    seen.reserve(count);
    std::array<std::array<double, 32>, Code::random_length> tally{};

    std::size_t drawn_twice = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string code = Code::random().text();
        for (std::size_t at = 0; at < code.size(); ++at)
            ++tally[at][static_cast<std::size_t>(base32::digit(code[at]))];
        if (!seen.insert(code).second) ++drawn_twice;
    }

    // 2^45 codes: a million of them collide once in 70 such runs. The unique index refuses such a
    // one and another is drawn; here it only must not be common.
    EXPECT_LE(drawn_twice, 2u);
    for (std::size_t at = 0; at < Code::random_length; ++at) {
        double chi_square = 0;
        for (const double seen_here : tally[at])
            chi_square += (seen_here - count / 32.0) * (seen_here - count / 32.0) / (count / 32.0);
        EXPECT_LT(chi_square, chi_square_max) << "place " << at;
    }
}

}  // namespace
}  // namespace referral::links

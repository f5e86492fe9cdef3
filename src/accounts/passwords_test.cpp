#include <gtest/gtest.h>

#include <fstream>

#include "accounts/password_rules.hpp"
#include "accounts/passwords.hpp"

namespace referral::accounts {
namespace {

Password password(std::string_view text) { return Password::parse(text).value(); }

class PasswordRulesTest : public ::testing::Test {
protected:
    PasswordRulesTest() {
        std::ofstream(file) << R"(["123456", "password", "sunshine", "correcthorsebatterystaple",
                                    "Dragon1988", "love"])";
        rules.emplace(file);
    }
    ~PasswordRulesTest() override { std::filesystem::remove(file); }

    bool is_good(std::string_view text, bool has_second_factor = false) const {
        return !rules->objection(password(text), {.email = "maria.lopez@acme-freight.example",
                                                  .name = "María López",
                                                  .has_second_factor = has_second_factor});
    }

    const std::filesystem::path file =
        std::filesystem::temp_directory_path() / ("common-" + std::to_string(getpid()) + ".json");
    std::optional<PasswordRules> rules;
};

TEST_F(PasswordRulesTest, WantFifteenCharactersOrEightWithASecondFactor) {
    EXPECT_FALSE(is_good("purple-tractor"));
    EXPECT_TRUE(is_good("purple-tractors"));
    EXPECT_FALSE(is_good("tractor", true));
    EXPECT_TRUE(is_good("tractors", true));
}

TEST_F(PasswordRulesTest, CountCharactersAndNotBytes) {
    EXPECT_FALSE(is_good("žluťoučký kůň!"));
    EXPECT_TRUE(is_good("žluťoučký kůň !"));
}

TEST_F(PasswordRulesTest, AllowBlanksEveryScriptAndLength) {
    for (const std::string& good :
         {std::string("four words with blanks"), std::string("пароль из многих слов"),
          std::string("木曜日に雨が降ったので傘を買いました"),
          std::string("tractor barn, river stone, purple cup, seven boats, a quiet lamp, some "
                      "wool, and nine more words that nobody would put in a row like this"),
          std::string("lowercaselettersonlyzu")})
        EXPECT_TRUE(is_good(good)) << good;
}

TEST_F(PasswordRulesTest, RefuseWhatIsCommon) {
    for (const char* common :
         {"password", "PASSWORD", "sunshine", "Sunshine1", "sunshine2024", "dragon1988",
          "correcthorsebatterystaple", "sunshinesunshine", "passwordpasswordpass"})
        EXPECT_FALSE(is_good(common, true)) << common;
}

TEST_F(PasswordRulesTest, RefusePatterns) {
    for (const char* pattern : {"aaaaaaaaaaaaaaaaaa", "abababababababab", "abcabcabcabcabcabc",
                                "12341234123412341", "abcdefghijklmnopq", "qwertyuiopasdfghjkl",
                                "123456789012345678", "zyxwvutsrqponmlkj", "aabbaabbaabbaabbab"})
        EXPECT_FALSE(is_good(pattern, true)) << pattern;
}

TEST_F(PasswordRulesTest, RefuseWhatEverybodyKnowsOfTheOwner) {
    for (const char* known :
         {"maria.lopez@acme-freight.example", "Maria-Lopez-2026", "LogisticsOneSource1",
          "lopez.maria.acme", "Referral-Partner-1!", "acme-freight-maria"})
        EXPECT_FALSE(is_good(known, true)) << known;
    EXPECT_TRUE(is_good("maria likes purple tractors"));
}

TEST(Passwords, AreOneFormOfUnicode) {
    const std::string composed = "caf\u00e9 am See um vier",
                      decomposed = "cafe\u0301 am See um vier";

    EXPECT_NE(composed, decomposed);
    EXPECT_EQ(password(decomposed).text(), password(composed).text());
}

TEST(Passwords, HaveNoMoreThan256BytesOfText) {
    EXPECT_TRUE(Password::parse(std::string(256, 'x')));
    for (const std::string& bad :
         {std::string(), std::string(257, 'x'), std::string("\xff\xfe"), std::string("a\0b", 3)})
        EXPECT_FALSE(Password::parse(bad));
}

TEST(Passwords, MatchTheirHashAndNothingElse) {
    Passwords passwords;
    const auto hash = passwords.hash(password("four words with blanks"));

    EXPECT_TRUE(passwords.matches(hash, password("four words with blanks")));
    EXPECT_FALSE(passwords.matches(hash, password("four words with blank")));
    EXPECT_FALSE(passwords.matches(hash, std::nullopt));
    EXPECT_FALSE(passwords.matches(std::nullopt, password("no password")));
}

}  // namespace
}  // namespace referral::accounts

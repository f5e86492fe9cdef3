/// The values of this folder: addresses, codes, keys, names of browsers, permissions.

#include <gtest/gtest.h>

#include <set>

#include "accounts/accounts.hpp"
#include "accounts/browser.hpp"
#include "accounts/totp.hpp"

namespace referral::accounts {
namespace {

TEST(Email, TakesOrdinaryAddressesOnly) {
    for (const char* good : {"a@b.co", "first.last+tag@mail.example.com", " a@b.co "})
        EXPECT_TRUE(Email::parse(good)) << good;
    for (const char* bad : {"", "a", "a@", "@b.co", "a@b", "a@b.", "a@.b", "a b@c.co", "a@b@c.co",
                            "a,b@c.co", "a@b.co\r\nBcc: x@y.z", "<a@b.co>", "\"a\"@b.co", "ä@b.co"})
        EXPECT_FALSE(Email::parse(bad)) << bad;
}

// RFC 6238, appendix B, SHA-1; of eight digits the last six.
TEST(Totp, AgreesWithTheVectorsOfTheRfc) {
    const Secret secret("12345678901234567890");
    const std::vector<std::pair<std::int64_t, std::string>> vectors{{59, "287082"},
                                                                    {1'111'111'109, "081804"},
                                                                    {1'111'111'111, "050471"},
                                                                    {1'234'567'890, "005924"},
                                                                    {2'000'000'000, "279037"},
                                                                    {20'000'000'000, "353130"}};
    for (const auto& [seconds, code] : vectors) {
        const Instant at{std::chrono::seconds(seconds)};
        EXPECT_EQ(totp::code(secret, totp::step_at(at)), code);
        EXPECT_EQ(totp::matching_step(secret, code, at, 0), totp::step_at(at));
    }
}

TEST(Totp, TakesOneStepBeforeAndAfterAndNoneTwice) {
    const Secret secret = totp::new_secret();
    const Instant now{std::chrono::seconds(1'800'000'000)};
    const std::int64_t step = totp::step_at(now);

    for (const int offset : {-1, 0, 1})
        EXPECT_EQ(totp::matching_step(secret, totp::code(secret, step + offset), now, 0),
                  step + offset);
    for (const int offset : {-3, -2, 2, 3})
        EXPECT_FALSE(totp::matching_step(secret, totp::code(secret, step + offset), now, 0));
    EXPECT_FALSE(totp::matching_step(secret, totp::code(secret, step), now, step));
    EXPECT_FALSE(totp::matching_step(secret, totp::code(secret, step - 1), now, step));
    EXPECT_TRUE(totp::matching_step(secret, totp::code(secret, step + 1), now, step));
    for (const char* bad : {"", "12345", "1234567", "abcdef"})
        EXPECT_FALSE(totp::matching_step(secret, bad, now, 0));
}

TEST(Totp, TellsAuthenticatorsWhatTheyNeed) {
    const Secret secret("12345678901234567890");

    EXPECT_EQ(totp::text_of(secret), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    EXPECT_EQ(totp::uri(secret, "Logistics One", "a+b@c.co"),
              "otpauth://totp/Logistics%20One:a%2Bb%40c.co?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
              "&issuer=Logistics%20One&algorithm=SHA1&digits=6&period=30");
}

TEST(ApiKeyText, IsReadBackAsItWasDrawn) {
    const ApiKeyText key = ApiKeyText::draw();
    const std::string text = key.text().reveal();

    const auto parsed = ApiKeyText::parse(text);

    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(parsed->key_id(), key.key_id());
    EXPECT_EQ(parsed->secret_hash(), key.secret_hash());
    EXPECT_TRUE(text.starts_with("rk_live_" + key.key_id() + '_'));
    EXPECT_NE(ApiKeyText::draw(key.key_id()).text().reveal(), text);
}

TEST(ApiKeyText, EverySlipIsNoticed) {
    const std::string text = ApiKeyText::draw().text().reveal();
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::string wrong = text;
        wrong[i] = wrong[i] == 'x' ? 'y' : 'x';
        EXPECT_FALSE(ApiKeyText::parse(wrong)) << wrong;
    }
    EXPECT_FALSE(ApiKeyText::parse(text + "0"));
    EXPECT_FALSE(ApiKeyText::parse(""));
}

TEST(Browser, IsNamedAsPeopleKnowIt) {
    struct Case {
        const char* agent;
        const char* name;
        const char* os;
    };
    for (const auto& [agent, name, os] : std::vector<Case>{
             {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
              "Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
              "Edge", "Windows"},
             {"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, "
              "like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
              "Safari", "iOS"},
             {"Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0", "Firefox",
              "Linux"}}) {
        EXPECT_EQ(Browser::of(agent).name, name);
        EXPECT_EQ(Browser::of(agent).os, os);
    }
    EXPECT_FALSE(Browser::of("").name);
}

TEST(Permissions, StandInOneOrderAndNoneTwice) {
    std::vector<std::string_view> names;
    for (const Permission& permission : all_permissions()) names.push_back(permission.name);

    EXPECT_TRUE(std::ranges::is_sorted(names));
    EXPECT_EQ(std::set(names.begin(), names.end()).size(), names.size());
}

TEST(Permissions, OfAKeyAreThoseOfItsRoleAndItsScopes) {
    const std::vector<std::string> scopes{"links:read", "users:read", "account:own",
                                          "api-keys:own"};

    EXPECT_EQ(permissions_of_key(Role::partner, scopes),
              std::vector<std::string_view>{"links:read"});
    EXPECT_EQ(permissions_of_key(Role::admin, scopes),
              (std::vector<std::string_view>{"links:read", "users:read"}));
}

TEST(Permissions, ToLookWriteNothing) {
    for (const std::string_view name : permissions_to_look(Role::partner))
        EXPECT_FALSE(name.ends_with(":write")) << name;
}

TEST(Accents, AreColoursOfSixDigits) {
    EXPECT_EQ(Accent::parse("#2361CE")->text(), "#2361ce");
    for (const char* bad : {"", "2361ce", "#2361c", "#2361cg", "red", "#2361ce;}"})
        EXPECT_FALSE(Accent::parse(bad)) << bad;
}

}  // namespace
}  // namespace referral::accounts

#include "accounts/fixture_test.hpp"
#include "platform/crypto/encoding.hpp"

namespace referral::accounts {
namespace {

using OwnAccountTest = AccountsFixture;
using std::chrono::minutes, std::chrono::hours, std::chrono::seconds;

std::string change(const std::string& current, const std::string& next,
                   const std::string& more = "") {
    return R"({"current_password": ")" + current + R"(", "new_password": ")" + next + "\"" + more +
           "}";
}
std::string proof(const std::string& password, const std::string& totp = "") {
    return R"({"password": ")" + password + "\"" +
           (totp.empty() ? "" : R"(, "totp": ")" + totp + "\"") + "}";
}

TEST_F(OwnAccountTest, ChangesItsPasswordAndEndsOtherSessions) {
    Client ada = signed_in("ada"), other = stranger();
    other.sign_in("ada@example.com");
    const std::string before = ada.cookies.at("session"), csrf = ada.csrf;

    EXPECT_EQ(ada.post("/me/password", change("wrong", next_password)).status, 422);
    EXPECT_EQ(ada.post("/me/password", change(good_password, "short")).status, 422);
    EXPECT_EQ(ada.post("/me/password", change(good_password, next_password)).status, 204);

    EXPECT_NE(ada.cookies.at("session"), before) << "another token";
    EXPECT_EQ(ada.get("/me").status, 200);
    EXPECT_EQ(ada.csrf, csrf) << "an open page goes on working";
    EXPECT_EQ(other.get("/me").status, 401);
    EXPECT_EQ(ada.sign_in("ada@example.com").status, 401);
    EXPECT_EQ(ada.sign_in("ada@example.com", next_password).status, 200);
    EXPECT_EQ(mails("password-changed"), 1);
    EXPECT_EQ(audited("users.change-password"), 1);
}

TEST_F(OwnAccountTest, ForgetsOtherDevicesWithItsPassword) {
    Client ada = signed_in("ada"), other = stranger();
    other.sign_in("ada@example.com");
    pass(seconds(1));
    ada.post("/me/password", change(good_password, next_password));
    const std::int64_t told = mails("new-sign-in");

    ada.sign_in("ada@example.com", next_password);
    EXPECT_EQ(mails("new-sign-in"), told);
    other.sign_in("ada@example.com", next_password);
    EXPECT_EQ(mails("new-sign-in"), told + 1) << "a stranger again";
}

TEST_F(OwnAccountTest, MayHaveAShorterPasswordWithASecondFactor) {
    Client ada = signed_in("ada");
    EXPECT_EQ(ada.post("/me/password", change(good_password, "boats@12")).status, 422);
    const Secret secret = with_totp(ada);

    EXPECT_EQ(ada.post("/me/password", change(good_password, "boats@12")).status, 422) << "no code";
    EXPECT_EQ(ada.post("/me/password",
                       change(good_password, "boats@12", R"(, "totp": ")" + code(secret) + "\""))
                  .status,
              204);

    pass(minutes(1));
    EXPECT_EQ(ada.post("/me/totp/disable", proof("boats@12", code(secret))).status, 422)
        << "too short to do without";
}

TEST_F(OwnAccountTest, SetsUpASecondFactorWithItsFirstCode) {
    Client ada = signed_in("ada");
    EXPECT_EQ(ada.post("/me/totp", proof("wrong")).status, 422);
    const Answer begun = ada.post("/me/totp", proof(good_password));
    EXPECT_TRUE(begun.at("qr_svg").starts_with("<svg"));
    EXPECT_NE(begun.at("uri").find("ada%40example.com"), std::string::npos);
    EXPECT_EQ(ada.get("/me").at("totp_enabled"), "false") << "not yet";
    EXPECT_EQ(ada.post("/me/totp/confirm", R"({"code": "000000"})").status, 422);
    const std::string before = ada.cookies.at("session");

    with_totp(ada);

    EXPECT_EQ(ada.get("/me").at("totp_enabled"), "true");
    EXPECT_NE(ada.cookies.at("session"), before);
    EXPECT_EQ(ada.post("/me/totp", proof(good_password)).status, 409);
    EXPECT_EQ(mails("totp-changed"), 1);
    EXPECT_EQ(column("select count(*) from recovery_codes"), "10");
}

TEST_F(OwnAccountTest, KeepsTheSecretSealed) {
    Client ada = signed_in("ada");
    const Secret secret = with_totp(ada);

    EXPECT_EQ(column("select count(*) from second_factors where encode(secret, 'hex') like '%" +
                     crypto::to_hex(crypto::bytes_of(secret.reveal())) + "%'"),
              "0");
    EXPECT_EQ(column("select octet_length(secret) from second_factors"), "64")
        << "4 + 24 + 20 + 16";
}

TEST_F(OwnAccountTest, SignsInByARecoveryCodeOnce) {
    Client ada = signed_in("ada");
    const Secret secret = with_totp(ada);
    const Answer renewed = ada.post("/me/recovery-codes", proof(good_password, code(secret)));
    ASSERT_EQ(renewed.status, 200) << renewed.text;
    const auto& codes = renewed.body.at("recovery_codes").as_array();
    ASSERT_EQ(codes.size(), 10u);
    std::string typed = std::string(codes[3].as_string());
    for (char& c : typed) c = c == '-' ? ' ' : static_cast<char>(std::toupper(c));

    Client elsewhere = stranger();
    EXPECT_EQ(elsewhere.sign_in("ada@example.com", good_password, typed).status, 200);
    EXPECT_EQ(stranger("198.51.100.7").sign_in("ada@example.com", good_password, typed).status,
              401);
    EXPECT_EQ(column("select count(*) from recovery_codes"), "9");
}

TEST_F(OwnAccountTest, ChangesTheAddressWithACodeOnly) {
    Client ada = signed_in("ada");
    const Secret secret = with_totp(ada);
    const auto change = [&](const std::string& totp) {
        return ada.post("/me/email", R"({"email": "ada@example.org", "password": ")" +
                                         std::string(good_password) + "\"" + totp + "}");
    };

    EXPECT_EQ(change("").status, 422);
    EXPECT_EQ(change(R"(, "totp": "000000")").status, 422);
    EXPECT_EQ(change(R"(, "totp": ")" + code(secret) + "\"").status, 202);
}

TEST_F(OwnAccountTest, TurnsTheSecondFactorOff) {
    Client ada = signed_in("ada");
    EXPECT_EQ(ada.post("/me/totp/disable", proof(good_password)).status, 409);
    const Secret secret = with_totp(ada);

    EXPECT_EQ(ada.post("/me/totp/disable", proof(good_password)).status, 422);
    EXPECT_EQ(ada.post("/me/totp/disable", proof(good_password, "000000")).status, 422);
    EXPECT_EQ(ada.post("/me/totp/disable", proof(good_password, code(secret))).status, 204);

    EXPECT_EQ(stranger().sign_in("ada@example.com").status, 200);
    EXPECT_EQ(column("select count(*) from recovery_codes"), "0");
}

TEST_F(OwnAccountTest, MustHaveASecondFactorWhereTheRoleWantsOne) {
    Client ada = signed_in("ada", Role::finance);
    column("update settings set totp_required_roles = '{admin,finance}'");

    const Answer me = ada.get("/me");
    EXPECT_EQ(me.at("must_set_up_totp"), "true");
    EXPECT_EQ(me.at("permissions"), R"(["account:own"])");
    EXPECT_EQ(ada.get("/api-keys").status, 403);
    with_totp(ada);
    EXPECT_EQ(ada.get("/api-keys").status, 200);
    EXPECT_EQ(ada.get("/me").at("must_set_up_totp"), "false");
}

TEST_F(OwnAccountTest, ListsAndEndsItsSessions) {
    Client ada = signed_in("ada"), other = stranger("198.51.100.1"), bob = signed_in("bob");
    other.sign_in("ada@example.com");

    const Answer list = ada.get("/sessions");
    const auto& rows = list.body.at("data").as_array();
    ASSERT_EQ(rows.size(), 2u);
    std::string theirs;
    for (const auto& row : rows)
        if (!row.at("current").as_bool()) theirs = row.at("id").as_string();
    EXPECT_EQ(bob.ask("DELETE", "/sessions/" + theirs).status, 404);
    EXPECT_EQ(ada.ask("DELETE", "/sessions/" + theirs).status, 204);
    EXPECT_EQ(ada.ask("DELETE", "/sessions/" + theirs).status, 404);
    EXPECT_EQ(other.get("/me").status, 401);
    EXPECT_EQ(ada.get("/me").status, 200);
}

TEST_F(OwnAccountTest, SignsOutHereOrEverywhere) {
    Client ada = signed_in("ada"), other = stranger();
    other.sign_in("ada@example.com");
    const auto kept = other.cookies;

    EXPECT_EQ(other.post("/auth/sign-out").status, 204);
    EXPECT_FALSE(other.cookies.contains("session"));
    other.cookies = kept;
    EXPECT_EQ(other.get("/me").status, 401);
    EXPECT_EQ(ada.get("/me").status, 200);

    other.sign_in("ada@example.com");
    EXPECT_EQ(ada.post("/auth/sign-out-everywhere").status, 204);
    EXPECT_EQ(other.get("/me").status, 401);
}

TEST_F(OwnAccountTest, EndsIdleAndOldSessions) {
    Client ada = signed_in("ada");
    pass(minutes(59));
    EXPECT_EQ(ada.get("/me").status, 200);
    pass(minutes(60));
    EXPECT_EQ(ada.get("/me").status, 401) << "idle";

    ada.sign_in("ada@example.com");
    for (int i = 0; i < 12 * 2 - 1; ++i) {
        pass(minutes(30));
        EXPECT_EQ(ada.get("/me").status, 200);
    }
    pass(minutes(30));
    EXPECT_EQ(ada.get("/me").status, 401) << "old";
}

TEST_F(OwnAccountTest, HasAtMostFiftySessions) {
    user("ada");
    Client ada = stranger();
    for (int i = 0; i < 55; ++i) {
        pass(seconds(7));
        ada.cookies.erase("session");  // As from another browser.
        EXPECT_EQ(ada.sign_in("ada@example.com").status, 200);
    }
    EXPECT_EQ(column("select count(*) from sessions"), "50");
    EXPECT_EQ(ada.get("/me").status, 200);
}

TEST_F(OwnAccountTest, WritesNeedTheTokenOfTheirOwnSession) {
    Client ada = signed_in("ada"), other = stranger();
    other.sign_in("ada@example.com");
    const std::string right = ada.csrf;
    for (const std::string& wrong : {std::string(), other.csrf, right.substr(1), right + "x"}) {
        ada.csrf = wrong;
        EXPECT_EQ(ada.ask("PATCH", "/me", R"({"name": "X"})").status, 403);
    }
    ada.csrf = right;
    EXPECT_EQ(ada.ask("PATCH", "/me", R"({"name": "X"})", "Sec-Fetch-Site: cross-site\r\n").status,
              403);
    EXPECT_EQ(ada.ask("PATCH", "/me", R"({"name": "X"})").status, 200);
    EXPECT_EQ(audited("users.change-own"), 1);
}

}  // namespace
}  // namespace referral::accounts

#include "accounts/fixture_test.hpp"

namespace referral::accounts {
namespace {

using MailedLinksTest = AccountsFixture;
using std::chrono::minutes, std::chrono::hours, std::chrono::days, std::chrono::seconds;

std::string with_token(const std::string& token, const std::string& more = "") {
    return R"({"token": ")" + token + "\"" + more + "}";
}
std::string new_password(const std::string& password = next_password) {
    return R"(, "password": ")" + password + "\"";
}

TEST_F(MailedLinksTest, AnswerTheSameWhoeverHasTheAddress) {
    user("ada");
    const Answer known =
        stranger().post("/auth/forgot-password", R"({"email": "ada@example.com"})");
    const Answer unknown =
        stranger().post("/auth/forgot-password", R"({"email": "x@example.com"})");

    EXPECT_EQ(known.status, 202);
    EXPECT_EQ(known.text, unknown.text);
    EXPECT_EQ(unknown.status, 202);
    EXPECT_EQ(column("select count(*) from jobs where kind = 'accounts.forgot-password'"), "2");
    work();
    EXPECT_EQ(mails("reset-password"), 1);
}

TEST_F(MailedLinksTest, ResetAPasswordOnce) {
    Client ada = signed_in("ada");
    stranger().post("/auth/forgot-password", R"({"email": "ADA@example.com"})");
    work();
    const std::string token = mailed_token("reset-password");
    Client elsewhere = stranger();

    EXPECT_EQ(
        elsewhere.post("/auth/reset-password", with_token(token, new_password("short"))).status,
        422);
    EXPECT_EQ(elsewhere.post("/auth/reset-password", with_token(token, new_password())).status,
              204);

    EXPECT_EQ(elsewhere.post("/auth/reset-password", with_token(token, new_password())).status,
              422);
    EXPECT_EQ(ada.get("/me").status, 401) << "all sessions end";
    EXPECT_EQ(elsewhere.sign_in("ada@example.com").status, 401);
    EXPECT_EQ(elsewhere.sign_in("ada@example.com", next_password).status, 200);
    EXPECT_EQ(mails("password-changed"), 1);
    EXPECT_EQ(audited("users.reset-password"), 1);
}

TEST_F(MailedLinksTest, EndAfterTheirTimeAndWithTheNextOne) {
    user("ada");
    const auto ask = [&] {
        stranger().post("/auth/forgot-password", R"({"email": "ada@example.com"})");
        work();
        return mailed_token("reset-password");
    };
    const std::string first = ask();
    EXPECT_EQ(ask(), first) << "none within a minute";
    pass(minutes(2));
    const std::string second = ask();
    EXPECT_NE(second, first);

    EXPECT_EQ(stranger().post("/auth/reset-password", with_token(first, new_password())).status,
              422);
    pass(minutes(30));
    EXPECT_EQ(stranger().post("/auth/reset-password", with_token(second, new_password())).status,
              422);
    const std::string third = ask();
    pass(minutes(30) - seconds(1));
    EXPECT_EQ(stranger().post("/auth/reset-password", with_token(third, new_password())).status,
              204);
}

TEST_F(MailedLinksTest, ServeOnePurposeOnly) {
    user("ada");
    stranger().post("/auth/forgot-password", R"({"email": "ada@example.com"})");
    work();
    const std::string token = mailed_token("reset-password");

    EXPECT_EQ(stranger().post("/auth/unlock", with_token(token)).status, 422);
    EXPECT_EQ(stranger().post("/auth/confirm-email", with_token(token)).status, 422);
    EXPECT_EQ(stranger().post("/auth/invitation", with_token(token)).status, 422);
    EXPECT_EQ(stranger().post("/auth/reset-password", with_token(token, new_password())).status,
              204);
}

TEST_F(MailedLinksTest, StandInTheDatabaseAsHashesOnly) {
    user("ada");
    stranger().post("/auth/forgot-password", R"({"email": "ada@example.com"})");
    work();
    const std::string token = mailed_token("reset-password");

    EXPECT_EQ(token.size(), 43u);
    EXPECT_EQ(
        column("select count(*) from one_time_tokens where token_hash = sha256('" + token + "')"),
        "1");
    EXPECT_EQ(column("select count(*) from one_time_tokens t where t::text like '%" + token + "%'"),
              "0");
}

TEST_F(MailedLinksTest, GiveNothingToWhomIsDisabled) {
    const User ada = user("ada");
    stranger().post("/auth/forgot-password", R"({"email": "ada@example.com"})");
    work();
    const std::string token = mailed_token("reset-password");
    column("update users set status = 'disabled' where id = " + std::to_string(ada.id.value));

    EXPECT_EQ(stranger().post("/auth/reset-password", with_token(token, new_password())).status,
              422);
    pass(minutes(2));
    stranger().post("/auth/forgot-password", R"({"email": "ada@example.com"})");
    work();
    EXPECT_EQ(mails("reset-password"), 1);
}

TEST_F(MailedLinksTest, InviteSomebodyWhoThenChoosesAPassword) {
    Client admin = signed_in("boss", Role::admin);
    const Answer invited =
        admin.post("/users", R"({"email": "eve@example.com", "name": "Eve", "role": "finance"})");
    ASSERT_EQ(invited.status, 201) << invited.text;
    EXPECT_EQ(invited.at("status"), "invited");
    const std::string token = mailed_token("invitation");
    Client eve = stranger();
    EXPECT_EQ(eve.sign_in("eve@example.com", "").status, 401);

    const Answer shown = eve.post("/auth/invitation", with_token(token));
    EXPECT_EQ(shown.at("email"), "eve@example.com");
    EXPECT_EQ(shown.at("role"), "finance");
    EXPECT_EQ(eve.post("/auth/accept-invitation",
                       with_token(token, R"(, "name": "Eve E.")" + new_password()))
                  .status,
              204);

    const Answer me = eve.sign_in("eve@example.com", next_password);
    EXPECT_EQ(me.status, 200);
    EXPECT_EQ(me.body.at("user").at("name").as_string(), "Eve E.");
    EXPECT_EQ(eve.post("/auth/accept-invitation",
                       with_token(token, R"(, "name": "Eve")" + new_password()))
                  .status,
              422);
    EXPECT_EQ(mails("new-sign-in"), 0);
}

TEST_F(MailedLinksTest, OfAnInvitationAreReplacedByTheNextOne) {
    Client admin = signed_in("boss", Role::admin);
    const Answer invited =
        admin.post("/users", R"({"email": "eve@example.com", "name": "Eve", "role": "partner"})");
    const std::string first = mailed_token("invitation"), path = "/users/" + invited.at("id");

    EXPECT_EQ(admin.post(path + "/invite").status, 204);

    EXPECT_EQ(stranger().post("/auth/invitation", with_token(first)).status, 422);
    EXPECT_EQ(stranger().post("/auth/invitation", with_token(mailed_token("invitation"))).status,
              200);
    pass(days(14));
    EXPECT_EQ(stranger().post("/auth/invitation", with_token(mailed_token("invitation"))).status,
              422);
}

TEST_F(MailedLinksTest, ChangeAnAddress) {
    Client ada = signed_in("ada");
    const std::string body = R"({"email": "ada@elsewhere.example", "password": ")";
    EXPECT_EQ(ada.post("/me/email", body + "wrong\"}").status, 422);
    EXPECT_EQ(ada.post("/me/email", body + good_password + "\"}").status, 202);
    work();
    EXPECT_EQ(column("select to_address from mails where template = 'email-change'"),
              "ada@elsewhere.example");

    EXPECT_EQ(
        stranger().post("/auth/confirm-email", with_token(mailed_token("email-change"))).status,
        204);

    EXPECT_EQ(column("select to_address from mails where template = 'email-changed-notice'"),
              "ada@example.com");
    EXPECT_EQ(stranger().sign_in("ada@elsewhere.example").status, 200);
    EXPECT_EQ(stranger().sign_in("ada@example.com").status, 401);
}

TEST_F(MailedLinksTest, DoNotTellThatAWantedAddressIsTaken) {
    user("bob");
    Client ada = signed_in("ada");
    const auto ask = [&](const std::string& email) {
        return ada.post("/me/email",
                        R"({"email": ")" + email + R"(", "password": ")" + good_password + "\"}");
    };

    EXPECT_EQ(ask("bob@example.com").text, ask("free@example.com").text);
    work();
    EXPECT_EQ(mails("email-change"), 1);
    const std::string token = mailed_token("email-change");
    user("free");
    EXPECT_EQ(stranger().post("/auth/confirm-email", with_token(token)).status, 422)
        << "taken meanwhile";
}

}  // namespace
}  // namespace referral::accounts

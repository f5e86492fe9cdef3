#include "accounts/fixture_test.hpp"

namespace referral::accounts {
namespace {

using SignInTest = AccountsFixture;
using std::chrono::minutes, std::chrono::hours, std::chrono::seconds;

const std::string wrong = "purple tractors hum no more";

TEST_F(SignInTest, AnswersTheSameForWhatIsWrong) {
    user("ada");
    const User gone = user("gone");
    column("update users set status = 'disabled' where id = " + std::to_string(gone.id.value));
    const std::string expected = stranger().sign_in("nobody@example.com").at("detail");
    for (const auto& [email, password] : std::vector<std::pair<std::string, std::string>>{
             {"ada@example.com", wrong},
             {"gone@example.com", good_password},
             {"not an address", good_password},
             {"ada@example.com", ""},
             {"ada@example.com", std::string(5'000, 'x')}}) {
        const Answer answer = stranger().sign_in(email, password);
        EXPECT_EQ(answer.status, 401) << answer.text;
        EXPECT_EQ(answer.at("detail"), expected);
    }
    EXPECT_EQ(stranger().sign_in(" ADA@example.com ").status, 200);
}

TEST_F(SignInTest, CountsWrongTriesWhetherOrNotSomebodyHasTheAddress) {
    user("ada");

    stranger().sign_in("ada@example.com", wrong);
    stranger().sign_in("nobody@example.com", wrong);

    EXPECT_EQ(column("select count(*) from sign_in_failures"), "2");
    EXPECT_EQ(column("select count(*) from sign_in_failures where failures = 1"), "2");
}

/// Ten wrong tries, slowly enough for the limit on an account.
void guess(AccountsFixture::Client client, const std::string& email, int times) {
    for (int i = 0; i < times; ++i) {
        AccountsFixture::pass(seconds(7));
        EXPECT_EQ(client.sign_in(email, wrong).status, 401);
    }
}

TEST_F(SignInTest, KeepsStrangersOutAfterTenWrongTriesAndTheOwnerIn) {
    Client ada = signed_in("ada");
    guess(stranger(), "ada@example.com", 10);
    work();

    Client elsewhere = stranger("198.51.100.1");
    EXPECT_EQ(elsewhere.sign_in("ada@example.com").status, 401) << "the right password, locked";
    EXPECT_EQ(ada.sign_in("ada@example.com").status, 200) << "from a remembered device";
    EXPECT_EQ(mails("sign-in-locked"), 1);
}

TEST_F(SignInTest, GoesOnByTheMailedLink) {
    user("ada");
    guess(stranger(), "ada@example.com", 10);
    work();
    Client ada = stranger("198.51.100.1");
    ASSERT_EQ(ada.sign_in("ada@example.com").status, 401);
    const std::string body = R"({"token": ")" + mailed_token("sign-in-locked") + "\"}";

    EXPECT_EQ(ada.post("/auth/unlock", body).status, 204);

    EXPECT_EQ(ada.sign_in("ada@example.com").status, 200);
    EXPECT_EQ(ada.post("/auth/unlock", body).status, 422) << "used";
    guess(stranger(), "ada@example.com", 10);
    EXPECT_EQ(stranger("198.51.100.2").sign_in("ada@example.com").status, 401);
    EXPECT_EQ(ada.sign_in("ada@example.com").status, 200) << "remembered by the link";
}

TEST_F(SignInTest, ForgetsWrongTriesAfterADay) {
    user("ada");
    guess(stranger(), "ada@example.com", 10);
    pass(hours(24));

    EXPECT_EQ(stranger().sign_in("ada@example.com").status, 200);
    EXPECT_EQ(column("select count(*) from sign_in_failures"), "0");
}

TEST_F(SignInTest, LetsNobodyTryMoreThanTenTimesAMinute) {
    user("ada");
    int checked = 0;
    for (int i = 0; i < 60; ++i) {
        checked += stranger().sign_in("ada@example.com", wrong).status == 401;
        pass(seconds(1));
    }
    EXPECT_LE(checked, 15);
    EXPECT_GE(checked, 10);
}

TEST_F(SignInTest, IsNotSlowedDownByStrangersOnARememberedDevice) {
    Client ada = signed_in("ada");
    for (int i = 0; i < 30; ++i) stranger().sign_in("ada@example.com", wrong);
    EXPECT_EQ(stranger().sign_in("ada@example.com").status, 429);

    EXPECT_EQ(ada.sign_in("ada@example.com").status, 200);
}

TEST_F(SignInTest, TellsTheUserOfANewDevice) {
    Client ada = signed_in("ada");
    EXPECT_EQ(mails("new-sign-in"), 0) << "the first time";

    ada.sign_in("ada@example.com");
    EXPECT_EQ(mails("new-sign-in"), 0) << "the same device";
    stranger("198.51.100.1").sign_in("ada@example.com");
    EXPECT_EQ(mails("new-sign-in"), 1);
}

TEST_F(SignInTest, WantsTheSecondFactor) {
    Client ada = signed_in("ada");
    const Secret secret = with_totp(ada);
    Client elsewhere = stranger();

    const Answer asked = elsewhere.sign_in("ada@example.com");
    EXPECT_EQ(asked.status, 401);
    EXPECT_EQ(asked.at("type"), "/problems/second-factor");
    const Answer refused = elsewhere.sign_in("ada@example.com", good_password, "000000");
    EXPECT_EQ(refused.at("type"), "/problems/second-factor");
    EXPECT_EQ(elsewhere.sign_in("ada@example.com", wrong, code(secret)).at("type"),
              "/problems/unauthenticated");
    const std::string right = code(secret);
    EXPECT_EQ(elsewhere.sign_in("ada@example.com", good_password, right).status, 200);
    EXPECT_EQ(elsewhere.sign_in("ada@example.com", good_password, right).status, 401) << "used";
}

TEST_F(SignInTest, TakesFiveCodesInFiveMinutes) {
    Client ada = signed_in("ada");
    const Secret secret = with_totp(ada);
    Client elsewhere = stranger();
    for (int i = 0; i < 5; ++i) {
        pass(seconds(7));
        EXPECT_EQ(elsewhere.sign_in("ada@example.com", good_password, "000000").status, 401);
    }
    pass(seconds(7));

    EXPECT_EQ(elsewhere.sign_in("ada@example.com", good_password, code(secret)).status, 429);
    EXPECT_EQ(ada.sign_in("ada@example.com", good_password, code(secret)).status, 200)
        << "the owner's device has tries of its own";
    pass(minutes(5));
    EXPECT_EQ(elsewhere.sign_in("ada@example.com", good_password, code(secret)).status, 200);
}

TEST_F(SignInTest, RemembersADeviceForItsUserOnly) {
    Client ada = signed_in("ada");
    user("bob");
    ada.cookies.erase("session");
    for (auto& [name, value] : ada.cookies) value.back() = value.back() == 'A' ? 'B' : 'A';
    guess(stranger(), "ada@example.com", 10);

    EXPECT_EQ(ada.sign_in("ada@example.com").status, 401) << "a forged cookie";
    EXPECT_EQ(ada.sign_in("bob@example.com").status, 200);
}

}  // namespace
}  // namespace referral::accounts

#include "accounts/fixture_test.hpp"

namespace referral::accounts {
namespace {

using UsersTest = AccountsFixture;
using std::chrono::minutes, std::chrono::seconds;

std::string path(const User& user) { return "/users/" + user.id.text(); }

TEST_F(UsersTest, AreListedFilteredAndPaged) {
    Client admin = signed_in("boss", Role::admin);
    for (const char* name : {"ada", "bob", "cleo"}) {
        pass(seconds(1));
        user(name);
    }

    const Answer first = admin.get("/users?limit=2");
    EXPECT_EQ(first.body.at("data").as_array().size(), 2u);
    EXPECT_EQ(first.body.at("data").at(0).at("name").as_string(), "cleo");
    const Answer second = admin.get("/users?limit=2&cursor=" + first.at("next_cursor"));
    EXPECT_EQ(second.body.at("data").at(1).at("name").as_string(), "boss");
    EXPECT_EQ(second.at("next_cursor"), "null");
    EXPECT_EQ(admin.get("/users?q=BO&role=partner").body.at("data").as_array().size(), 1u);
    EXPECT_EQ(admin.get("/users?q=%25").body.at("data").as_array().size(), 0u);
    EXPECT_EQ(admin.get("/users?status=disabled").body.at("data").as_array().size(), 0u);
    EXPECT_EQ(admin.get("/users?cursor=AAAA").status, 422);
}

TEST_F(UsersTest, AreForAdministratorsOnly) {
    const User ada = user("ada");
    for (const Role role : {Role::manager, Role::finance, Role::analyst, Role::partner}) {
        Client client = signed_in(std::string(name_of(role)), role);
        EXPECT_EQ(client.get("/users").status, 403);
        EXPECT_EQ(client.get(path(ada)).status, 403);
        EXPECT_EQ(client.ask("PATCH", path(ada), R"({"role": "admin"})").status, 403);
        EXPECT_EQ(client.post(path(ada) + "/view-as").status, 403);
    }
}

TEST_F(UsersTest, AreSignedOutWhenDisabledOrGivenAnotherRole) {
    Client admin = signed_in("boss", Role::admin), ada = signed_in("ada");
    const std::string id(ada.get("/me").body.at("user").at("id").as_string());

    EXPECT_EQ(admin.ask("PATCH", "/users/" + id, R"({"name": "Ada L."})").status, 200);
    EXPECT_EQ(ada.get("/me").status, 200) << "another name is no reason";
    EXPECT_EQ(admin.ask("PATCH", "/users/" + id, R"({"role": "manager"})").status, 200);
    EXPECT_EQ(ada.get("/me").status, 401);
    ada.sign_in("ada@example.com");
    EXPECT_EQ(admin.ask("PATCH", "/users/" + id, R"({"status": "disabled"})").status, 200);
    EXPECT_EQ(ada.get("/me").status, 401);
    EXPECT_EQ(ada.sign_in("ada@example.com").status, 401);
    EXPECT_EQ(admin.ask("PATCH", "/users/" + id, R"({"status": "active"})").status, 200);
    EXPECT_EQ(ada.sign_in("ada@example.com").status, 200);
    EXPECT_EQ(admin.ask("PATCH", "/users/" + id, R"({"status": "invited"})").status, 422);
    EXPECT_EQ(audited("users.change"), 4);
}

TEST_F(UsersTest, KeepAnActiveAdministrator) {
    Client admin = signed_in("boss", Role::admin);
    const User other = user("deputy", Role::admin);
    const std::string me =
        "/users/" + std::string(admin.get("/me").body.at("user").at("id").as_string());

    EXPECT_EQ(admin.ask("PATCH", path(other), R"({"status": "disabled"})").status, 200);
    EXPECT_EQ(admin.ask("PATCH", me, R"({"status": "disabled"})").status, 409);
    EXPECT_EQ(admin.ask("PATCH", me, R"({"role": "manager"})").status, 409);
    EXPECT_EQ(admin.ask("PATCH", me, R"({"name": "The Boss"})").status, 200);
    EXPECT_EQ(admin.ask("PATCH", path(other), R"({"status": "active"})").status, 200);
    EXPECT_EQ(admin.ask("PATCH", me, R"({"role": "manager"})").status, 200);
}

TEST_F(UsersTest, WithoutAPasswordAreInvitedAgainWhenEnabled) {
    Client admin = signed_in("boss", Role::admin);
    const Answer invited =
        admin.post("/users", R"({"email": "eve@example.com", "name": "Eve", "role": "partner"})");
    const std::string eve = "/users/" + invited.at("id");

    admin.ask("PATCH", eve, R"({"status": "disabled"})");
    EXPECT_EQ(admin.post(eve + "/invite").status, 409);
    EXPECT_EQ(admin.ask("PATCH", eve, R"({"status": "active"})").at("status"), "invited");
    EXPECT_EQ(admin.post(eve + "/invite").status, 204);
    EXPECT_EQ(admin.post("/users", R"({"email": "EVE@example.com", "name": "E", "role": "admin"})")
                  .status,
              409);
}

TEST_F(UsersTest, LoseTheirSecondFactorToAnAdministrator) {
    Client admin = signed_in("boss", Role::admin), ada = signed_in("ada");
    with_totp(ada);
    const std::string id(ada.get("/me").body.at("user").at("id").as_string());

    EXPECT_EQ(admin.post("/users/" + id + "/reset-totp").status, 204);

    EXPECT_EQ(admin.post("/users/" + id + "/reset-totp").status, 409);
    EXPECT_EQ(ada.get("/me").status, 401);
    EXPECT_EQ(ada.sign_in("ada@example.com").status, 200);
    EXPECT_EQ(audited("users.reset-totp"), 1);
}

TEST_F(UsersTest, AreLookedAsByAdministratorsReadingOnly) {
    Client admin = signed_in("boss", Role::admin);
    const User ada = user("ada"), clerk = user("clerk", Role::finance);
    const std::string before = admin.cookies.at("session");
    EXPECT_EQ(admin.post(path(clerk) + "/view-as").status, 409);

    const Answer looking = admin.post(path(ada) + "/view-as");

    ASSERT_EQ(looking.status, 200) << looking.text;
    EXPECT_NE(admin.cookies.at("session"), before);
    EXPECT_EQ(looking.body.at("viewing_as").at("id").as_string(), ada.id.text());
    EXPECT_EQ(admin.get("/me").body.at("user").at("name").as_string(), "ada");
    EXPECT_EQ(admin.get("/users").status, 403);
    EXPECT_EQ(admin.ask("PATCH", "/me", R"({"name": "X"})").status, 403);
    EXPECT_EQ(admin.post("/api-keys", R"({"name": "k", "scopes": ["links:read"]})").status, 403);
    EXPECT_EQ(admin.post("/me/password", "{}").status, 403);
    EXPECT_EQ(column("select name from users where id = " + std::to_string(ada.id.value)), "ada");
    const Answer back = admin.post("/auth/view-as/end");
    EXPECT_EQ(back.at("viewing_as"), "null");
    EXPECT_EQ(admin.get("/users").status, 200);
    EXPECT_EQ(admin.post("/auth/view-as/end").status, 409);
    EXPECT_EQ(audited("users.view-as"), 1);
    EXPECT_EQ(audited("users.view-as-end"), 1);
    EXPECT_EQ(
        column("select user_id || ' ' || acting_as from audit_logs where action = "
               "'users.view-as-end'"),
        column("select id from users where name = 'boss'") + " " + std::to_string(ada.id.value));
}

TEST_F(UsersTest, AreLookedAsForHalfAnHour) {
    Client admin = signed_in("boss", Role::admin);
    admin.post(path(user("ada")) + "/view-as");
    pass(minutes(29));
    EXPECT_EQ(admin.get("/me").status, 200);
    pass(minutes(1));

    EXPECT_EQ(admin.get("/me").status, 401);
    db::Transaction tx(database.pool());
    forget_ended(tx, minutes(60), clock_now);
    tx.commit();
    EXPECT_EQ(audited("users.view-as-end"), 1);
    EXPECT_EQ(column("select count(*) from sessions"), "0");
}

TEST_F(UsersTest, AreNotLookedAsOnceTheyAreDisabled) {
    Client admin = signed_in("boss", Role::admin);
    const User ada = user("ada");
    admin.post(path(ada) + "/view-as");
    column("update users set status = 'disabled' where id = " + std::to_string(ada.id.value));

    EXPECT_EQ(admin.get("/me").status, 401);
}

}  // namespace
}  // namespace referral::accounts

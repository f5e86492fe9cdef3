#include "accounts/fixture_test.hpp"

namespace referral::accounts {
namespace {

using std::chrono::hours, std::chrono::minutes, std::chrono::seconds;

class ApiKeysTest : public AccountsFixture {
protected:
    ApiKeysTest() {
        // What keys are for stands in higher folders: a route in their stead.
        http::RouteTable table = routes(accounts);
        table.push_back(http::get("/probe", [](http::Call&) { return http::NoContent(); },
                                  {.name = "probe", .summary = "", .permission = "links:read"}));
        probing.emplace(std::move(table), accounts.sessions, database.pool(), now);
    }

    /// The status that a request with this Authorization gets.
    int probe(const std::string& authorization, const std::string& ip = "203.0.113.5",
              const std::string& query = "") {
        http::Origin origin;
        origin.client = IpAddress::parse(ip).value();
        const std::string line =
            authorization.empty() ? "" : "Authorization: " + authorization + "\r\n";
        const auto request = http::RequestCopy::parse(
            "GET /api/v1/probe" + query + " HTTP/1.1\r\nHost: x\r\n" + line + "\r\n", origin);
        return probing->serve(request->request()).status;
    }

    Answer make(Client& client, const std::string& more = "",
                const std::string& scopes = R"(["links:read"])") {
        const Answer made =
            client.post("/api-keys", R"({"name": "Importer", "scopes": )" + scopes + more + "}");
        EXPECT_EQ(made.status, 201) << made.text;
        return made;
    }

    std::optional<http::Dispatch> probing;
};

TEST_F(ApiKeysTest, LetProgramsIn) {
    Client ada = signed_in("ada");
    const Answer made = make(ada);

    EXPECT_EQ(probe("Bearer " + made.at("key")), 204);
    EXPECT_EQ(probe("bearer  " + made.at("key")), 204);
    for (const std::string& bad : {std::string(), "Basic " + made.at("key"), made.at("key"),
                                   std::string("Bearer "), "Bearer " + made.at("key") + "x"})
        EXPECT_EQ(probe(bad), 401) << bad;
    EXPECT_EQ(
        probe("", "203.0.113.5", "?key=" + made.at("key") + "&access_token=" + made.at("key")), 401)
        << "never in an address";
    EXPECT_EQ(mails("api-key-created"), 1);
}

TEST_F(ApiKeysTest, AreShownOnceAndStoredAsHashes) {
    Client ada = signed_in("ada");
    const Answer made = make(ada);
    const std::string secret = made.at("key").substr(17, 32);

    const Answer list = ada.get("/api-keys");
    EXPECT_EQ(list.text.find(secret), std::string::npos);
    EXPECT_EQ(list.body.at("data").at(0).at("key_id").as_string(), made.at("key").substr(0, 16));
    EXPECT_EQ(column("select count(*) from api_keys k where k::text like '%" + secret + "%'"), "0");
    EXPECT_EQ(column("select count(*) from audit_logs a where a::text like '%" + secret + "%'"),
              "0");
    EXPECT_EQ(column("select count(*) from mails m where m::text like '%" + secret + "%'"), "0");
}

TEST_F(ApiKeysTest, MayWhatTheirOwnerMayAndTheirScopesSay) {
    Client ada = signed_in("ada"), admin = signed_in("boss", Role::admin);
    for (const char* scopes : {R"([])", R"(["users:read"])", R"(["account:own"])", R"(["x"])",
                               R"(["api-keys:own"])", R"(["links:read", "links:read"])"})
        EXPECT_EQ(
            ada.post("/api-keys", std::string(R"({"name": "k", "scopes": )") + scopes + "}").status,
            422)
            << scopes;
    EXPECT_EQ(probe("Bearer " + make(ada, "", R"(["clicks:read"])").at("key")), 403);
    const std::string key = make(admin, "", R"(["links:read", "users:read"])").at("key");
    EXPECT_EQ(stranger().ask("GET", "/users", "", "Authorization: Bearer " + key + "\r\n").status,
              200);
    column("update users set role = 'partner' where name = 'boss'");
    EXPECT_EQ(stranger().ask("GET", "/users", "", "Authorization: Bearer " + key + "\r\n").status,
              403)
        << "cut by the role of today";
    EXPECT_EQ(probe("Bearer " + key), 204);
}

TEST_F(ApiKeysTest, CannotMakeKeysNorTouchTheAccount) {
    Client admin = signed_in("boss", Role::admin);
    const std::string line = "Authorization: Bearer " +
                             make(admin, "", R"(["links:read", "users:write"])").at("key") + "\r\n";
    for (const char* path : {"/me", "/sessions", "/api-keys"})
        EXPECT_EQ(stranger().ask("GET", path, "", line).status, 403) << path;
    EXPECT_EQ(stranger().ask("POST", "/users", "{}", line).status, 422)
        << "no CSRF token is wanted";
}

TEST_F(ApiKeysTest, EndWhenRevokedExpiredOrTheirOwnerIsDisabled) {
    Client ada = signed_in("ada");
    const Answer revoked = make(ada), kept = make(ada);
    const Answer expiring = make(ada, R"(, "expires_at": "2026-03-01T12:30:00Z")");
    EXPECT_EQ(
        ada.post("/api-keys",
                 R"({"name": "k", "scopes": ["links:read"], "expires_at": "2026-03-01T12:00:00Z"})")
            .status,
        422);

    EXPECT_EQ(ada.ask("DELETE", "/api-keys/" + revoked.at("id")).status, 204);
    EXPECT_EQ(probe("Bearer " + revoked.at("key")), 401);
    EXPECT_EQ(ada.post("/api-keys/" + revoked.at("id") + "/rotate").status, 409);
    pass(minutes(30) - seconds(1));
    EXPECT_EQ(probe("Bearer " + expiring.at("key")), 204);
    pass(seconds(1));
    EXPECT_EQ(probe("Bearer " + expiring.at("key")), 401);
    EXPECT_EQ(probe("Bearer " + kept.at("key")), 204);
    column("update users set status = 'disabled' where name = 'ada'");
    EXPECT_EQ(probe("Bearer " + kept.at("key")), 401);
}

TEST_F(ApiKeysTest, RotateWithADayOfOverlap) {
    Client ada = signed_in("ada");
    const Answer made = make(ada);
    const Answer rotated = ada.post("/api-keys/" + made.at("id") + "/rotate");
    ASSERT_EQ(rotated.status, 200) << rotated.text;

    EXPECT_EQ(rotated.at("key_id"), made.at("key_id"));
    EXPECT_EQ(probe("Bearer " + made.at("key")), 204);
    EXPECT_EQ(probe("Bearer " + rotated.at("key")), 204);
    pass(hours(24));
    EXPECT_EQ(probe("Bearer " + made.at("key")), 401);
    EXPECT_EQ(probe("Bearer " + rotated.at("key")), 204);
}

TEST_F(ApiKeysTest, AreUsedFromTheirAddressesOnly) {
    Client ada = signed_in("ada");
    const std::string key =
        make(ada, R"(, "allowed_addresses": ["198.51.100.0/24", "2001:db8::1"])").at("key");

    EXPECT_EQ(probe("Bearer " + key, "198.51.100.77"), 204);
    EXPECT_EQ(probe("Bearer " + key, "2001:db8::1"), 204);
    EXPECT_EQ(probe("Bearer " + key, "198.51.101.1"), 401);
    EXPECT_EQ(ada.post("/api-keys", R"({"name": "k", "scopes": ["links:read"],
                                        "allowed_addresses": ["nowhere"]})")
                  .status,
              422);
}

TEST_F(ApiKeysTest, RememberTheirLastUseToTheMinute) {
    Client ada = signed_in("ada");
    const Answer made = make(ada);
    EXPECT_EQ(made.at("last_used_at"), "null");
    const auto used = [&] {
        return column(
            "select to_char(last_used_at at time zone 'UTC', 'HH24:MI:SS') from api_keys");
    };

    probe("Bearer " + made.at("key"));
    EXPECT_EQ(used(), "12:00:00");
    pass(seconds(59));
    probe("Bearer " + made.at("key"));
    EXPECT_EQ(used(), "12:00:00");
    pass(seconds(1));
    probe("Bearer " + made.at("key"));
    EXPECT_EQ(used(), "12:01:00");
}

TEST_F(ApiKeysTest, OfOthersAreNotFound) {
    Client ada = signed_in("ada"), bob = signed_in("bob");
    const std::string path = "/api-keys/" + make(ada).at("id");

    EXPECT_EQ(bob.ask("PATCH", path, R"({"name": "mine"})").status, 404);
    EXPECT_EQ(bob.post(path + "/rotate").status, 404);
    EXPECT_EQ(bob.ask("DELETE", path).status, 404);
    EXPECT_EQ(bob.get("/api-keys").at("data"), "[]");
    const Answer changed = ada.ask("PATCH", path, R"({"name": "Other", "expires_at": null})");
    EXPECT_EQ(changed.at("name"), "Other");
}

}  // namespace
}  // namespace referral::accounts

#include "conversions/imports.hpp"

#include "conversions/fixture_test.hpp"
#include "platform/crypto/encoding.hpp"
#include "testing/routes_test.hpp"

namespace referral::conversions {
namespace {

Instant clock_now() { return noon; }

using testing::Answer;

class ImportsTest : public SaleTest {
protected:
    ImportsTest() {
        gate.caller = {.user_id = ann.value,
                       .permissions = {"imports:read", "imports:write", "conversions:read",
                                       "conversions:write", "postback-keys:write"},
                       .sees_all = true};
    }

    Answer ask(const std::string& method, const std::string& path, const std::string& body = "{}") {
        return testing::ask(dispatch, {.method = method, .path = path, .body = body});
    }
    Answer upload(const std::string& csv, schema::json::object more = {}) {
        more["csv"] = csv;
        return ask("POST", "/imports", schema::json::serialize(more));
    }
    std::string id_of(const Answer& answer) {
        return std::string(answer.body.at("id").as_string());
    }
    std::int64_t count(const std::string& id, const char* state) {
        return ask("GET", "/imports/" + id).body.at("counts").at(state).as_int64();
    }
    std::string status(const std::string& id) {
        return std::string(ask("GET", "/imports/" + id).body.at("status").as_string());
    }

    const crypto::Key key{9};
    testing::OpenGate gate;
    http::Dispatch dispatch{routes({.conversions = conversions, .tokens = tokens, .key = key}),
                            gate, database.pool(), clock_now};
};

constexpr const char* file =
    "Kind,Source,External ID,Occurred At,Revenue,customer_external_id,code\n"
    "Delivered,tms,L1,2026-07-01,\"1,234.56\",acme,ann-code\n"
    "delivered,tms,L2,2026-07-02 10:00,100,acme,\n"
    "delivered,tms,L3,yesterday,100,acme,\n"
    "shipped,tms,L4,2026-07-02,x,acme,nobodys\n"
    "delivered,tms,L1,2026-07-01,1234.56,acme,ann-code\n";

TEST_F(ImportsTest, AreLookedAtThenStoredThenTakenBack) {
    const Answer made = upload(file);
    ASSERT_EQ(made.status, 201) << made.text;
    const std::string id = id_of(made);
    work(noon);
    EXPECT_EQ(status(id), "checked");
    EXPECT_EQ(count(id, "good"), 2);
    EXPECT_EQ(count(id, "same"), 1);
    EXPECT_EQ(count(id, "bad"), 2);
    EXPECT_EQ(one(test_sql::conversions), 0);

    ASSERT_EQ(ask("POST", "/imports/" + id + "/commit").status, 200);
    work(noon);
    EXPECT_EQ(status(id), "committed");
    EXPECT_EQ(count(id, "made"), 2);
    EXPECT_EQ(count(id, "same"), 1);
    EXPECT_EQ(one(test_sql::conversions), 2);
    EXPECT_EQ(earned[ConversionId{1}].size(), 1u);
    EXPECT_EQ(ask("POST", "/imports/" + id + "/commit").status, 409);

    const std::string again = id_of(upload(file, {{"dry_run", false}}));
    work(noon);
    EXPECT_EQ(count(again, "made"), 0);
    EXPECT_EQ(count(again, "same"), 3);

    ASSERT_EQ(ask("POST", "/imports/" + id + "/undo").status, 200);
    work(noon);
    EXPECT_EQ(status(id), "undone");
    EXPECT_EQ(count(id, "undone"), 2);
    EXPECT_EQ(earned[ConversionId{1}].at(0).amount.minor, 0);
    const std::string anew = id_of(upload(file, {{"dry_run", false}}));
    work(noon);
    EXPECT_EQ(count(anew, "made"), 2) << "the keys are free again";
}

TEST_F(ImportsTest, SayWhatIsWrongWithEachRow) {
    const std::string id = id_of(upload(file));
    work(noon);

    const Answer rows = ask("GET", "/imports/" + id + "/rows?status=bad");
    const auto& data = rows.body.at("data").as_array();
    ASSERT_EQ(data.size(), 2u);
    EXPECT_EQ(data[0].at("number").as_int64(), 4);
    EXPECT_EQ(data[0].at("errors").at(0).at("field").as_string(), "occurred_at");
    ASSERT_EQ(data[1].at("errors").as_array().size(), 2u) << rows.text;
    EXPECT_EQ(data[1].at("errors").at(0).at("field").as_string(), "kind");
    EXPECT_EQ(data[1].at("errors").at(1).at("field").as_string(), "revenue");
}

TEST_F(ImportsTest, TakeAMappingAndDefaults) {
    const Answer made = upload("No;Amount;Shipper;Truck\n7;12.50;acme;blue\n",
                               {{"mapping",
                                 {{"external_id", "No"},
                                  {"revenue", "Amount"},
                                  {"customer.external_id", "Shipper"},
                                  {"metadata.truck", "Truck"}}},
                                {"defaults", {{"kind", "booked"}, {"source", "old tms"}}},
                                {"dry_run", false}});
    ASSERT_EQ(made.status, 201) << made.text;
    work(noon);

    EXPECT_EQ(count(id_of(made), "made"), 1);
    const Conversion conversion = outcome_of(ConversionId{1}).conversion;
    EXPECT_EQ(conversion.kind, EventKind::booked);
    EXPECT_EQ(conversion.source, "old tms");
    EXPECT_EQ(conversion.revenue, 1'250);
    EXPECT_EQ(conversion.metadata.at("truck"), "blue");
}

TEST_F(ImportsTest, RefuseAFileThatCannotBeMeant) {
    EXPECT_EQ(upload("a,b\n").status, 422);
    EXPECT_EQ(upload("a\n\"1\n").status, 422);
    const Answer answer =
        upload("No\n1\n", {{"mapping", {{"external_id", "Number"}, {"x", "No"}}}});
    EXPECT_EQ(answer.status, 422);
    for (const char* field : {"mapping.external_id", "mapping.x", "mapping.kind", "mapping.source"})
        EXPECT_THAT(answer.text, HasSubstr(std::string("\"") + field + '"'));
}

TEST_F(ImportsTest, ShareTheirRoutesWithReports) {
    const char* body = R"({"kind": "delivered", "source": "tms", "external_id": "L1", "line": 3,
        "occurred_at": "2026-07-01T00:00:00Z", "revenue": "100.00", "currency": "USD",
        "quantity": 2, "unit": "truck", "mode": "ftl", "code": "ann-code",
        "customer": {"external_id": "acme", "email": "jane@acme.example", "company": "Acme"}})";
    const Answer made = ask("POST", "/conversions", body),
                 again = ask("POST", "/conversions", body);

    EXPECT_EQ(made.status, 201) << made.text;
    EXPECT_EQ(again.status, 201);
    EXPECT_EQ(again.text, made.text);
    EXPECT_EQ(made.body.at("status").as_string(), "attributed");
    EXPECT_EQ(made.body.at("attributions").at(0).at("user_name").as_string(), "ann");
    EXPECT_EQ(made.body.at("commissions").at(0).at("amount").as_string(), "10.00");
    EXPECT_EQ(made.body.at("customer_name").as_string(), "Acme");
    const std::string id(made.body.at("id").as_string());
    EXPECT_EQ(ask("GET", "/conversions/" + id).text, made.text);
    EXPECT_EQ(ask("GET", "/conversions?external_id=L1").body.at("data").as_array().size(), 1u);
    EXPECT_EQ(ask("GET", "/conversions?status=organic").body.at("data").as_array().size(), 0u);
    EXPECT_EQ(ask("GET", "/conversions/" + id + "/attribution").status, 200);
    EXPECT_EQ(ask("POST", "/conversions/" + id + "/attribute", R"({"user_id": null})").status, 422);
}

TEST_F(ImportsTest, TakeLeadsOfPagesOnTheProgramsHosts) {
    change_program({.allowed_hosts = std::vector{*HostPattern::parse("www.example.com")}});
    const std::string lead = R"({"code": "ann-code", "email": "jane@acme.example"})";
    const auto from = [&](const std::string& origin) {
        const std::string line = origin.empty() ? "" : "Origin: " + origin + "\r\n";
        return testing::ask(dispatch, {.method = "POST",
                                       .path = "/js/leads",
                                       .body = lead,
                                       .headers = "Host: go.example.com\r\n" + line,
                                       .content_type = "text/plain"})
            .status;
    };

    EXPECT_EQ(from(""), 403);
    EXPECT_EQ(from("https://evil.example.net"), 403);
    EXPECT_EQ(from("https://www.example.com"), 204);
    EXPECT_EQ(from("https://www.example.com"), 204);
    EXPECT_EQ(one(test_sql::conversions), 1);
    EXPECT_THAT(credits(ConversionId{1}), ElementsAre("ann code 1000000"));
    EXPECT_EQ(outcome_of(ConversionId{1}).conversion.kind, EventKind::lead);
}

TEST_F(ImportsTest, ShareTheirRoutesWithSignedPostbacks) {
    const Answer made = ask("POST", "/postback-keys", R"({"name": "shop", "revenue_max": "500"})");
    ASSERT_EQ(made.status, 201) << made.text;
    const std::string name(made.body.at("key").at("key").as_string());
    const std::string secret(made.body.at("secret").as_string());
    const auto send = [&](std::string query, std::int64_t age = 0) {
        query = "key=" + name + "&timestamp=" +
                std::to_string(noon.time_since_epoch() / std::chrono::seconds(1) - age) + "&" +
                query;
        const auto mac = crypto::hmac_sha256(crypto::bytes_of(secret), crypto::bytes_of(query));
        return ask("GET", "/postback?" + query + "&signature=" + crypto::to_hex(mac));
    };

    const Answer first = send("external_id=O1&revenue=99.90&code=ann-code");
    EXPECT_EQ(first.status, 200) << first.text;
    EXPECT_TRUE(first.body.at("is_new").as_bool());
    EXPECT_FALSE(
        send("external_id=O1&revenue=99.90&code=ann-code", 100).body.at("is_new").as_bool());
    EXPECT_EQ(send("external_id=O1&revenue=98.90&code=ann-code").status, 409);
    EXPECT_EQ(send("external_id=O2&revenue=1&code=ann-code", 301).status, 401);
    EXPECT_EQ(send("external_id=O2&revenue=500.01&code=ann-code").status, 422);
    EXPECT_EQ(send("external_id=O2&revenue=1&currency=EUR&code=ann-code").status, 422);
    EXPECT_EQ(send("external_id=O2&revenue=1").status, 422) << "nothing says whose it is";
    EXPECT_EQ(ask("GET", "/postback?key=" + name + "&external_id=O3&code=ann-code").status, 422);
    EXPECT_EQ(ask("GET", "/postback?external_id=O3").status, 401);
    EXPECT_EQ(one(test_sql::conversions), 1);
}

}  // namespace
}  // namespace referral::conversions

#include <filesystem>

#include "links/links.hpp"
#include "testing/database_test.hpp"
#include "testing/routes_test.hpp"

namespace referral::links {
namespace {

namespace json = schema::json;

Instant now() { return testing::at("2026-03-01T12:00:00Z"); }

using testing::Answer;

class RoutesTest : public ::testing::Test {
protected:
    RoutesTest() {
        db::Transaction tx(database.pool());
        programs::ensure_default(tx, now());
        accounts::create(tx,
                         {.email = *accounts::Email::parse("ada@example.com"),
                          .name = *Line<100>::parse("Ada"),
                          .role = accounts::Role::partner},
                         now());
        tx.run_for_effect(allow_hosts);
        tx.commit();
        feed.start();
        feed.wait_until_loaded(std::chrono::seconds(20));
    }

    ~RoutesTest() override {
        feed.stop();
        std::filesystem::remove(snapshot);
    }

    Answer ask(const std::string& method, const std::string& target, const std::string& body = "") {
        return testing::ask(dispatch, {.method = method, .path = target, .body = body});
    }
    static std::string text(const json::value& object, std::string_view name) {
        const json::value& value = object.at(json::string_view(name.data(), name.size()));
        return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
    }

    static constexpr db::Query<db::Nothing()> allow_hosts{
        "update programs set allowed_hosts = '{quote.example.com}'"};

    testing::Database database;
    Directory directory{crypto::SipKey{}};
    const std::filesystem::path snapshot = std::filesystem::temp_directory_path() /
                                           ("routes-" + std::to_string(getpid()) + ".snapshot");
    DirectoryFeed feed{directory, database.pool(), {.snapshot = snapshot}};
    Links links{{.public_url = Url::parse("https://go.example.com").value()}};
    testing::OpenGate gate{{.user_id = 1, .permissions = {"links:read", "links:write"}}};
    http::Dispatch dispatch{routes({links, directory, feed}), gate, database.pool(), now};
};

TEST_F(RoutesTest, CreateALinkThatWorksAtOnce) {
    for (const char* path : {"/links", "/referral/generate"}) {
        const Answer made = ask("POST", path,
                                R"({"destination_url": "https://quote.example.com/start",
                                    "utm": {"source": "mail"}, "visits_max": 3,
                                    "password": "secret", "targets": [{"devices": ["mobile"],
                                    "destination_url": "https://quote.example.com/m"}]})");
        ASSERT_EQ(made.status, 201) << made.text;
        EXPECT_EQ(text(made.body, "short_url"),
                  "https://go.example.com/r/" + text(made.body, "code"));
        EXPECT_EQ(text(made.body, "status"), "active");
        EXPECT_EQ(text(made.body, "user_name"), "Ada");
        EXPECT_EQ(text(made.body, "created_at"), "2026-03-01T12:00:00Z");
        EXPECT_EQ(text(made.body, "last_clicked_at"), "null");
        EXPECT_TRUE(text(made.body, "id").starts_with("lnk_"));
        EXPECT_EQ(made.text.find("secret"), made.text.npos);

        Directory::Reader reader(directory);
        const Entry* entry = reader.find(text(made.body, "code"));
        ASSERT_TRUE(entry);
        EXPECT_TRUE(entry->has_password() && entry->has_visits_max() && entry->asks_device());
        EXPECT_EQ(entry->utm(), "utm_source=mail");
        reader.rest();
        EXPECT_EQ(ask("GET", "/links/" + text(made.body, "id")).text, made.text);
    }
}

TEST_F(RoutesTest, RefuseAllBadFieldsAtOnce) {
    const Answer refused = ask("POST", "/links",
                               R"({"destination_url": "nowhere", "code": "A", "visits_max": 0,
                                   "targets": [{"countries": ["us"]}], "surprise": 1})");
    EXPECT_EQ(refused.status, 422);
    for (const char* field : {"destination_url", "code", "visits_max", "targets.0.countries.0",
                              "targets.0.destination_url", "surprise"})
        EXPECT_NE(refused.text.find("\"field\":\"" + std::string(field) + '"'), refused.text.npos)
            << field << refused.text;
}

TEST_F(RoutesTest, ChangePauseAndActivate) {
    const Answer made = ask("POST", "/links",
                            R"({"destination_url": "https://quote.example.com", "code": "spring",
                                "name": "Spring", "password": "secret"})");
    const std::string path = "/links/" + text(made.body, "id");

    const Answer changed = ask("PATCH", path, R"({"name": null, "password": null})");
    EXPECT_EQ(text(changed.body, "name"), "null");
    EXPECT_EQ(text(changed.body, "has_password"), "false");

    EXPECT_EQ(text(ask("POST", path + "/pause").body, "status"), "paused");
    Directory::Reader reader(directory);
    EXPECT_EQ(reader.find("spring")->state(now()), State::paused);
    reader.rest();
    EXPECT_EQ(ask("POST", path + "/pause").status, 409);
    EXPECT_EQ(text(ask("POST", path + "/activate").body, "status"), "active");
    EXPECT_EQ(ask("POST", path + "/ban").status, 403);
    EXPECT_EQ(ask("PATCH", path, R"({"code": "other"})").status, 422);
    EXPECT_EQ(ask("GET", "/links/lnk_0000000000000").status, 404);
}

TEST_F(RoutesTest, ListWithFiltersAndPages) {
    for (const char* code : {"one", "two", "three"})
        ask("POST", "/links",
            R"({"destination_url": "https://quote.example.com", "code": ")" + std::string(code) +
                "\"}");

    const Answer page = ask("GET", "/links?sort=code&limit=2&status=active");
    ASSERT_EQ(page.status, 200) << page.text;
    EXPECT_EQ(page.body.at("data").as_array().size(), 2u);
    const Answer rest = ask(
        "GET", "/links?sort=code&limit=2&status=active&cursor=" + text(page.body, "next_cursor"));
    ASSERT_EQ(rest.body.at("data").as_array().size(), 1u);
    EXPECT_EQ(text(rest.body.at("data").at(0), "code"), "two");
    EXPECT_EQ(text(rest.body, "next_cursor"), "null");
    EXPECT_EQ(ask("GET", "/links?q=thr").body.at("data").as_array().size(), 1u);
    for (const char* bad : {"sort=x", "limit=0", "limit=201", "status=gone", "cursor=x", "x=1"})
        EXPECT_EQ(ask("GET", "/links?" + std::string(bad)).status, 422) << bad;
}

TEST_F(RoutesTest, SuggestAndDraw) {
    const Answer made = ask(
        "POST", "/links", R"({"destination_url": "https://quote.example.com", "code": "spring"})");
    const std::string path = "/links/" + text(made.body, "id") + "/qr";

    const Answer suggested = ask("GET", "/links/suggestions?code=sprnig");
    EXPECT_EQ(text(suggested.body.at("data").at(0), "short_url"),
              "https://go.example.com/r/spring");
    EXPECT_TRUE(ask("GET", path).text.starts_with("<svg"));
    EXPECT_TRUE(ask("GET", path + "?format=png&size=256").text.starts_with("\x89PNG"));
    EXPECT_EQ(ask("GET", path + "?size=63").status, 422);
    EXPECT_EQ(ask("GET", path + "?format=gif").status, 422);
}

}  // namespace
}  // namespace referral::links

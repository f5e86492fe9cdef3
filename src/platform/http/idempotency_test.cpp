#include "platform/http/idempotency.hpp"

#include "platform/http/dispatch.hpp"
#include "platform/http/route.hpp"
#include "platform/http/tasks.hpp"
#include "testing/database_test.hpp"

namespace referral::http {
namespace {

constexpr db::Query<std::int64_t(std::string)> add_user{R"sql(
    insert into users (email, name, role, created_at, updated_at)
    values ($1, 'Ada', 'partner', now(), now()) returning id
)sql"};
constexpr const char* make_table =
    "create table effects (id bigint); grant insert, select on effects to public";
constexpr db::Query<db::Nothing()> add_effect{"insert into effects values (1)"};
constexpr db::Query<std::int64_t()> count_effects{"select count(*) from effects"};
constexpr db::Query<std::int64_t()> count_keys{"select count(*) from idempotency_keys"};
constexpr db::Query<bool(std::string)> is_stored_in_clear{R"sql(
    select exists (select from idempotency_keys
                   where position(convert_to($1, 'UTF8') in answer) > 0)
)sql"};

/// Turned by the tests.
Instant now = testing::at("2026-03-01T12:00:00Z");

class OneGate : public Gate {
public:
    std::optional<Caller> admit(const Request&, db::Transaction&, Instant) override {
        return caller;
    }
    static constexpr std::array<std::string_view, 1> allowed{"things:write"};
    Caller caller{.permissions = {allowed.begin(), allowed.end()}};
};

class IdempotencyTest : public ::testing::Test {
protected:
    IdempotencyTest() {
        now = testing::at("2026-03-01T12:00:00Z");
        database.owner_pool().connect(std::chrono::seconds(10))->run_script(make_table);
        db::Transaction tx(database.pool());
        gate.caller.user_id = tx.one(add_user, "ada@example.com");
        other_user = tx.one(add_user, "bob@example.com");
        tx.commit();
    }

    /// What the routes of the tests do: an effect, and an answer never given before.
    static File act(Call& call) {
        static int counter = 0;
        call.transaction().run_for_effect(add_effect);
        call.add_header("Location", "/things/" + std::to_string(++counter));
        return {Response::with(200, "text/plain",
                               "secret " + std::to_string(counter) + std::string("\0\xff", 2))};
    }
    static File refuse(Call& call) {
        act(call);
        throw conflict("name", "is taken");
    }
    static File fail(Call& call) {
        act(call);
        throw std::runtime_error("broken");
    }

    RouteTable routes() {
        const auto about = [](const char* name) {
            return About{.name = name, .summary = "Test", .permission = "things:write"};
        };
        About secret = about("secret"), plain = about("plain");
        secret.shows_secret = true;
        plain.idempotent = false;
        return {post("/act", act, about("act")),    post("/refuse", refuse, about("refuse")),
                post("/fail", fail, about("fail")), post("/secret", act, secret),
                post("/plain", act, plain),         get("/act", act, about("look"))};
    }

    Response ask(const std::string& path, const std::string& key, const std::string& body = "",
                 const std::string& method = "POST") {
        std::string raw = method + " /api/v1" + path + " HTTP/1.1\r\nHost: a\r\n";
        if (!key.empty()) raw += "Idempotency-Key: " + key + "\r\n";
        raw += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
        return dispatch.serve(RequestCopy::parse(raw)->request());
    }
    static std::string header(const Response& response, std::string_view name) {
        for (const Header& each : response.headers)
            if (each.name == name) return each.value;
        return "";
    }
    std::int64_t count(const db::Query<std::int64_t()>& query) {
        db::Transaction tx(database.pool());
        return tx.one(query);
    }
    void run_task() {
        const schema::json::value nothing;
        jobs::Run run({.payload = nothing, .now = now, .pool = database.pool()});
        tasks().at(0).work(run);
    }

    testing::Database database;
    OneGate gate;
    std::int64_t other_user = 0;
    Dispatch dispatch{routes(), gate, database.pool(), [] { return now; }};
};

TEST_F(IdempotencyTest, AnswerARepeatWithTheSameBytes) {
    const Response first = ask("/act", "k1", "{}");
    const Response again = ask("/act", "k1", "{}");

    EXPECT_EQ(again.status, first.status);
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(header(again, "Location"), header(first, "Location"));
    EXPECT_EQ(header(again, "Content-Type"), "text/plain");
    EXPECT_EQ(header(first, "Idempotency-Replayed"), "");
    EXPECT_EQ(header(again, "Idempotency-Replayed"), "true");
    EXPECT_EQ(count(count_effects), 1);
}

TEST_F(IdempotencyTest, RefuseTheKeyForAnotherRequest) {
    ask("/act", "k1", "{}");
    for (const auto& [path, body] : std::vector<std::pair<std::string, std::string>>{
             {"/act", "{ }"}, {"/act?x=1", "{}"}, {"/secret", "{}"}}) {
        const Response other = ask(path, "k1", body);
        EXPECT_EQ(other.status, 422) << path << body;
        EXPECT_NE(other.body.find("\"field\":\"Idempotency-Key\""), other.body.npos);
    }
    EXPECT_EQ(count(count_effects), 1);
}

TEST_F(IdempotencyTest, KnowCallersApart) {
    ask("/act", "k1");
    gate.caller.user_id = other_user;
    EXPECT_EQ(header(ask("/act", "k1"), "Idempotency-Replayed"), "");
    EXPECT_EQ(count(count_effects), 2);
}

TEST_F(IdempotencyTest, StoreNoRefusalAndNoFailure) {
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(ask("/refuse", "k1").status, 409);
        EXPECT_EQ(ask("/fail", "k2").status, 500);
    }
    EXPECT_EQ(count(count_effects), 0);
    EXPECT_EQ(count(count_keys), 0);
}

TEST_F(IdempotencyTest, LeaveAloneWhatHasNoKeyOrTakesNone) {
    ask("/act", "");
    ask("/plain", "k1");
    ask("/plain", "k1");
    ask("/act", "k1", "", "GET");
    EXPECT_EQ(count(count_effects), 4);
    EXPECT_EQ(count(count_keys), 0);
}

TEST_F(IdempotencyTest, RefuseKeysThatAreNone) {
    const std::string longest(255, 'k');
    EXPECT_EQ(ask("/act", longest).status, 200);
    for (const std::string& key : {longest + "k", std::string("a\tb"), std::string("caf\xc3\xa9"),
                                   std::string("a\r\nIdempotency-Key: b")})
        EXPECT_EQ(ask("/act", key).status, 422) << key;
    EXPECT_EQ(count(count_effects), 1);
}

TEST_F(IdempotencyTest, TellThatTheFirstIsInProgress) {
    db::Transaction first(database.pool());
    const auto request =
        RequestCopy::parse("POST /api/v1/act HTTP/1.1\r\nHost: a\r\nIdempotency-Key: k1\r\n\r\n");
    Call call(request->request(), now, database.pool());
    call.set_caller(gate.caller);
    ASSERT_TRUE(RepeatableWrite::begin(call, routes().at(0), {}));

    const Response second = ask("/act", "k1");

    EXPECT_EQ(second.status, 409);
    EXPECT_EQ(header(second, "Retry-After"), "1");
    EXPECT_NE(second.body.find("\"field\":\"Idempotency-Key\""), second.body.npos);
}

TEST_F(IdempotencyTest, KeepAnswersFor30DaysAndSecretsForOne) {
    ask("/act", "k1");
    ask("/secret", "k2");
    now += std::chrono::days(1);
    run_task();
    EXPECT_EQ(count(count_keys), 1);
    now += std::chrono::days(28);
    EXPECT_EQ(header(ask("/act", "k1"), "Idempotency-Replayed"), "true");

    now += std::chrono::days(1);
    EXPECT_EQ(header(ask("/act", "k1"), "Idempotency-Replayed"), "") << "before it is removed";
    EXPECT_EQ(header(ask("/act", "k1"), "Idempotency-Replayed"), "true");
    EXPECT_EQ(count(count_effects), 3);
}

TEST_F(IdempotencyTest, StoreAnswersSealed) {
    ask("/secret", "k1");
    db::Transaction tx(database.pool());
    EXPECT_FALSE(tx.one(is_stored_in_clear, "secret"));
}

TEST_F(IdempotencyTest, SayThatAnAnswerCanNoLongerBeRead) {
    ask("/act", "k1");
    Dispatch other_key{routes(), gate, database.pool(), [] { return now; },
                       DispatchOptions{.key = {1, 2, 3}}};
    const auto request = RequestCopy::parse(
        "POST /api/v1/act HTTP/1.1\r\nHost: a\r\nIdempotency-Key: k1\r\n"
        "Content-Length: 0\r\n\r\n");

    EXPECT_EQ(other_key.serve(request->request()).status, 409);
    EXPECT_EQ(count(count_effects), 1);
}

}  // namespace
}  // namespace referral::http

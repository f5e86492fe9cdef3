#include "testing/routes_test.hpp"
#include "operations/operations.hpp"
#include "platform/jobs/cron.hpp"
#include "testing/database_test.hpp"

namespace referral::operations {
namespace {

namespace json = schema::json;

Instant now() { return testing::at("2026-03-01T12:00:00Z"); }

using testing::Answer;

class Operations : public ::testing::Test {
protected:
    Answer ask(const std::string& method, const std::string& target) {
        return testing::ask(dispatch, {.method = method, .path = target});
    }
    std::string add(const std::string& state) {
        static constexpr db::Query<jobs::JobId(std::string, Instant)> insert{
            "insert into jobs (kind, state, run_at, created_at, updated_at) "
            "values ('job-counts.forget', $1, $2, $2, $2) returning id"};
        db::Transaction tx(database.pool());
        const auto id = tx.one(insert, state, now());
        tx.commit();
        return id.text();
    }

    testing::Database database;
    const jobs::JobTable kinds = tasks();
    testing::OpenGate gate{{.user_id = 1, .permissions = {"jobs:read", "jobs:write"}}};
    http::Dispatch dispatch{routes({.kinds = kinds, .schedules = schedules()}), gate,
                            database.pool(), now};
};

TEST_F(Operations, ShowJobs) {
    const std::string dead = add("dead"), waiting = add("waiting");

    EXPECT_EQ(ask("GET", "/jobs").body.at("data").as_array().size(), 2u);
    EXPECT_EQ(ask("GET", "/jobs?state=dead").body.at("data").at(0).at("id").as_string(), dead);
    EXPECT_EQ(ask("GET", "/jobs/" + waiting).body.at("state").as_string(), "waiting");
    EXPECT_EQ(ask("GET", "/jobs/job_0000000000000").status, 404);
}

TEST_F(Operations, ReplayAndDiscardJobs) {
    const std::string one = add("dead"), two = add("dead");

    EXPECT_EQ(ask("POST", "/jobs/" + one + "/replay").body.at("state").as_string(), "waiting");
    EXPECT_EQ(ask("POST", "/jobs/" + one + "/replay").status, 409);
    EXPECT_EQ(ask("POST", "/jobs/" + two + "/discard").status, 204);
    EXPECT_EQ(ask("GET", "/jobs/" + two).status, 404);
}

TEST_F(Operations, ShowQueuesWithTheirMeaning) {
    add("waiting");

    const json::value body = ask("GET", "/job-queues").body;

    const json::value& row = body.at("data").at(0);
    EXPECT_EQ(row.at("kind").as_string(), "job-counts.forget");
    EXPECT_EQ(row.at("waiting").as_int64(), 1);
    EXPECT_FALSE(row.at("meaning").as_string().empty());
}

TEST_F(Operations, ShowSchedulesThatHaveBegun) {
    EXPECT_EQ(ask("GET", "/job-schedules").body.at("data").as_array().size(), 0u);
}

TEST_F(Operations, WantPermission) {
    gate.caller.permissions = {"jobs:read"};

    EXPECT_EQ(ask("GET", "/jobs").status, 200);
    EXPECT_EQ(ask("POST", "/jobs/" + add("dead") + "/replay").status, 403);
}

TEST_F(Operations, ScheduleKindsThatAreThere) {
    for (const jobs::Schedule& schedule : schedules()) {
        EXPECT_TRUE(jobs::Cron::parse(schedule.cron)) << schedule.name;
        EXPECT_TRUE(std::ranges::count(kinds, schedule.kind, &jobs::JobKind::name))
            << schedule.name;
    }
}

}  // namespace
}  // namespace referral::operations

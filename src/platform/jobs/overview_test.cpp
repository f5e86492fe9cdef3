#include "platform/jobs/overview.hpp"

#include "platform/jobs/queries.hpp"
#include "testing/database_test.hpp"

namespace referral::jobs {
namespace {

using testing::at, testing::refused;

class JobOverview : public testing::DatabaseTest {
protected:
    const Instant now = at("2026-03-01T12:00:00Z");

    JobId add(std::string_view kind = "notes.make", std::string key = "") {
        return enqueue(tx, {.kind = kind, .unique_key = std::move(key)}, now).value();
    }
    JobId dead(std::string_view kind = "notes.make", std::string key = "") {
        const JobId id = add(kind, std::move(key));
        tx.run_for_effect(sql::bury, id, now);
        return id;
    }
    void running(JobId id) {
        static constexpr db::Query<db::Nothing(JobId)> lease{
            "update jobs set state = 'running', locked_by = 1, locked_until = now() where id = $1"};
        tx.run_for_effect(lease, id);
    }
};

TEST_F(JobOverview, ListsTheNewestFirstPageByPage) {
    std::vector<JobId> ids;
    for (int i = 0; i < 5; ++i) ids.push_back(add());
    JobFilter filter{.kind = "notes.make", .limit = {2}};

    std::vector<JobId> seen;
    for (;;) {
        const JobPage page = list(tx, filter);
        for (const Job& job : page.jobs) seen.push_back(job.id);
        if (!page.next_cursor) break;
        filter.cursor = schema::Cursor::parse(*page.next_cursor);
    }

    std::ranges::reverse(ids);
    EXPECT_EQ(seen, ids);
    filter.cursor = schema::Cursor({"x"});
    EXPECT_THAT([&] { list(tx, filter); }, refused(Refusal::invalid, "cursor"));
}

TEST_F(JobOverview, FiltersByState) {
    add();
    const JobId gone = dead();

    const auto page = list(tx, {.state = State::dead});

    ASSERT_EQ(page.jobs.size(), 1u);
    EXPECT_EQ(page.jobs[0].id, gone);
}

TEST_F(JobOverview, ReplaysTheDeadOnly) {
    const JobId gone = dead();

    const Job again = replay(tx, gone, now);

    EXPECT_EQ(again.state, State::waiting);
    EXPECT_EQ(again.attempts, 0);
    EXPECT_THAT([&] { replay(tx, gone, now); }, refused(Refusal::conflict, "id"));
    EXPECT_THAT([&] { replay(tx, JobId{999'999}, now); }, refused(Refusal::not_found, "id"));
}

TEST_F(JobOverview, ReplaysNoneWhoseKeyWaitsAgain) {
    const JobId gone = dead("notes.make", "k");
    add("notes.make", "k");

    EXPECT_THAT([&] { replay(tx, gone, now); }, refused(Refusal::conflict, "id"));
}

TEST_F(JobOverview, DiscardsWhatDoesNotRun) {
    const JobId at_work = add();
    running(at_work);

    discard(tx, add());
    discard(tx, dead());

    EXPECT_THAT([&] { discard(tx, at_work); }, refused(Refusal::conflict, "id"));
    EXPECT_THAT([&] { discard(tx, JobId{999'999}); }, refused(Refusal::not_found, "id"));
}

TEST_F(JobOverview, CountsQueues) {
    add();
    add();
    dead();
    running(add());
    tx.run_for_effect(sql::add_counts, "notes.make", now, 10, 2, 1, 3);
    tx.run_for_effect(sql::add_counts, "notes.make", now, 5, 0, 0, 0);
    tx.run_for_effect(sql::add_counts, "notes.make", now - std::chrono::hours(30), 100, 0, 0, 0);

    const auto rows = queues(tx, {"notes.make", "notes.none"}, now);

    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(rows[0].waiting, 2);
    EXPECT_EQ(rows[0].running, 1);
    EXPECT_EQ(rows[0].dead, 1);
    EXPECT_EQ(rows[0].done_24h, 15);
    EXPECT_EQ(rows[0].failed_24h, 3);
    EXPECT_EQ(rows[0].lost_24h, 3);
    EXPECT_EQ(rows[0].oldest_at, now);
    EXPECT_EQ(rows[1].waiting + rows[1].done_24h, 0);
    EXPECT_FALSE(rows[1].oldest_at);
}

constexpr db::Query<std::int64_t()> count_counts{"select count(*) from job_counts"};

TEST_F(JobOverview, ForgetsCountsAfterAMonth) {
    tx.run_for_effect(sql::add_counts, "notes.make", now, 1, 0, 0, 0);
    tx.run_for_effect(sql::add_counts, "notes.make", now - std::chrono::days(32), 1, 0, 0, 0);

    forget_old_counts(tx, now);

    EXPECT_EQ(tx.one(count_counts), 1);
}

TEST_F(JobOverview, AJobPutBackGivesWayToTheOneThatWaits) {
    const JobId first = add("notes.make", "k");
    running(first);
    tx.run_for_effect(sql::note_failure, first, 1, 5, "spoilt");
    const JobId second = add("notes.make", "k");

    EXPECT_FALSE(tx.one(sql::put_back, first, now, now));

    EXPECT_THAT([&] { get(tx, first); }, refused(Refusal::not_found, "id"));
    EXPECT_EQ(get(tx, second).attempts, 5);
    EXPECT_EQ(get(tx, second).last_error, "spoilt");
}

}  // namespace
}  // namespace referral::jobs

#include "platform/jobs/runner.hpp"

#include "platform/jobs/bell.hpp"
#include "platform/jobs/runner_fixture_test.hpp"

namespace referral::jobs {
namespace {

TEST_F(Runners, DoEachJobOnce) {
    {
        db::Transaction tx(database.pool());
        for (int i = 0; i < 1'000; ++i)
            enqueue(tx, {.kind = "notes.make", .payload = {{"number", i}}}, system_now());
        tx.commit();
    }

    const Runner& one = run({note("notes.make")});
    const Runner& two = run({note("notes.make")});

    EXPECT_TRUE(eventually([&] { return count(sql::jobs_left) == 0; }));
    EXPECT_EQ(count(sql::effects), 1'000);
    EXPECT_EQ(count(sql::doubled), 0);
    EXPECT_TRUE(eventually([&] {
        return one.tally().count("notes.make", Outcome::done) +
                   two.tally().count("notes.make", Outcome::done) ==
               1'000;
    }));
}

TEST_F(Runners, DoJobsOfKindsThatAreNotTransactional) {
    for (int i = 0; i < 10; ++i) add("notes.make", i);

    run({note("notes.make", false)});

    EXPECT_TRUE(eventually([&] { return count(sql::jobs_left) == 0; }));
    EXPECT_EQ(count(sql::effects), 10);
}

TEST_F(Runners, SeeNothingOfWhatWasRolledBack) {
    {
        db::Transaction tx(database.pool());
        EXPECT_TRUE(enqueue(tx, {.kind = "notes.make"}, system_now()));
    }
    EXPECT_EQ(count(sql::jobs_left), 0);
}

TEST_F(Runners, KeepOneOfAKeyWaiting) {
    const NewJob unique{.kind = "notes.make", .payload = {{"number", 1}}, .unique_key = "k"};
    EXPECT_NE(add(unique).value, 0);
    EXPECT_EQ(add(unique).value, 0);
    EXPECT_NE(add({.kind = "notes.other", .unique_key = "k"}).value, 0);

    run({note("notes.make")});

    EXPECT_TRUE(eventually([&] { return count(sql::jobs_left) == 1; }));
    EXPECT_NE(add(unique).value, 0) << "the one that is done is not in the way";
}

TEST_F(Runners, WaitUntilAJobIsDue) {
    add({.kind = "notes.make",
         .payload = {{"number", 1}},
         .run_at = system_now() + std::chrono::minutes(5)});
    add("notes.make", 2);

    run({note("notes.make")});

    EXPECT_TRUE(eventually([&] { return count(sql::effects) == 1; }));
    EXPECT_EQ(count(sql::jobs_left), 1);
}

TEST_F(Runners, LeaveKindsTheyDoNotKnow) {
    add("notes.other");
    add("notes.make");

    run({note("notes.make")});

    EXPECT_TRUE(eventually([&] { return count(sql::jobs_left) == 1; }));
}

TEST_F(Runners, WriteWhatBecameOfJobs) {
    for (int i = 0; i < 5; ++i) add("notes.make", i);

    run({note("notes.make")});

    EXPECT_TRUE(eventually([&] {
        db::Transaction tx(database.pool());
        return queues(tx, {"notes.make"}, system_now()).at(0).done_24h == 5;
    }));
}

TEST_F(Runners, HearOfJobsAtOnce) {
    Runner::Settings patient = settings();
    patient.poll_interval = std::chrono::hours(1);
    Bell bell(database.pool());
    database.pool().on_announced([&] { bell.ring(); });
    Runner& runner = run({note("notes.make")}, {}, patient);

    for (int i = 1; i <= 5; ++i) {
        add("notes.make", i);
        EXPECT_TRUE(eventually([&] { return count(sql::effects) == i; }));
    }
    runner.stop(patience);
    database.pool().on_announced({});
}

TEST_F(Runners, AddScheduledJobsOnceATickWhateverTheirNumber) {
    std::vector<Schedule> schedules{{"hourly", "notes.count", "0 * * * *", "UTC"},
                                    {"first", "notes.count", "0 0 1 1 *", "UTC", true}};
    JobKind kind{.name = "notes.count", .meaning = "", .work = [](jobs::Run& run) {
                     const bool hourly = run.payload().at("schedule").as_string() == "hourly";
                     run.transaction().run_for_effect(sql::note, hourly ? 1 : 2);
                 }};
    for (int i = 0; i < 3; ++i) run({kind}, schedules);
    ASSERT_TRUE(eventually([&] { return count(sql::effects) == 1; })) << "the one for new ones";

    for (int tick = 1; tick <= 3; ++tick) {
        script("update job_schedules set next_at = now() where name = 'hourly'");
        EXPECT_TRUE(eventually([&] { return count(sql::effects) == 1 + tick; }));
    }

    db::Transaction tx(database.pool());
    const auto rows = jobs::schedules(tx, {"hourly", "first", "no such"});
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_GT(rows[1].next_at, system_now());
    EXPECT_EQ(count(sql::effects), 4);
}

TEST_F(Runners, BeginAChangedScheduleAnew) {
    JobKind kind = note("notes.make");
    run({kind}, {{"s", "notes.make", "0 0 1 1 *", "UTC"}});
    const auto row = [&] {
        db::Transaction tx(database.pool());
        const auto rows = schedules(tx, {"s"});
        return rows.empty() ? ScheduleRow{} : rows[0];
    };
    ASSERT_TRUE(eventually([&] { return row().cron == "0 0 1 1 *"; }));

    run({kind}, {{"s", "notes.make", "0 0 2 1 *", "America/Chicago"}});

    EXPECT_TRUE(eventually([&] { return row().timezone == "America/Chicago"; }));
    EXPECT_EQ(to_text(row().next_at).substr(5), "01-02T06:00:00Z");
}

TEST_F(Runners, RefuseASchedulesThatCannotBe) {
    for (const Schedule& schedule :
         std::vector<Schedule>{{"s", "notes.make", "0 0 31 2 *", "UTC"},
                               {"s", "notes.make", "0 0 1 1 *", "Mars/Olympus"},
                               {"s", "notes.other", "0 0 1 1 *", "UTC"}})
        EXPECT_THROW(Runner({note("notes.make")}, {schedule}, database.pool(), settings()),
                     std::invalid_argument);
}

}  // namespace
}  // namespace referral::jobs

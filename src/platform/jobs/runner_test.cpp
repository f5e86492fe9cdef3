#include "platform/jobs/runner.hpp"

#include <future>

#include "platform/jobs/bell.hpp"
#include "testing/database_test.hpp"

namespace referral::jobs {
namespace {

using std::chrono::milliseconds, std::chrono::seconds, std::chrono::minutes;

constexpr seconds patience{20};

Instant system_now() {
    return std::chrono::time_point_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now());
}

namespace sql {
constexpr db::Query<db::Nothing(std::int64_t)> note{"insert into effects (number) values ($1)"};
constexpr db::Query<std::int64_t()> effects{"select count(*) from effects"};
constexpr db::Query<std::int64_t()> doubled{
    "select count(*) from (select from effects group by number having count(*) > 1) d"};
constexpr db::Query<std::int64_t()> jobs_left{"select count(*) from jobs"};
}  // namespace sql

/// A database with a table of effects, and runners that work on it.
class Runners : public ::testing::Test {
protected:
    Runners() { script("create table effects (number bigint, by text default '')"); }

    void script(const std::string& statement) {
        database.pool().connect(seconds(10))->run_script(statement);
    }
    std::int64_t count(const db::Query<std::int64_t()>& query) {
        db::Transaction tx(database.pool());
        return tx.one(query);
    }
    template <class Condition>
    bool eventually(Condition condition) {
        const auto end = std::chrono::steady_clock::now() + patience;
        while (!condition()) {
            if (std::chrono::steady_clock::now() > end) return false;
            std::this_thread::sleep_for(milliseconds(2));
        }
        return true;
    }
    JobId add(NewJob job) {
        db::Transaction tx(database.pool());
        const auto id = enqueue(tx, job, system_now());
        tx.commit();
        return id.value_or(JobId{});
    }
    JobId add(std::string_view kind, std::int64_t number = 1) {
        return add({.kind = kind, .payload = {{"number", number}}});
    }
    Job job(JobId id) {
        db::Transaction tx(database.pool());
        return get(tx, id);
    }
    static JobKind note(std::string name, bool transactional = true) {
        return {.name = std::move(name),
                .meaning = "Notes a number",
                .work =
                    [transactional](jobs::Run& run) {
                        const std::int64_t number = run.payload().at("number").as_int64();
                        if (transactional) {
                            run.transaction().run_for_effect(sql::note, number);
                            return;
                        }
                        db::Transaction tx(run.pool());
                        tx.run_for_effect(sql::note, number);
                        tx.commit();
                    },
                .transactional = transactional};
    }
    Runner::Settings settings() {
        return {.clock = system_now,
                .workers = 2,
                .poll_interval = milliseconds(20),
                .lease = milliseconds(600),
                .counts_interval = milliseconds(50),
                .first_pause = milliseconds(5)};
    }
    Runner& run(JobTable kinds, const std::vector<Schedule>& schedules = {}) {
        return run(std::move(kinds), schedules, settings());
    }
    Runner& run(JobTable kinds, const std::vector<Schedule>& schedules,
                const Runner::Settings& with) {
        auto& runner = *runners.emplace_back(
            std::make_unique<Runner>(std::move(kinds), schedules, database.pool(), with));
        runner.start();
        return runner;
    }

    testing::Database database;
    std::vector<std::unique_ptr<Runner>> runners;
};

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
    add({.kind = "notes.make", .payload = {{"number", 1}}, .run_at = system_now() + minutes(5)});
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

TEST_F(Runners, TryAgainWhatFailedAndThenGiveUp) {
    std::atomic<int> tries = 0;
    const JobId poison = add("notes.spoil");
    for (int i = 0; i < 200; ++i) add("notes.make", i);

    Runner& runner = run({note("notes.make"),
                          {.name = "notes.spoil",
                           .meaning = "Fails",
                           .work =
                               [&](jobs::Run& run) {
                                   run.transaction().run_for_effect(sql::note, 1'000);
                                   EXPECT_EQ(run.attempt(), ++tries);
                                   throw std::runtime_error("spoilt \xff");
                               },
                           .attempts_max = 4}});

    EXPECT_TRUE(eventually([&] { return job(poison).state == State::dead; }));
    EXPECT_TRUE(eventually([&] { return count(sql::effects) == 200; })) << "others go on";
    EXPECT_EQ(tries, 4);
    EXPECT_EQ(job(poison).attempts, 4);
    EXPECT_EQ(job(poison).last_error, "spoilt \xef\xbf\xbd");
    EXPECT_EQ(runner.tally().count("notes.spoil", Outcome::failed), 3u);
    EXPECT_EQ(runner.tally().count("notes.spoil", Outcome::dead), 1u);
}

TEST_F(Runners, GiveUpAtOnceWhenToldTo) {
    const JobId id = add("notes.make");

    run({{.name = "notes.make", .meaning = "", .work = [](jobs::Run&) { throw GiveUp("no use"); }}});

    EXPECT_TRUE(eventually([&] { return job(id).state == State::dead; }));
    EXPECT_EQ(job(id).attempts, 1);
}

TEST_F(Runners, TakeASharedTransactionApartWhenOneJobFails) {
    JobKind kind = note("notes.make");
    kind.attempts_max = 2;
    kind.work = [work = kind.work](jobs::Run& run) {
        work(run);
        if (run.payload().at("number").as_int64() % 100 == 50) throw std::runtime_error("spoilt");
    };
    {
        db::Transaction tx(database.pool());
        for (int i = 0; i < 1'000; ++i)
            enqueue(tx, {.kind = "notes.make", .payload = {{"number", i}}}, system_now());
        tx.commit();
    }

    run({kind});

    EXPECT_TRUE(eventually([&] { return count(sql::effects) == 990; }));
    EXPECT_EQ(count(sql::doubled), 0);
    EXPECT_TRUE(eventually([&] {
        db::Transaction tx(database.pool());
        return list(tx, {.state = State::dead}).jobs.size() == 10;
    }));
}

TEST_F(Runners, FailAJobThatIsOverItsTime) {
    std::promise<void> release;
    auto released = release.get_future().share();
    std::atomic<int> stopping_seen = 0;
    JobKind slow{.name = "notes.dawdle",
                 .meaning = "",
                 .work =
                     [&](jobs::Run& run) {
                         run.transaction().run_for_effect(sql::note, 7);
                         released.wait();
                         stopping_seen += run.stopping();
                     },
                 .attempts_max = 1,
                 .time_max = seconds(0)};
    const JobId one = add("notes.dawdle"), two = add("notes.dawdle");

    Runner& runner = run({slow, note("notes.make")});
    EXPECT_TRUE(eventually([&] {
        return job(one).state == State::dead && job(two).state == State::dead;
    }));
    add("notes.make", 8);
    EXPECT_TRUE(eventually([&] { return count(sql::effects) == 1; }))
        << "other threads took the place of those that hang";
    release.set_value();
    runner.stop(patience);

    EXPECT_EQ(count(sql::effects), 1) << "what came too late is rolled back";
    EXPECT_EQ(stopping_seen, 2);
    EXPECT_EQ(job(one).last_error, "took longer than 0 s");
}

TEST_F(Runners, RecoverWhatVanishedWorkersHad) {
    for (int i = 0; i < 300; ++i) add("notes.make", i);
    script("update jobs set state = 'running', locked_by = 5, "
           "locked_until = now() - interval '1 second'");

    Runner& runner = run({note("notes.make")});

    EXPECT_TRUE(eventually([&] { return count(sql::jobs_left) == 0; }));
    EXPECT_EQ(count(sql::effects), 300);
    EXPECT_EQ(runner.tally().count("notes.make", Outcome::lost), 300u);
}

TEST_F(Runners, GiveUpWhatTakesItsWorkerWithItEachTime) {
    const JobId id = add("notes.make");
    script("update jobs set attempts = 12, losses = 13");

    run({note("notes.make")});

    EXPECT_TRUE(eventually([&] { return job(id).state == State::dead; }));
    EXPECT_EQ(count(sql::effects), 0);
}

TEST_F(Runners, RenewLeasesWhileTheWorkGoesOn) {
    std::promise<void> release;
    auto released = release.get_future().share();
    JobKind slow = note("notes.make");
    slow.work = [&, work = slow.work](jobs::Run& run) {
        released.wait();
        work(run);
    };
    const JobId id = add("notes.make", 1);
    run({slow});
    run({slow});
    ASSERT_TRUE(eventually([&] { return job(id).state == State::running; }));

    const auto end = std::chrono::steady_clock::now() + 3 * settings().lease;
    while (std::chrono::steady_clock::now() < end) {
        ASSERT_EQ(job(id).losses, 0);
        std::this_thread::sleep_for(milliseconds(20));
    }
    release.set_value();

    EXPECT_TRUE(eventually([&] { return count(sql::jobs_left) == 0; }));
    EXPECT_EQ(count(sql::effects), 1);
}

TEST_F(Runners, EndWhatIsAtWorkAndGiveBackTheRestWhenStopped) {
    std::promise<void> begun;
    std::atomic<bool> first = true;
    JobKind kind = note("notes.make");
    kind.work = [&, work = kind.work](jobs::Run& run) {
        if (first.exchange(false)) begun.set_value();
        while (!run.stopping()) std::this_thread::yield();
        work(run);
    };
    for (int i = 0; i < 10; ++i) add("notes.make", i);
    Runner& runner = run({kind});
    begun.get_future().wait();

    runner.stop(patience);

    const auto done = count(sql::effects);
    EXPECT_GE(done, 1);
    EXPECT_LE(done, 2);
    db::Transaction tx(database.pool());
    const auto left = list(tx, {.state = State::waiting}).jobs;
    EXPECT_EQ(std::ssize(left), 10 - done);
    for (const Job& each : left) EXPECT_EQ(each.attempts + each.losses, 0);
}

TEST_F(Runners, DoNotCountAJobThatStopsWhenToldTo) {
    std::promise<void> begun;
    JobKind kind{.name = "notes.make", .meaning = "", .work = [&](jobs::Run& run) {
                     run.progress(3, 10);
                     begun.set_value();
                     while (!run.stopping()) std::this_thread::yield();
                     throw Stopped();
                 }};
    const JobId id = add("notes.make");
    Runner& runner = run({kind});
    begun.get_future().wait();
    EXPECT_EQ(job(id).progress_done, 3);
    EXPECT_EQ(job(id).progress_total, 10);

    runner.stop(patience);

    EXPECT_EQ(job(id).state, State::waiting);
    EXPECT_EQ(job(id).attempts, 0);
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
    run({note("notes.make")}, {}, patient);
    Bell bell(database.pool());
    database.pool().on_announced([&] { bell.ring(); });

    for (int i = 1; i <= 5; ++i) {
        add("notes.make", i);
        EXPECT_TRUE(eventually([&] { return count(sql::effects) == i; }));
    }
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

TEST_F(Runners, GoOnWhenConnectionsAreCut) {
    std::atomic<bool> cut = false;
    JobKind kind = note("notes.make");
    kind.work = [&, work = kind.work](jobs::Run& run) {
        work(run);
        if (!cut.exchange(true))
            script("select pg_terminate_backend(pid) from pg_stat_activity "
                   "where pid <> pg_backend_pid() and datname = current_database()");
    };
    for (int i = 0; i < 100; ++i) add("notes.make", i);

    run({kind});

    EXPECT_TRUE(eventually([&] {
        try {
            return count(sql::jobs_left) == 0;
        } catch (const db::Error&) {
            return false;
        }
    }));
    EXPECT_EQ(count(sql::effects), 100);
    EXPECT_EQ(count(sql::doubled), 0);
}

}  // namespace
}  // namespace referral::jobs

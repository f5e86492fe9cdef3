/// What runners do when jobs fail, hang or vanish, and when they are told to stop.

#include <future>

#include "platform/jobs/runner_fixture_test.hpp"

namespace referral::jobs {
namespace {

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

    run({{.name = "notes.make", .meaning = "", .work = [](jobs::Run&) {
              throw GiveUp("no use");
          }}});

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
    EXPECT_TRUE(
        eventually([&] { return job(one).state == State::dead && job(two).state == State::dead; }));
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
    script(
        "update jobs set state = 'running', locked_by = 5, "
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

TEST_F(Runners, GoOnWhenConnectionsAreCut) {
    std::atomic<bool> cut = false;
    JobKind kind = note("notes.make");
    kind.work = [&, work = kind.work](jobs::Run& run) {
        work(run);
        if (!cut.exchange(true))
            script(
                "select pg_terminate_backend(pid) from pg_stat_activity "
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

#pragma once

#include "platform/jobs/runner.hpp"
#include "testing/database_test.hpp"

namespace referral::jobs {

using std::chrono::milliseconds, std::chrono::seconds;

inline constexpr seconds patience{20};

inline Instant system_now() {
    return std::chrono::time_point_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now());
}

namespace sql {
inline constexpr db::Query<db::Nothing(std::int64_t)> note{
    "insert into effects (number) values ($1)"};
inline constexpr db::Query<std::int64_t()> effects{"select count(*) from effects"};
inline constexpr db::Query<std::int64_t()> doubled{
    "select count(*) from (select from effects group by number having count(*) > 1) d"};
inline constexpr db::Query<std::int64_t()> jobs_left{"select count(*) from jobs"};
}  // namespace sql

/// A database with a table of effects, and runners that work on it.
class Runners : public ::testing::Test {
protected:
    Runners() {
        script(
            "create table effects (number bigint, by text default ''); "
            "grant all on effects to referral_app");
    }

    /// As the owner.
    void script(const std::string& statement) {
        database.owner_pool().connect(seconds(10))->run_script(statement);
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

}  // namespace referral::jobs

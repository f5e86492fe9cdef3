/// The queue of jobs without the rest of the program, for tests and measurements:
///
///     job_program migrate URL                    the schema, and the tables that tests look at
///     job_program work URL [THREADS [LEASE_MS]]  runs jobs until SIGTERM
///     job_program add URL KIND COUNT [FIRST]     adds jobs with numbers from FIRST on
///     job_program rollback URL COUNT             COUNT transactions, of which every second commits
///     job_program latency URL COUNT              adds jobs one by one; how long until each began
///     job_program take URL COUNT                 takes and ends jobs one by one; how long each
///     took

#include <signal.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "base/text.hpp"
#include "platform/db/migrations.hpp"
#include "platform/db/transaction.hpp"
#include "platform/jobs/bell.hpp"
#include "platform/jobs/runner.hpp"

namespace {

using namespace std::chrono_literals;
namespace db = referral::db;
namespace jobs = referral::jobs;
using referral::Instant, referral::parse_int;

Instant system_now() {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

constexpr const char* tables = R"sql(
    create table effects (number bigint not null, attempt integer not null, note text not null,
                          began_at timestamptz not null);
    create index effects_number on effects (number);
)sql";

constexpr db::Query<db::Nothing(std::int64_t, int, std::string, Instant)> insert_effect{
    "insert into effects (number, attempt, note, began_at) values ($1, $2, $3, $4)"};
constexpr db::Query<std::optional<Instant>(std::int64_t)> began_at{
    "select max(began_at) from effects where number = $1"};

std::int64_t number_of(const jobs::Run& run) {
    const auto* number = run.payload().as_object().if_contains("number");
    return number ? number->as_int64() : 0;
}

void make_effect(db::Transaction& tx, const jobs::Run& run, const std::string& note = "") {
    tx.run_for_effect(insert_effect, number_of(run), run.attempt(), note, run.now());
}

jobs::JobTable kinds() {
    return {
        {.name = "nothing.do", .meaning = "", .work = [](jobs::Run&) {}},
        {.name = "effects.make",
         .meaning = "",
         .work =
             [](jobs::Run& run) {
                 std::this_thread::sleep_for(1ms);
                 make_effect(run.transaction(), run);
             }},
        {.name = "effects.repeat",
         .meaning = "",
         .work =
             [](jobs::Run& run) {
                 db::Transaction tx(run.pool());
                 make_effect(tx, run);
                 tx.commit();
             },
         .transactional = false},
        {.name = "poison.throw",
         .meaning = "",
         .work =
             [](jobs::Run& run) {
                 make_effect(run.transaction(), run);
                 throw std::runtime_error("poison");
             },
         .attempts_max = 3},
        {.name = "poison.crash",
         .meaning = "",
         .work = [](jobs::Run&) { raise(SIGKILL); },
         .attempts_max = 2},
        {.name = "poison.dawdle",
         .meaning = "",
         .work =
             [](jobs::Run& run) {
                 make_effect(run.transaction(), run);
                 std::this_thread::sleep_for(3s);
             },
         .attempts_max = 2,
         .time_max = 1s},
        {.name = "ticks.note",
         .meaning = "",
         .work =
             [](jobs::Run& run) {
                 make_effect(run.transaction(), run,
                             std::string(run.payload().at("schedule").as_string()) + " " +
                                 std::string(run.payload().at("tick").as_string()));
             }},
    };
}

/// Around the changes of the clock in Chicago.
std::vector<jobs::Schedule> schedules() {
    return {{"daily", "ticks.note", "30 2 * * *", "America/Chicago"},
            {"early", "ticks.note", "30 1 * * *", "America/Chicago"},
            {"hourly", "ticks.note", "0 * * * *", "America/Chicago"}};
}

int migrate(db::Pool& pool) {
    db::migrate(pool);
    pool.connect(10s)->run_script(tables);
    return 0;
}

int work(const std::string& url, std::size_t threads, std::chrono::milliseconds lease) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    db::Pool pool({.url = url}, jobs::Runner::connections_for(threads));
    jobs::Runner runner(kinds(), schedules(), pool,
                        {.clock = system_now,
                         .workers = threads,
                         .lease = lease,
                         .counts_interval = 500ms,
                         .first_pause = 100ms});
    runner.start();
    std::puts("ready");
    std::fflush(stdout);
    int signal = 0;
    sigwait(&signals, &signal);
    runner.stop(10s);
    return 0;
}

int add(db::Pool& pool, const char* kind, std::int64_t count, std::int64_t first) {
    constexpr std::int64_t in_one = 1'000;
    jobs::Bell bell(pool);
    pool.on_announced([&] { bell.ring(); });
    for (std::int64_t i = 0; i < count; i += in_one) {
        db::Transaction tx(pool);
        for (std::int64_t j = i; j < std::min(i + in_one, count); ++j)
            jobs::enqueue(tx, {.kind = kind, .payload = {{"number", first + j}}}, system_now());
        tx.commit();
    }
    std::this_thread::sleep_for(20ms);  // For the bell.
    return 0;
}

int roll_back(db::Pool& pool, std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) {
        db::Transaction tx(pool);
        jobs::enqueue(tx, {.kind = "effects.make", .payload = {{"number", i}}}, system_now());
        if (i % 2 == 0) tx.commit();
    }
    return 0;
}

void print_percentiles(std::vector<double> took_ms) {
    std::ranges::sort(took_ms);
    const auto at = [&](double part) {
        return took_ms[static_cast<std::size_t>(part * static_cast<double>(took_ms.size() - 1))];
    };
    std::printf("%zu p50 %.2f p99 %.2f max %.2f\n", took_ms.size(), at(.5), at(.99), at(1));
}

int latency(db::Pool& pool, std::int64_t count) {
    jobs::Bell bell(pool);
    pool.on_announced([&] { bell.ring(); });
    std::vector<double> took_ms;
    for (std::int64_t i = 1; i <= count; ++i) {
        std::this_thread::sleep_for(30ms);
        Instant committed;
        {
            db::Transaction tx(pool);
            jobs::enqueue(tx, {.kind = "effects.make", .payload = {{"number", -i}}}, system_now());
            tx.commit();
            committed = system_now();
        }
        std::optional<Instant> began;
        while (!began) {
            std::this_thread::sleep_for(1ms);
            db::Transaction tx(pool);
            began = tx.one(began_at, -i);
        }
        took_ms.push_back(std::chrono::duration<double, std::milli>(*began - committed).count());
    }
    print_percentiles(std::move(took_ms));
    return 0;
}

int take(db::Pool& pool, std::int64_t count) {
    std::vector<double> took_ms;
    const std::vector<jobs::Wanted> wanted{{"nothing.do", 1}};
    for (std::int64_t i = 0; i < count; ++i) {
        const auto began = std::chrono::steady_clock::now();
        const jobs::Lease lease = jobs::take(pool, wanted, system_now(), 30s);
        took_ms.push_back(
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began)
                .count());
        if (lease.jobs.empty()) break;
        db::Transaction tx(pool);
        jobs::finish(tx, {lease.jobs[0].id}, lease.number);
        tx.commit();
    }
    print_percentiles(std::move(took_ms));
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) return 2;
    const std::string command = argv[1], url = argv[2];
    const auto number = [&](int i, std::int64_t otherwise) {
        return argc > i ? parse_int(argv[i]).value_or(otherwise) : otherwise;
    };
    db::Pool pool({.url = url}, 4);
    if (command == "migrate") return migrate(pool);
    if (command == "work")
        return work(url, static_cast<std::size_t>(number(3, 2)),
                    std::chrono::milliseconds(number(4, 30'000)));
    if (command == "add" && argc > 4) return add(pool, argv[3], number(4, 1), number(5, 0));
    if (command == "rollback") return roll_back(pool, number(3, 1));
    if (command == "latency") return latency(pool, number(3, 1));
    if (command == "take") return take(pool, number(3, 1));
    return 2;
}

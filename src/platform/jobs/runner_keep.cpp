/// What the keeping thread of a runner does.

#include <map>

#include "platform/db/transaction.hpp"
#include "platform/jobs/queries.hpp"
#include "platform/jobs/runner.hpp"
#include "platform/log/log.hpp"

namespace referral::jobs {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds keep_interval{100};
constexpr milliseconds schedules_interval{1'000};
constexpr milliseconds recovery_interval_max{1'000};
constexpr milliseconds queues_interval{10'000};

}  // namespace

void Runner::keep() {
    struct Duty {
        milliseconds every;
        std::function<void()> act;
        Steady::time_point at{};
    };
    bool declared = timetables_.empty();
    Duty duties[] = {
        {keep_interval, [this] { watch_times(); }},
        {settings_.lease / 3, [this] { renew_leases(); }},
        {std::min<milliseconds>(settings_.lease / 3, recovery_interval_max), [this] { recover(); }},
        {schedules_interval,
         [&] {
             if (!declared) declare_schedules();
             declared = true;
             add_scheduled();
         }},
        {settings_.counts_interval, [this] { tally_.flush(pool_, settings_.clock()); }},
        {queues_interval, [this] { look_at_queues(); }},
    };
    Lock lock(mutex_);
    while (!keeping_ends_) {
        lock.unlock();
        for (Duty& duty : duties) {
            if (Steady::now() < duty.at) continue;
            duty.at = Steady::now() + duty.every;
            try {
                duty.act();
            } catch (const std::exception& error) {
                outage_.begin(error.what());
            }
        }
        lock.lock();
        news_.wait_for(lock, keep_interval, [this] { return keeping_ends_; });
    }
    lock.unlock();
    try {
        tally_.flush(pool_, settings_.clock());
    } catch (const std::exception&) {
        // A few seconds' counts, for people to look at.
    }
}

/// Fails jobs that are over their time. Their thread may take for ever to notice: another one takes
/// its place, and what it has done by then is rolled back, for the lease is gone.
void Runner::watch_times() {
    struct Late {
        Hand* hand;
        const JobKind* kind;
        std::int64_t lease;
        JobId job;
        int attempts;
    };
    std::vector<Late> late;
    std::size_t late_before = 0;
    std::vector<std::unique_ptr<Hand>> ended;
    {
        const Lock lock(mutex_);
        for (const auto& hand : hands_) {
            late_before += hand->late && !hand->ended;
            if (hand->job && !hand->late && Steady::now() - hand->began > hand->kind->time_max)
                late.push_back({hand.get(), hand->kind, hand->lease, *hand->job, hand->attempts});
        }
        if (stopping_) return;
        const auto gone = std::ranges::partition(hands_, [](const auto& h) { return !h->ended; });
        std::ranges::move(gone, std::back_inserter(ended));
        hands_.erase(gone.begin(), gone.end());
    }
    for (const auto& hand : ended) hand->thread.join();
    for (const Late& each : late) {
        fail_one(
            *each.kind, each.lease, each.job,
            failure_of(*each.kind, each.attempts,
                       "took longer than " + std::to_string(each.kind->time_max.count()) + " s",
                       false));
        bool still = false;
        {
            const Lock lock(mutex_);
            still = each.hand->job == each.job && late_before < late_hands_max;
            if (still) each.hand->late = true;
        }
        if (!still) continue;
        ++late_before;
        add_hand();
    }
}

void Runner::renew_leases() {
    std::vector<std::int64_t> leases;
    {
        const Lock lock(mutex_);
        for (const auto& hand : hands_)
            if (hand->lease != 0) leases.push_back(hand->lease);
    }
    if (!leases.empty()) renew(pool_, leases, settings_.lease);
}

void Runner::recover() {
    for (;;) {
        std::map<std::string, std::uint64_t> lost;
        for (std::string& kind : recover_lost(pool_, settings_.clock())) ++lost[std::move(kind)];
        for (const auto& [kind, count] : lost) {
            tally_.add(kind, Outcome::lost, count);
            log::warn("jobs_lost", "a worker vanished; what it had waits again",
                      {{"kind", kind}, {"jobs", count}});
        }
        if (lost.empty()) return;
    }
}

void Runner::declare_schedules() {
    const Instant now = settings_.clock();
    db::Transaction tx(pool_);
    for (const auto& [schedule, cron, zone] : timetables_) {
        const Instant next = cron.next(now, zone).value_or(Instant::max());
        tx.run_for_effect(sql::declare_schedule, schedule.name, schedule.kind, schedule.cron,
                          schedule.timezone, schedule.also_when_new ? now : next, next);
    }
    tx.commit();
}

void Runner::add_scheduled() {
    const Instant now = settings_.clock();
    std::vector<std::string> names;
    for (const Timetable& each : timetables_) names.push_back(each.schedule.name);
    if (names.empty()) return;
    std::vector<std::tuple<std::string, Instant>> due;
    {
        db::Transaction tx(pool_);
        due = tx.all(sql::due_schedules, names, now);
        tx.commit();
    }
    for (const auto& [name, tick] : due) {
        const auto& [schedule, cron, zone] = *std::ranges::find(
            timetables_, name, [](const Timetable& each) { return each.schedule.name; });
        const auto next = cron.next(std::max(now, tick), zone);
        db::Transaction tx(pool_);
        if (!next || tx.run_for_effect(sql::move_schedule, name, tick, *next) == 0) continue;
        enqueue(tx,
                {.kind = schedule.kind,
                 .payload = {{"schedule", schedule.name}, {"tick", to_text(tick)}},
                 .unique_key = "schedule " + schedule.name},
                now);
        tx.commit();
        log::debug("job_scheduled", "a schedule was due", {{"schedule", name}});
    }
}

void Runner::look_at_queues() {
    db::Transaction tx(pool_);
    std::vector<Queue> fresh = queues(tx, names_, settings_.clock());
    tx.commit();
    const Lock lock(mutex_);
    queues_ = std::move(fresh);
}

}  // namespace referral::jobs

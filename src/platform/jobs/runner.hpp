#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "platform/db/pool.hpp"
#include "platform/jobs/cron.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/jobs/lease.hpp"
#include "platform/jobs/overview.hpp"
#include "platform/jobs/tally.hpp"

namespace referral::jobs {

/// Runs jobs on threads of its own, as many processes at once as one likes. A thread takes jobs of
/// one kind, those of kinds that have shown to be quick up to `batch_max` at once: these share a
/// transaction, for a commit costs more than they do. One more thread keeps: it renews leases, puts
/// back what vanished workers had, fails jobs that are over their time, adds what schedules say and
/// writes counts. Another hears of new jobs; without it they are seen within `poll_interval`.
class Runner {
public:
    struct Settings {
        Clock clock;
        std::size_t workers = 2;
        std::chrono::milliseconds poll_interval{1'000};
        std::chrono::milliseconds lease{30'000};
        std::chrono::milliseconds counts_interval{5'000};
        std::chrono::milliseconds first_pause{2'000};  ///< After a job's first failure.
        std::int64_t batch_max = 100;
    };

    /// Threads whose job does not end when told to, beyond which no others take their place.
    static constexpr std::size_t late_hands_max = 8;

    /// How many connections `workers` threads may need at once: for the transaction of the work,
    /// one of `Run::pool` and one for its progress; the keeping thread's, and those of late ones.
    static constexpr std::size_t connections_for(std::size_t workers) {
        return 3 * workers + 3 + late_hands_max;
    }

    /// `pool` is the runner's own, with `connections_for` its workers, and outlives it. Throws
    /// std::invalid_argument for a schedule that cannot be: of an unknown kind, zone or form.
    Runner(JobTable kinds, const std::vector<Schedule>& schedules, db::Pool& pool,
           Settings settings);
    /// As `stop`, with no patience.
    ~Runner();
    Runner(const Runner&) = delete;
    Runner& operator=(const Runner&) = delete;

    void start();

    /// Takes no more jobs, lets those at work end, and gives back what is not done after
    /// `patience`. Returns when the last work has; it is told by Run::stopping. Does nothing twice.
    void stop(std::chrono::milliseconds patience);

    /// There may be a job. Returns at once. Any thread.
    void wake();

    const JobTable& kinds() const { return kinds_; }
    const Tally& tally() const { return tally_; }

    /// The kind's queue as it was a few seconds ago; nothing before it was looked at first.
    std::optional<Queue> queue(std::string_view kind) const;

private:
    using Steady = std::chrono::steady_clock;
    using Lock = std::unique_lock<std::mutex>;

    /// A worker's thread and what it has in hand.
    struct Hand {
        std::thread thread{};
        std::atomic<bool> late = false;  // The job at work is over its time; others have it now.
        // The rest is guarded by mutex_.
        std::int64_t lease = 0;
        std::optional<JobId> job{};
        const JobKind* kind = nullptr;
        int attempts = 0;  // When the job at work fails.
        Steady::time_point began{};
        bool ended = false;
    };
    struct Timetable {
        Schedule schedule;
        Cron cron;
        Zone zone;
    };
    /// What the threads say of the database, in the log once each time it comes and goes.
    class Outage {
    public:
        void begin(const std::string& why);
        void end();

    private:
        std::atomic<bool> on_ = false;
    };

    // runner.cpp
    void listen();
    void wait_for_news(std::uint64_t seen, std::chrono::milliseconds limit);
    void add_hand();
    bool all_ended() const;
    const JobKind* find(std::string_view name) const;

    // runner_work.cpp
    void work(Hand& hand);
    Lease take_some();
    void carry_out(Hand& hand, Lease& lease);
    void run_all(Hand& hand, const JobKind& kind, Lease& lease);
    bool run_together(Hand& hand, const JobKind& kind, Lease& lease);
    void run_alone(Hand& hand, const JobKind& kind, Lease& lease);
    bool attempt(Hand& hand, const JobKind& kind, const Lease& lease, const Taken& job);
    void fail_one(const JobKind& kind, std::int64_t lease, JobId job, const Failure& failure);
    Failure failure_of(const JobKind& kind, int attempts, const std::string& error, bool give_up);
    Run::Parts parts_of(Hand& hand, const Lease& lease, const Taken& job, db::Transaction* tx);
    void begin(Hand& hand, const JobKind& kind, const Taken& job);
    void rest(Hand& hand);
    void give_back_in_the_end(const Lease& lease);
    void learn(const JobKind& kind, double took_ms);

    // runner_keep.cpp
    void keep();
    void watch_times();
    void renew_leases();
    void recover();
    void declare_schedules();
    void add_scheduled();
    void look_at_queues();

    const JobTable kinds_;
    std::vector<std::string> names_;
    std::vector<Timetable> timetables_;
    db::Pool& pool_;
    const Settings settings_;
    Tally tally_;
    Outage outage_;
    std::vector<std::atomic<double>> mean_ms_;  // Of each kind's work; negative: not known.
    std::atomic<bool> stopping_ = false;

    mutable std::mutex mutex_;  // Of all below.
    std::condition_variable news_;
    std::uint64_t wakes_ = 0;
    bool keeping_ends_ = false;
    std::vector<std::unique_ptr<Hand>> hands_;
    std::vector<Queue> queues_;

    std::thread keeping_;
    std::thread listening_;
};

}  // namespace referral::jobs

/// What a worker does with the jobs it takes.

#include "platform/crypto/random.hpp"
#include "platform/db/transaction.hpp"
#include "platform/jobs/backoff.hpp"
#include "platform/jobs/runner.hpp"
#include "platform/log/log.hpp"

namespace referral::jobs {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds outage_pause_min{100};
constexpr milliseconds outage_pause_max{5'000};
/// A kind whose work takes less on average may share a transaction, which takes at most …
constexpr double quick_ms = 5;
/// … so long, and is not begun anew more often than so when one in it fails.
constexpr milliseconds together_max{50};
constexpr int together_failures_max = 3;
/// How much a new time weighs in the average, and what a failure stands for in it.
constexpr double learning = 0.1;
constexpr double failure_ms = 100;
constexpr milliseconds progress_interval{500};

/// Whether nothing is known against running it together with others.
bool is_fresh(const Taken& job) { return job.attempts == 0 && job.losses == 0; }

double ms_since(std::chrono::steady_clock::time_point since) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - since)
        .count();
}

}  // namespace

void Runner::work(Hand& hand) {
    milliseconds pause = outage_pause_min;
    while (!stopping_ && !hand.late) {
        std::uint64_t seen = 0;
        {
            const Lock lock(mutex_);
            seen = wakes_;
        }
        try {
            Lease lease = take_some();
            outage_.end();
            pause = outage_pause_min;
            if (lease.jobs.empty())
                wait_for_news(seen, settings_.poll_interval);
            else
                carry_out(hand, lease);
        } catch (const std::exception& error) {
            outage_.begin(error.what());
            Lock lock(mutex_);
            news_.wait_for(lock, pause, [this] { return stopping_.load(); });
            pause = std::min(2 * pause, outage_pause_max);
        }
    }
}

Lease Runner::take_some() {
    std::vector<Wanted> wanted;
    for (std::size_t i = 0; i < kinds_.size(); ++i) {
        const double mean = mean_ms_[i];
        const bool many = kinds_[i].transactional && mean >= 0 && mean < quick_ms;
        wanted.push_back({kinds_[i].name, many ? settings_.batch_max : 1});
    }
    for (std::size_t left = wanted.size(); left > 1; --left)
        std::swap(wanted[left - 1], wanted[crypto::random_below(static_cast<std::uint32_t>(left))]);
    return take(pool_, wanted, settings_.clock(), settings_.lease);
}

void Runner::carry_out(Hand& hand, Lease& lease) {
    {
        const Lock lock(mutex_);
        hand.lease = lease.number;
    }
    try {
        run_all(hand, *find(lease.kind), lease);
        lease.begun.clear();
    } catch (const std::exception& error) {
        outage_.begin(error.what());
    }
    {
        const Lock lock(mutex_);
        hand.job.reset();
    }
    if (!lease.jobs.empty()) give_back_in_the_end(lease);
    const Lock lock(mutex_);
    hand.lease = 0;
}

/// Until it works or the program stops; then the lease runs out.
void Runner::give_back_in_the_end(const Lease& lease) {
    for (milliseconds pause = outage_pause_min;; pause = std::min(2 * pause, outage_pause_max)) {
        try {
            give_back(pool_, lease.number, lease.begun, settings_.clock());
            return;
        } catch (const std::exception& error) {
            outage_.begin(error.what());
        }
        Lock lock(mutex_);
        if (news_.wait_for(lock, pause, [this] { return stopping_.load(); })) return;
    }
}

void Runner::run_all(Hand& hand, const JobKind& kind, Lease& lease) {
    int failures = 0;
    while (!lease.jobs.empty() && !stopping_ && !hand.late) {
        const bool together = kind.transactional && lease.jobs.size() > 1 &&
                              failures < together_failures_max && is_fresh(lease.jobs.front());
        if (together && (run_together(hand, kind, lease) || stopping_ || hand.late)) continue;
        if (together) ++failures;
        run_alone(hand, kind, lease);
    }
}

/// Runs fresh jobs from the front on in one transaction. False: it was rolled back, and the one to
/// blame, if any is, is the first now.
bool Runner::run_together(Hand& hand, const JobKind& kind, Lease& lease) {
    const auto began = Steady::now();
    std::size_t next = 0;
    try {
        db::Transaction tx(pool_);
        for (; next < lease.jobs.size() && is_fresh(lease.jobs[next]); ++next) {
            if (next > 0 && (stopping_ || hand.late || Steady::now() - began > together_max)) break;
            begin(hand, kind, lease.jobs[next]);
            lease.begun.push_back(lease.jobs[next].id);
            Run run(parts_of(hand, lease, lease.jobs[next], &tx));
            kind.work(run);
        }
        if (!finish(tx, lease.begun, lease.number)) {
            lease.begun.clear();
            return false;
        }
        tx.commit();
    } catch (const std::exception& error) {
        const auto* broken = dynamic_cast<const db::Error*>(&error);
        if (broken && broken->is_unavailable()) throw;
        if (next < lease.jobs.size()) std::swap(lease.jobs[0], lease.jobs[next]);
        lease.begun.clear();
        return false;
    }
    lease.begun.clear();
    lease.jobs.erase(lease.jobs.begin(), lease.jobs.begin() + static_cast<std::ptrdiff_t>(next));
    tally_.add(kind.name, Outcome::done, next);
    learn(kind, ms_since(began) / static_cast<double>(next));
    return true;
}

/// Runs the first job by itself. Throws when the database is away.
void Runner::run_alone(Hand& hand, const JobKind& kind, Lease& lease) {
    Taken& job = lease.jobs.front();
    lease.begun = {job.id};
    if (job.attempts >= kind.attempts_max) {
        fail_one(kind, lease.number, job.id,
                 {job.attempts, "its worker vanished each time", true, {}});
    } else {
        // The one that vanished with its worker counts beforehand: it may do so again.
        if (job.losses > 0) count_attempt(pool_, job.id, lease.number);
        ++job.attempts;
        begin(hand, kind, job);
        try {
            if (attempt(hand, kind, lease, job)) tally_.add(kind.name, Outcome::done);
        } catch (const std::exception& error) {
            const auto* broken = dynamic_cast<const db::Error*>(&error);
            if (broken && broken->is_unavailable()) throw;
            const bool told = dynamic_cast<const Stopped*>(&error) != nullptr;
            if (told && (stopping_ || hand.late)) {
                lease.begun.clear();
                return;
            }
            const bool give_up = dynamic_cast<const GiveUp*>(&error) != nullptr;
            fail_one(kind, lease.number, job.id,
                     failure_of(kind, job.attempts, error.what(), give_up));
            learn(kind, failure_ms);
        }
    }
    lease.begun.clear();
    lease.jobs.erase(lease.jobs.begin());
    rest(hand);
}

/// The work and the end of the job. False: it is not ours any more, and nothing was done.
bool Runner::attempt(Hand& hand, const JobKind& kind, const Lease& lease, const Taken& job) {
    const auto began = Steady::now();
    std::optional<db::Transaction> tx;
    if (kind.transactional) tx.emplace(pool_);
    {
        Run run(parts_of(hand, lease, job, tx ? &*tx : nullptr));
        kind.work(run);
    }
    const double took = ms_since(began);
    if (!tx) tx.emplace(pool_);
    if (!finish(*tx, {job.id}, lease.number)) {
        log::warn("job_overtaken", "a job ended after another worker had been given it",
                  {{"kind", kind.name}, {"job", job.id.text()}});
        return false;
    }
    tx->commit();
    learn(kind, took);
    return true;
}

Failure Runner::failure_of(const JobKind& kind, int attempts, const std::string& error,
                           bool give_up) {
    return {.attempts = attempts,
            .error = error,
            .dead = give_up || attempts >= kind.attempts_max,
            .run_at = settings_.clock() +
                      pause_after(attempts, settings_.first_pause, crypto::random_below(1'001))};
}

void Runner::fail_one(const JobKind& kind, std::int64_t lease, JobId job, const Failure& failure) {
    if (!fail(pool_, job, lease, failure, settings_.clock())) return;
    tally_.add(kind.name, failure.dead ? Outcome::dead : Outcome::failed);
    log::write(failure.dead ? log::Level::error : log::Level::warn,
               failure.dead ? "job_dead" : "job_failed",
               failure.dead ? "a job is given up" : "a job failed and will be tried again",
               {{"kind", kind.name},
                {"job", job.text()},
                {"attempt", failure.attempts},
                {"reason", failure.error}});
}

Run::Parts Runner::parts_of(Hand& hand, const Lease& lease, const Taken& job, db::Transaction* tx) {
    auto progress = [this, number = lease.number, id = job.id, told = Steady::time_point{}](
                        std::int64_t done, std::int64_t total) mutable {
        if (Steady::now() - told < progress_interval) return;
        told = Steady::now();
        try {
            set_progress(pool_, id, number, done, total);
        } catch (const db::Error&) {
            // The work will meet the same soon enough, if it lasts.
        }
    };
    return {.id = job.id,
            .payload = job.payload,
            .now = settings_.clock(),
            .pool = pool_,
            .transaction = tx,
            .attempt = std::max(job.attempts, 1),
            .progress = std::move(progress),
            .stopping = [this, &hand] { return stopping_ || hand.late; }};
}

void Runner::begin(Hand& hand, const JobKind& kind, const Taken& job) {
    const Lock lock(mutex_);
    hand.job = job.id;
    hand.kind = &kind;
    hand.attempts = std::max(job.attempts, 1);
    hand.began = Steady::now();
}

void Runner::rest(Hand& hand) {
    const Lock lock(mutex_);
    hand.job.reset();
}

void Runner::learn(const JobKind& kind, double took_ms) {
    std::atomic<double>& mean = mean_ms_[static_cast<std::size_t>(&kind - kinds_.data())];
    const double before = mean;
    mean = before < 0 ? took_ms : before + learning * (took_ms - before);
}

}  // namespace referral::jobs

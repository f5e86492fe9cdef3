#include "links/directory_feed.hpp"

#include "links/directory_snapshot.hpp"
#include "links/queries.hpp"
#include "platform/log/log.hpp"

namespace referral::links {

namespace {

using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

constexpr milliseconds tell_interval{50};
constexpr milliseconds listen_wait{250};
constexpr milliseconds reconnect_wait{1'000};
/// A snapshot may take one part in so many of the time.
constexpr int rest_per_write = 20;

double elapsed_ms(Steady::time_point since) {
    return std::chrono::duration<double, std::milli>(Steady::now() - since).count();
}

}  // namespace

DirectoryFeed::DirectoryFeed(Directory& directory, db::Pool& pool, Settings settings)
    : directory_(directory), pool_(pool), settings_(std::move(settings)), sync_(directory, pool) {}

DirectoryFeed::~DirectoryFeed() { stop(); }

bool DirectoryFeed::load_snapshot() {
    const auto began = Steady::now();
    const auto horizon = read_snapshot(directory_, settings_.snapshot);
    if (!horizon) return false;
    sync_.resume(*horizon);
    const Lock lock(mutex_);
    horizon_ = horizon;
    stats_.loaded = true;
    changes_saved_ = directory_.stats().changes;
    log::info("links_loaded", "links come from the snapshot",
              {{"links", directory_.stats().links}, {"took_ms", elapsed_ms(began)}});
    return true;
}

void DirectoryFeed::start() {
    following_ = std::thread([this] { follow(); });
    listening_ = std::thread([this] { listen(); });
    keeping_ = std::thread([this] { keep(); });
}

void DirectoryFeed::stop() {
    {
        const Lock lock(mutex_);
        if (stopping_) return;
        stopping_ = true;
    }
    news_.notify_all();
    for (std::thread* thread : {&following_, &listening_, &keeping_})
        if (thread->joinable()) thread->join();
    save();
}

void DirectoryFeed::changed() {
    {
        const Lock lock(mutex_);
        ++wanted_;
        others_to_be_told_ = true;
    }
    news_.notify_all();
}

bool DirectoryFeed::changed_and_applied(milliseconds limit) {
    changed();
    Lock lock(mutex_);
    const std::uint64_t wanted = wanted_;
    return news_.wait_for(lock, limit, [&] { return done_ >= wanted || stopping_; }) &&
           done_ >= wanted;
}

bool DirectoryFeed::wait_until_loaded(milliseconds limit) const {
    Lock lock(mutex_);
    return news_.wait_for(lock, limit, [&] { return stats_.loaded || stopping_; }) && stats_.loaded;
}

DirectoryFeed::Stats DirectoryFeed::stats() const {
    const Lock lock(mutex_);
    return stats_;
}

void DirectoryFeed::follow() {
    Steady::time_point told{};
    Lock lock(mutex_);
    while (!stopping_) {
        const std::uint64_t wanted = wanted_;
        lock.unlock();
        step();
        lock.lock();
        if (stats_.current) done_ = wanted;
        news_.notify_all();
        if (others_to_be_told_ && stats_.current && Steady::now() - told >= tell_interval) {
            others_to_be_told_ = false;
            lock.unlock();
            tell_others();
            told = Steady::now();
            lock.lock();
        }
        const auto pause = others_to_be_told_ ? tell_interval : settings_.poll_interval;
        // When the database is away nobody hurries us: each try would cost the same wait.
        const auto hurried = [&] { return stopping_ || (stats_.current && wanted_ != wanted); };
        news_.wait_for(lock, stats_.current ? pause : settings_.poll_interval, hurried);
    }
}

void DirectoryFeed::step() {
    const auto began = Steady::now();
    DirectorySync::Step done;
    std::string trouble;
    try {
        done = sync_.step();
    } catch (const std::exception& error) {
        trouble = error.what();
    }
    if (done.loaded_all)
        log::info("links_loaded", "links come from the database",
                  {{"links", directory_.stats().links}, {"took_ms", elapsed_ms(began)}});
    if (!trouble.empty())
        log::warn("links_not_followed", "changes of links cannot be read; redirects go on",
                  {{"why", trouble}});
    const Lock lock(mutex_);
    stats_.current = trouble.empty();
    ++(trouble.empty() ? stats_.steps : stats_.steps_failed);
    if (!trouble.empty()) return;
    stats_.loaded = true;
    stats_.changes += done.changes;
    stats_.full_loads += done.loaded_all ? 1 : 0;
    horizon_ = sync_.horizon();
}

void DirectoryFeed::tell_others() {
    try {
        db::Transaction tx(pool_);
        tx.one(sql::tell_others);
        tx.commit();
    } catch (const db::Error&) {
        // Others look by themselves within a second.
    }
}

void DirectoryFeed::listen() {
    Lock lock(mutex_);
    while (!stopping_) {
        lock.unlock();
        try {
            const auto connection = pool_.connect(reconnect_wait);
            connection->run_script("listen link_changes");
            for (lock.lock(); !stopping_; lock.lock()) {
                lock.unlock();
                if (!connection->wait_for_notification(listen_wait)) continue;
                const Lock counting(mutex_);
                ++wanted_;
                news_.notify_all();
            }
        } catch (const db::Error&) {
            // The following thread says in the log that the database is away.
            if (!lock.owns_lock()) lock.lock();
            news_.wait_for(lock, reconnect_wait, [&] { return stopping_; });
        }
    }
}

void DirectoryFeed::keep() {
    Lock lock(mutex_);
    Steady::duration pause = settings_.snapshot_interval;
    while (!news_.wait_for(lock, pause, [&] { return stopping_; })) {
        lock.unlock();
        const auto began = Steady::now();
        save();
        pause = std::max<Steady::duration>(settings_.snapshot_interval,
                                           rest_per_write * (Steady::now() - began));
        lock.lock();
    }
}

void DirectoryFeed::save() {
    const auto began = Steady::now();
    std::optional<Horizon> horizon;
    std::uint64_t changes = 0;
    {
        // The horizon before the contents: what comes in between is asked for again.
        const Lock lock(mutex_);
        changes = directory_.stats().changes;
        if (!horizon_ || changes == changes_saved_) return;
        horizon = horizon_;
    }
    try {
        Directory::Reader reader(directory_);
        write_snapshot(reader, *horizon, settings_.snapshot);
        log::debug("links_saved", "the snapshot of links was written",
                   {{"links", directory_.stats().links}, {"took_ms", elapsed_ms(began)}});
        const Lock lock(mutex_);
        changes_saved_ = changes;
        ++stats_.snapshots;
    } catch (const std::exception& error) {
        log::error("links_not_saved", "the snapshot of links cannot be written",
                   {{"file", settings_.snapshot.string()}, {"why", error.what()}});
        const Lock lock(mutex_);
        ++stats_.snapshots_failed;
    }
}

}  // namespace referral::links

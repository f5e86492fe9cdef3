#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>

#include "links/directory.hpp"
#include "links/directory_sync.hpp"
#include "platform/db/pool.hpp"

namespace referral::links {

/// Keeps the directory of codes current with threads of its own: one follows the change log, one
/// listens for other processes' news of it, one keeps the snapshot on disk. None of them needs
/// PostgreSQL to be there; what was missed is taken over when it is back.
class DirectoryFeed {
public:
    struct Settings {
        std::filesystem::path snapshot;  ///< DATA_DIR/links.snapshot.
        std::chrono::milliseconds poll_interval{1'000};
        /// At the soonest; and a snapshot takes at most a twentieth of the time.
        std::chrono::seconds snapshot_interval{1};
    };

    struct Stats {
        bool loaded = false;   ///< The directory holds all links, from wherever.
        bool current = false;  ///< The last look at the database succeeded.
        std::uint64_t steps = 0;
        std::uint64_t steps_failed = 0;
        std::uint64_t changes = 0;     ///< Links and programs taken over.
        std::uint64_t full_loads = 0;  ///< From the database.
        std::uint64_t snapshots = 0;   ///< Written.
        std::uint64_t snapshots_failed = 0;
    };

    /// `pool` must have two connections that nobody else uses. All must outlive the feed.
    DirectoryFeed(Directory& directory, db::Pool& pool, Settings settings);
    /// As `stop`.
    ~DirectoryFeed();
    DirectoryFeed(const DirectoryFeed&) = delete;
    DirectoryFeed& operator=(const DirectoryFeed&) = delete;

    /// Reads the snapshot; true when there was a good one. Before `start`.
    bool load_snapshot();

    /// Starts the threads.
    void start();
    /// Ends them, and writes a last snapshot when something changed. Does nothing twice.
    void stop();

    /// To be called after the commit of whatever changed links or programs: looks at the database
    /// at once, and tells other processes (at most one NOTIFY in 50 ms, in no one's transaction).
    void changed();

    /// `changed`, then waits until the directory has it; false after `limit`, when the database is
    /// slow or away.
    bool changed_and_applied(std::chrono::milliseconds limit);

    /// Waits until the directory holds all links.
    bool wait_until_loaded(std::chrono::milliseconds limit) const;

    Stats stats() const;

private:
    using Lock = std::unique_lock<std::mutex>;

    void follow();
    void step();
    void tell_others();
    void listen();
    void keep();
    void save();

    Directory& directory_;
    db::Pool& pool_;
    const Settings settings_;
    DirectorySync sync_;  // The following thread's.

    mutable std::mutex mutex_;  // Of all below.
    mutable std::condition_variable news_;
    bool stopping_ = false;
    std::uint64_t wanted_ = 0;  // Looks asked for …
    std::uint64_t done_ = 0;    // … and begun after that, and ended well.
    bool others_to_be_told_ = false;
    std::optional<Horizon> horizon_;
    std::uint64_t changes_saved_ = 0;
    Stats stats_;

    std::thread following_;
    std::thread listening_;
    std::thread keeping_;
};

}  // namespace referral::links

#pragma once

/// From the journal to PostgreSQL, each click exactly once. docs/decisions/0005-… says how.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "clicks/live.hpp"
#include "clicks/networks.hpp"
#include "clicks/places.hpp"
#include "clicks/user_agent_rules.hpp"
#include "platform/db/connection.hpp"
#include "platform/journal/journal.hpp"

namespace referral::clicks {

/// What the loaders read and write. Everything outlives them.
struct IngestParts {
    journal::Journal* journal = nullptr;
    db::ConnectionSettings database;  // Each loader has a connection of its own, and one more.
    const Places* places = nullptr;   // Null: clicks have no place.
    const UserAgentRules* user_agents = nullptr;  // Null: no browser, system or device.
    const Networks* networks = nullptr;           // Null: no network.
    Live* live = nullptr;                         // Null: nobody is told.
    std::uint32_t loaders = 1;                    // Shard s is loaded by loader s mod loaders.
    std::string directory;                        // Of the journal, as `directory_key` names it.
    Clock clock = nullptr;
    std::size_t rows_max = 60'000;                   // Of one transaction.
    std::chrono::milliseconds pause{15};             // Between looks at an idle journal.
    std::chrono::milliseconds verify_every{10'000};  // How often positions are read again.
};

/// Names the journal's directory on this machine: host, device and inode. Two processes with the
/// same key cannot run at once, for the journal's lock forbids it. Throws std::system_error.
std::string directory_key(const std::filesystem::path& journal_directory);

struct IngestStats {
    std::uint64_t loaded = 0;  // Records stored since the start.
    std::uint64_t batches = 0;
    std::uint64_t failures = 0;           // Batches that failed and were tried again.
    std::uint64_t quarantined = 0;        // Records that are no clicks, or that PostgreSQL refuses.
    std::uint64_t reloaded_segments = 0;  // Found to be missing from a database set back.
    std::uint64_t dimensions_refused = 0;  // New texts over the budget; their clicks have none.
    bool fenced = false;                   // Another process loads this node's journal.
    bool connected = false;                // The last thing tried with PostgreSQL worked.
    Instant caught_up_at{};                // When all that was durable had been loaded last.
};

/// The loaders' threads. PostgreSQL away, full or set back is waited for and caught up with, for
/// ever.
class Ingest {
public:
    explicit Ingest(IngestParts parts);
    /// As `stop`.
    ~Ingest();
    Ingest(const Ingest&) = delete;
    Ingest& operator=(const Ingest&) = delete;

    void start();

    /// Ends the threads after the batch in hand, at the latest when its statements time out.
    void stop();

    /// Waits until everything that was durable when called is loaded; false after `limit`.
    bool wait_until_caught_up(std::chrono::milliseconds limit);

    IngestStats stats() const;

private:
    class Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace referral::clicks

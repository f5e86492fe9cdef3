#pragma once

/// One thread's part of the ingest: follows its shards of the journal and stores what is durable.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "clicks/batch.hpp"
#include "clicks/enrichment.hpp"
#include "clicks/ingest.hpp"
#include "clicks/node.hpp"
#include "platform/db/pool.hpp"
#include "platform/db/transaction.hpp"
#include "platform/journal/counters.hpp"
#include "platform/journal/journal.hpp"

namespace referral::clicks {

/// What a loader counts, for IngestStats.
struct LoaderCounters {
    journal::Counter loaded, batches, failures, quarantined, reloaded, dimensions_refused;
    journal::Counter caught_up;     // How often nothing was left to load.
    journal::Counter caught_up_at;  // Microseconds.
    std::atomic<bool> connected{false};
};

/// Loads the shards s with s mod parts.loaders = index, segment after segment. PostgreSQL alone
/// knows how far a segment is loaded: after every failure, and now and then, that is read again.
class Loader {
public:
    Loader(const IngestParts& parts, const Node& node, std::uint32_t index);

    /// Loads until `stop`.
    void run();

    /// Ends `run` after the batch in hand. Any thread.
    void stop();

    const LoaderCounters& counters() const { return counters_; }

private:
    /// Some records of one segment, one after the other.
    struct Chunk {
        journal::SegmentInfo segment;
        std::span<const journal::Record> records;
        std::uint32_t to = 0;  // The position behind them.
    };

    bool pause(std::chrono::milliseconds time);
    void turn();
    void refresh();
    void note(const journal::SegmentInfo& segment, std::optional<std::uint32_t> stored);
    bool is_mine(const journal::SegmentId& segment) const;
    bool is_complete(const journal::SegmentInfo& segment) const;
    std::optional<journal::SegmentInfo> next_segment() const;
    void open(const journal::SegmentInfo& segment);
    bool load_more();
    void finish_segment();
    bool load(const Chunk& chunk);
    void store(const Chunk& chunk);
    void decode_all(const Chunk& chunk);
    void move_position(const Chunk& chunk, db::Transaction& tx);
    void quarantine(const Chunk& chunk, const journal::Record& record, const std::string& reason,
                    db::Transaction& tx);
    void set_aside(const Chunk& chunk, const std::string& reason);
    void make_partitions();
    void tell_live();
    void caught_up();
    BatchOrigin origin_of(const Chunk& chunk) const;
    std::uint32_t loaded_to(const journal::SegmentId& segment) const;

    const IngestParts parts_;
    journal::Journal& journal_;
    const Node& node_;
    const std::uint32_t index_;
    db::Pool pool_;
    Enrichment enrichment_;
    Batch batch_;

    std::vector<ClickRecord> clicks_;  // Of the chunk in hand.
    std::vector<const journal::Record*> no_clicks_;

    bool must_refresh_ = true;
    std::int64_t known_node_ = 0;
    std::chrono::steady_clock::time_point refreshed_at_{};
    std::optional<Instant> server_started_at_;
    std::map<journal::SegmentId, std::uint32_t> loaded_;    // As PostgreSQL has it.
    std::map<journal::SegmentId, std::uint32_t> finished_;  // Where those read to their end ended.
    std::set<std::chrono::year_month> partitions_;
    std::size_t rows_limit_;

    std::optional<journal::SegmentInfo> segment_;
    std::optional<journal::Reader> reader_;

    LoaderCounters counters_;
    std::mutex mutex_;
    std::condition_variable stopping_;
    bool stop_ = false;
};

}  // namespace referral::clicks

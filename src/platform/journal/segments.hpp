#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "platform/journal/catalogue.hpp"
#include "platform/journal/file.hpp"
#include "platform/journal/format.hpp"
#include "platform/journal/identity.hpp"
#include "platform/journal/quarantine.hpp"
#include "platform/journal/settings.hpp"
#include "platform/journal/spares.hpp"
#include "platform/journal/stats.hpp"

namespace referral::journal {

/// The segments of one open directory: what writers begin and close, readers look up and loading
/// retires. Any thread; writers enter only when they change segments.
class Segments {
public:
    /// Recovers the directory that `identity` holds, and begins its next epoch.
    Segments(const Settings& settings, Identity& identity);

    std::uint64_t node() const { return node_; }
    std::uint32_t epoch() const { return epoch_; }

    /// A file of zeros for a writer's next segment; see Spares.
    Alarm take(File& file, std::uint32_t& slot) noexcept { return spares_.take(file, slot); }

    /// Removes a file in which no segment could be begun.
    void discard(std::uint32_t slot, File file) noexcept { spares_.discard(slot, std::move(file)); }

    /// Lists a segment whose header is durable in `slot`.
    void begun(const SegmentHeader& header, std::uint32_t slot);

    /// Marks it closed; its file has now `file_bytes` bytes.
    void close(const SegmentId& id, const SegmentEnd& end, std::uint64_t file_bytes) noexcept;

    /// Lets readers of this process see the shard's open segment up to `offset`.
    void publish(std::uint32_t shard, std::uint32_t number, std::uint32_t offset) noexcept {
        durable_[shard].store(std::uint64_t{number} << 32 | offset, std::memory_order_release);
    }

    /// What was published last; number 0 when nothing was.
    Position durable(std::uint32_t shard) const noexcept;

    struct Opened {
        File file;
        SegmentHeader header;
    };

    /// Opens a segment for reading, or nothing when it is not listed. Throws.
    std::optional<Opened> open(const SegmentId& id) const;

    /// How far it can be read now, or nothing when it is not listed.
    std::optional<Extent> extent(const SegmentId& id) const;

    std::vector<SegmentInfo> list() const;
    bool loaded(const Position& end, Instant loaded_at);
    void not_loaded(const SegmentId& id);
    std::size_t sweep(Instant now);

    /// All but the writers' alarms.
    Stats stats() const;

    Quarantine& quarantine() { return quarantine_; }

private:
    struct Entry {
        SegmentHeader header;
        std::uint32_t slot = 0;
        std::uint64_t file_bytes = 0;
        Extent extent;  // `end` is not kept up to date while the segment is open.
        std::optional<Instant> loaded_at;
    };
    using Table = std::map<SegmentId, Entry>;

    static bool removable(const Table& table, Table::const_iterator entry);
    Spares::Found recover(Identity& identity);
    Extent extent_of(const Entry& entry) const;
    bool make_room();

    const Settings& settings_;
    const std::uint64_t node_;
    std::uint32_t epoch_ = 0;
    Quarantine quarantine_;
    std::uint64_t tails_cut_ = 0;
    std::uint64_t segments_quarantined_ = 0;
    mutable std::mutex mutex_;
    Table table_;
    std::vector<std::atomic<std::uint64_t>>
        durable_;    // Per shard: number and offset, 32 bits each.
    Spares spares_;  // Last: its thread calls make_room.
};

}  // namespace referral::journal

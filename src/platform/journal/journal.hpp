#pragma once

/// The journal: records that are on the disk before anybody acts on them. Append-only segments with
/// checksums, one shard per writing thread, group commit, recovery after a crash, damage kept
/// apart. It knows nothing of what the records mean. docs/journal.md is its format.

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/time.hpp"
#include "platform/journal/catalogue.hpp"
#include "platform/journal/position.hpp"
#include "platform/journal/reader.hpp"
#include "platform/journal/settings.hpp"
#include "platform/journal/stats.hpp"
#include "platform/journal/writer.hpp"

namespace referral::journal {

/// An open journal directory. All but `writer` may be called from any thread.
class Journal {
public:
    /// Locks the directory, begins a new epoch, recovers what earlier epochs left and starts the
    /// thread that keeps spares ready. Throws std::runtime_error, naming the directory and the
    /// process that holds it, when it is in use; std::system_error when the disk refuses.
    explicit Journal(Settings settings);

    /// Closes the writers' segments and lets the directory go.
    ~Journal();

    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    std::uint64_t node() const;
    std::uint32_t epoch() const;

    /// The writer of a shard, from 0 to Settings::shards - 1. It is for one thread.
    Writer& writer(std::uint32_t shard);

    /// All segments that hold or held records, of all epochs and shards, by id. A segment that is
    /// not listed has been removed, or never became durable.
    std::vector<SegmentInfo> segments() const;

    /// A reader of `from.segment` that begins at `from.offset`: 0 or first_offset for the start, or
    /// a position given by a reader. Nothing when there is no such segment.
    std::optional<Reader> reader(const Position& from);

    /// Says that everything before `end` is loaded since `loaded_at`. Answers whether that is the
    /// whole of a closed segment, which then may be removed when its time has come or when space
    /// is needed. Loaded segments are not remembered over a restart: say it again.
    bool loaded(const Position& end, Instant loaded_at);

    /// Takes `loaded` back: the segment must be loaded again, for the database lost it.
    void not_loaded(const SegmentId& segment);

    /// Removes the segments that were loaded `kept_after_loading` or longer before `now`, and of a
    /// shard only the oldest ones in a row; gives their number. Open readers go on undisturbed.
    std::size_t sweep(Instant now);

    Stats stats() const;
    WriterStats writer_stats(std::uint32_t shard) const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace referral::journal

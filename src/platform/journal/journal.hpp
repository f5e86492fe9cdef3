#pragma once

/// The journal: records that are on the disk before anybody acts on them. Append-only segments with
/// checksums, one shard per writing thread, group commit, recovery after a crash, damage kept apart.
/// It knows nothing of what the records mean. docs/journal.md is its format.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "base/time.hpp"
#include "platform/journal/position.hpp"
#include "platform/journal/reader.hpp"
#include "platform/journal/stats.hpp"
#include "platform/journal/writer.hpp"

namespace referral::journal {

/// When a commit answers true.
enum class Durability {
    strict,   // After fdatasync: survives a power cut.
    relaxed,  // After write: survives the end of the process; synced within `sync_interval`.
};

/// How a journal is kept. What is out of range is an std::invalid_argument when it is opened.
struct Settings {
    std::filesystem::path directory;   // Made when missing; belongs to one process at a time.
    std::uint32_t shards = 1;          // Writers, 1 to 64.
    Durability durability = Durability::strict;
    std::uint32_t segment_bytes = 64u << 20;                   // 128 KiB to 1 GiB; multiple of 4 KiB.
    std::uint64_t bytes_max = std::uint64_t{16} << 30;         // Of all segments and spares.
    std::uint32_t batch_bytes_max = 4u << 20;                  // Lowered to what a segment can hold.
    std::uint32_t spares = 2;                                  // Kept ready, 0 to 16.
    std::chrono::milliseconds sync_interval{20};               // Relaxed only.
    std::chrono::hours kept_after_loading{72};                 // See `Journal::sweep`.
    Clock clock;                                               // For the segments' headers; required.
    std::chrono::steady_clock::time_point (*steady_clock)() noexcept =
        std::chrono::steady_clock::now;  // For durations and pauses.
};

/// A segment at one moment.
struct SegmentInfo {
    SegmentId id;
    Instant created_at;
    std::uint64_t first_sequence = 0;
    std::uint32_t end = 0;  // Durable (while written) or final; records stand in [first_offset, end).
    bool closed = false;    // Nothing will be added.
    std::optional<Instant> loaded_at;
};

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
    /// not listed has been recycled, or never became durable.
    std::vector<SegmentInfo> segments() const;

    /// A reader of `from.segment` that begins at `from.offset`: 0 or first_offset for the start, or
    /// a position given by a reader. Nothing when there is no such segment.
    std::optional<Reader> reader(const Position& from);

    /// Says that everything before `end` is loaded since `loaded_at`. Answers whether that is the
    /// whole of a closed segment, which then may be recycled when its time has come or when space
    /// is needed. Loaded segments are not remembered over a restart: say it again.
    bool loaded(const Position& end, Instant loaded_at);

    /// Takes `loaded` back: the segment must be loaded again, for the database lost it.
    void not_loaded(const SegmentId& segment);

    /// Recycles the segments that were loaded `kept_after_loading` or longer before `now` and have
    /// no reader; gives their number.
    std::size_t sweep(Instant now);

    Stats stats() const;
    WriterStats writer_stats(std::uint32_t shard) const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace referral::journal

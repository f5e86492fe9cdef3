#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "platform/journal/catalogue.hpp"
#include "platform/journal/file.hpp"
#include "platform/journal/format.hpp"
#include "platform/journal/position.hpp"

namespace referral::journal {

class Segments;

/// A record as read.
struct Record {
    std::uint64_t sequence;              // Within (node, epoch, shard).
    std::uint32_t offset;                // Of its frame; with the segment's name its identity.
    std::span<const std::byte> payload;  // Valid until the reader's next call.
};

/// Reads one segment in order, from a position up to what is durable there. Damaged stretches are
/// copied to quarantine/, counted in `Stats` and skipped. For one thread; any number of readers may
/// read beside the writer. It must not outlive its journal.
class Reader {
public:
    Reader(Segments& segments, const SegmentId& id, std::uint32_t offset);

    /// The next records, of about `bytes_max` bytes in all and at least one when there is one.
    /// Empty: nothing more is durable for now; when the segment is also `closed`, it is read to its
    /// end. Throws std::system_error when the disk fails.
    std::span<const Record> read(std::size_t bytes_max);

    /// Behind the last record read: the position to keep with what was loaded, and to go on from.
    Position position() const { return {id_, offset_}; }

    /// Whether the segment is closed and everything before its end has been read.
    bool finished() const;

    /// Records this reader found lost to damage.
    std::uint64_t quarantined_records() const { return quarantined_; }

private:
    void parse(std::uint32_t stop);
    bool fits(const Frame& frame) const;
    void take(const Frame& frame);
    void skip_damage(std::uint32_t to, std::uint32_t next_index);

    Segments* segments_;
    SegmentId id_;
    Extent extent_;
    File file_;
    Seal seal_;
    std::uint64_t first_sequence_ = 0;
    std::uint32_t offset_;  // Behind the last record given out.
    std::uint32_t at_;      // Read up to here; behind offset_ only inside damage.
    std::optional<std::uint32_t> next_index_;  // Unknown until the first record, when begun midway.
    std::uint64_t quarantined_ = 0;
    std::vector<std::byte> window_;
    std::vector<Record> records_;
};

}  // namespace referral::journal

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

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

/// Reads one segment in order, from a position up to what is durable there; the segment is neither
/// recycled nor removed meanwhile. Damaged stretches are copied to quarantine/, counted in `Stats`
/// and skipped. For one thread; any number of readers may read beside the writer.
class Reader {
public:
    Reader(Reader&& other) noexcept;
    Reader& operator=(Reader&&) = delete;
    Reader(const Reader&) = delete;
    ~Reader();

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
    friend class Journal;
    Reader(Segments& segments, const SegmentId& id, File file, const SegmentHeader& header,
           std::uint32_t offset);

    void parse(std::span<const std::byte> window, std::uint32_t start, std::uint32_t stop);
    void skip_damage(std::uint32_t until, std::optional<std::uint32_t> next_index);

    Segments* segments_;
    SegmentId id_;
    File file_;
    Seal seal_;
    std::uint64_t first_sequence_;
    std::uint32_t offset_;
    std::optional<std::uint32_t> next_index_;
    std::optional<std::uint32_t> damaged_from_;
    std::uint64_t quarantined_ = 0;
    std::vector<std::byte> window_;
    std::vector<Record> records_;
};

}  // namespace referral::journal

#pragma once

/// Where a record stands: the names of segments and of places in them.

#include <compare>
#include <cstdint>
#include <string>

namespace referral::journal {

/// Names one segment for good: no other segment, of any node at any time, has the same.
struct SegmentId {
    std::uint64_t node = 0;   // Drawn at random when the directory is first opened.
    std::uint32_t epoch = 0;  // Grows with each start of the node.
    std::uint32_t shard = 0;  // Which writer of the process; from 0.
    std::uint32_t number =
        0;  // Grows within (node, epoch, shard), from 1; numbers may be left out.

    friend auto operator<=>(const SegmentId&, const SegmentId&) = default;
};

/// A place between two records. All records of `segment` that begin before `offset` lie behind it.
struct Position {
    SegmentId segment;
    std::uint32_t offset = 0;  // Bytes from the start of the segment's file.

    friend auto operator<=>(const Position&, const Position&) = default;
};

/// Where the records of every segment begin; before it stands the segment's header.
constexpr std::uint32_t first_offset = 4096;

/// The longest payload of one record, in bytes.
constexpr std::uint32_t record_bytes_max = 64 * 1024;

/// "00d1e5c0ffee0042-7-0-3": node in hexadecimal, epoch, shard, number.
std::string to_text(const SegmentId& segment);

}  // namespace referral::journal

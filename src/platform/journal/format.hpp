#pragma once

/// The bytes of a segment; docs/journal.md describes them.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/time.hpp"
#include "platform/journal/position.hpp"

namespace referral::journal {

/// How the segment before ended, as its successor's header tells.
struct Predecessor {
    std::uint32_t number = 0;   // 0: none.
    std::uint32_t end = 0;      // Nothing behind this offset counts, whatever it looks like.
    std::uint32_t records = 0;  // Before `end`.

    friend bool operator==(const Predecessor&, const Predecessor&) = default;
};

/// What marks the frames of one segment. Both are drawn at random per segment, so that neither an
/// earlier use of the file nor bytes chosen by a visitor pass for a frame.
struct Seal {
    std::uint32_t mark = 0;  // Begins every frame; never 0.
    std::uint32_t salt = 0;  // Begins every checksum.

    friend bool operator==(const Seal&, const Seal&) = default;
};

/// The first block of a segment's file.
struct SegmentHeader {
    SegmentId id;
    Seal seal;
    Instant created_at;
    std::uint64_t first_sequence = 0;  // Of the first record; the others count on without a gap.
    Predecessor previous;

    friend bool operator==(const SegmentHeader&, const SegmentHeader&) = default;
};

/// Writes the header block: three copies, so that damage in one place loses no segment.
void encode(const SegmentHeader& header, std::span<std::byte, first_offset> block);

/// Reads the first good copy, or nothing when there is none.
std::optional<SegmentHeader> decode_header(std::span<const std::byte> block);

/// Bytes before each payload.
constexpr std::uint32_t frame_header_bytes = 16;

/// Bytes of a frame with a payload of `length` bytes: frames begin at multiples of 8.
constexpr std::uint32_t frame_bytes(std::uint32_t length) {
    return (frame_header_bytes + length + 7) & ~7u;
}

/// The longest frame, and the one that ends a closed segment.
constexpr std::uint32_t frame_bytes_max = frame_bytes(record_bytes_max);
constexpr std::uint32_t end_frame_bytes = frame_bytes(4);

/// Puts `payload` into `frame`, which has frame_bytes(payload.size()) bytes, and leaves it
/// unsealed.
void fill_frame(std::byte* frame, std::span<const std::byte> payload) noexcept;

/// Where a frame is sealed for.
struct FramePlace {
    std::uint32_t offset = 0;        // In the segment.
    std::uint32_t index = 0;         // Which record of the segment, from 0.
    bool all_before_synced = false;  // Everything before `offset` was durable when it was written.
};

/// Makes a filled frame valid at its place and nowhere else; may be done again for another place.
/// Gives the frame's length in bytes.
std::uint32_t seal_frame(std::byte* frame, const Seal& seal, const FramePlace& place) noexcept;

/// How a closed segment ended.
struct SegmentEnd {
    std::uint32_t end = first_offset;  // Where the records end.
    std::uint32_t records = 0;         // Before `end`; those lost to damage count too.
    std::uint32_t synced =
        0;  // Behind this offset a power cut may have torn what nobody relied on.

    friend bool operator==(const SegmentEnd&, const SegmentEnd&) = default;
};

/// Writes the frame of end_frame_bytes that stands at `end.end`.
void write_end_frame(std::byte* frame, const Seal& seal, const SegmentEnd& end) noexcept;

/// A valid frame.
struct Frame {
    std::uint32_t bytes = 0;             // Of the whole frame.
    std::uint32_t index = 0;             // Which record of the segment, from 0.
    bool all_before_synced = false;      // As in FramePlace.
    std::optional<SegmentEnd> end;       // Set in the end frame only.
    std::span<const std::byte> payload;  // Of a record.
};

/// The frame that begins `bytes`, which stand at `offset` of the segment; or nothing when they are
/// too few or no frame of this segment and place.
std::optional<Frame> frame_at(std::span<const std::byte> bytes, const Seal& seal,
                              std::uint32_t offset) noexcept;

/// How far into `bytes`, which stand at `offset` of the segment, the next valid frame begins,
/// looking at multiples of 8 from `from` on; bytes.size() when there is none.
std::size_t find_frame(std::span<const std::byte> bytes, std::size_t from, const Seal& seal,
                       std::uint32_t offset) noexcept;

}  // namespace referral::journal

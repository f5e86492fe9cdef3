#include "platform/journal/format.hpp"

#include <fmt/format.h>
#include <array>
#include <bit>
#include <cstring>

#include "platform/journal/crc32c.hpp"

namespace referral::journal {
namespace {

static_assert(std::endian::native == std::endian::little, "segments are little-endian");

constexpr std::array<char, 8> magic = {'R', 'F', 'J', 'R', 'N', 'L', '0', '1'};
constexpr std::size_t copy_bytes = 1024;
constexpr std::size_t copies = 3;

/// One copy of the header as it stands in the file. No padding: every byte is checked.
struct HeaderBytes {
    std::array<char, 8> magic;
    std::uint64_t node;
    std::uint32_t epoch;
    std::uint32_t shard;
    std::uint32_t number;
    std::uint32_t mark;
    std::uint32_t salt;
    std::uint32_t previous_number;
    std::uint32_t previous_end;
    std::uint32_t previous_records;
    std::int64_t created_at_us;
    std::uint64_t first_sequence;
    std::uint32_t reserved;
    std::uint32_t crc;
};
static_assert(sizeof(HeaderBytes) == 72);

struct FrameHeader {
    std::uint32_t mark;
    std::uint32_t crc;
    std::uint32_t length;  // With the flags below.
    std::uint32_t index;
};
static_assert(sizeof(FrameHeader) == frame_header_bytes);

constexpr std::uint32_t flag_synced = 0x8000'0000;
constexpr std::uint32_t flag_end = 0x4000'0000;
constexpr std::uint32_t length_bits = 0x3fff'ffff;

template <class T>
std::span<const std::byte> bytes_of(const T& value, std::size_t count = sizeof(T)) {
    return {reinterpret_cast<const std::byte*>(&value), count};
}

/// Over salt, place, all after the checksum, and the padding.
std::uint32_t frame_crc(const std::byte* frame, std::uint32_t bytes, const Seal& seal,
                        std::uint32_t offset) noexcept {
    const std::array<std::uint32_t, 2> place = {seal.salt, offset};
    return crc32c({frame + 8, bytes - 8}, crc32c(bytes_of(place)));
}

void write_frame_header(std::byte* frame, std::uint32_t length, const Seal& seal,
                        const FramePlace& place) noexcept {
    FrameHeader header{.mark = seal.mark, .crc = 0, .length = length, .index = place.index};
    std::memcpy(frame, &header, sizeof header);
    header.crc = frame_crc(frame, frame_bytes(length & length_bits), seal, place.offset);
    std::memcpy(frame, &header, sizeof header);
}

}  // namespace

std::string to_text(const SegmentId& segment) {
    return fmt::format("{:016x}-{}-{}-{}", segment.node, segment.epoch, segment.shard,
                       segment.number);
}

void encode(const SegmentHeader& header, std::span<std::byte, first_offset> block) {
    HeaderBytes copy{
        .magic = magic,
        .node = header.id.node,
        .epoch = header.id.epoch,
        .shard = header.id.shard,
        .number = header.id.number,
        .mark = header.seal.mark,
        .salt = header.seal.salt,
        .previous_number = header.previous.number,
        .previous_end = header.previous.end,
        .previous_records = header.previous.records,
        .created_at_us = header.created_at.time_since_epoch().count(),
        .first_sequence = header.first_sequence,
        .reserved = 0,
        .crc = 0,
    };
    copy.crc = crc32c(bytes_of(copy, sizeof copy - sizeof copy.crc));
    std::memset(block.data(), 0, block.size());
    for (std::size_t i = 0; i < copies; ++i) {
        std::memcpy(block.data() + i * copy_bytes, &copy, sizeof copy);
    }
}

std::optional<SegmentHeader> decode_header(std::span<const std::byte> block) {
    for (std::size_t i = 0; i < copies; ++i) {
        HeaderBytes copy;
        if (block.size() < i * copy_bytes + sizeof copy) return std::nullopt;
        std::memcpy(&copy, block.data() + i * copy_bytes, sizeof copy);
        if (copy.magic != magic || copy.mark == 0 || copy.number == 0) continue;
        if (copy.crc != crc32c(bytes_of(copy, sizeof copy - sizeof copy.crc))) continue;
        return SegmentHeader{
            .id = {copy.node, copy.epoch, copy.shard, copy.number},
            .seal = {copy.mark, copy.salt},
            .created_at = Instant(std::chrono::microseconds(copy.created_at_us)),
            .first_sequence = copy.first_sequence,
            .previous = {copy.previous_number, copy.previous_end, copy.previous_records},
        };
    }
    return std::nullopt;
}

void fill_frame(std::byte* frame, std::span<const std::byte> payload) noexcept {
    const auto length = static_cast<std::uint32_t>(payload.size());
    // The last word is zeroed first: what the payload leaves of it is padding, and checked.
    std::memset(frame + frame_bytes(length) - 8, 0, 8);
    const FrameHeader header{.mark = 0, .crc = 0, .length = length, .index = 0};
    std::memcpy(frame, &header, sizeof header);
    std::memcpy(frame + frame_header_bytes, payload.data(), payload.size());
}

std::uint32_t seal_frame(std::byte* frame, const Seal& seal, const FramePlace& place) noexcept {
    FrameHeader header;
    std::memcpy(&header, frame, sizeof header);
    const std::uint32_t length = header.length & length_bits;
    write_frame_header(frame, length | (place.all_before_synced ? flag_synced : 0), seal, place);
    return frame_bytes(length);
}

void write_end_frame(std::byte* frame, const Seal& seal, const SegmentEnd& end) noexcept {
    std::memset(frame, 0, end_frame_bytes);
    std::memcpy(frame + frame_header_bytes, &end.synced, sizeof end.synced);
    write_frame_header(frame, flag_end | sizeof end.synced, seal, {end.end, end.records, false});
}

std::optional<Frame> frame_at(std::span<const std::byte> bytes, const Seal& seal,
                              std::uint32_t offset) noexcept {
    FrameHeader header;
    if (bytes.size() < sizeof header) return std::nullopt;
    std::memcpy(&header, bytes.data(), sizeof header);
    const std::uint32_t length = header.length & length_bits;
    if (header.mark != seal.mark || length == 0 || length > record_bytes_max) return std::nullopt;
    const std::uint32_t total = frame_bytes(length);
    if (bytes.size() < total) return std::nullopt;
    if (header.crc != frame_crc(bytes.data(), total, seal, offset)) return std::nullopt;

    Frame frame{.bytes = total,
                .index = header.index,
                .all_before_synced = (header.length & flag_synced) != 0,
                .end = std::nullopt,
                .payload = bytes.subspan(frame_header_bytes, length)};
    if ((header.length & flag_end) != 0) {
        if (total != end_frame_bytes) return std::nullopt;
        frame.end = SegmentEnd{.end = offset, .records = header.index, .synced = 0};
        std::memcpy(&frame.end->synced, frame.payload.data(), sizeof frame.end->synced);
    }
    return frame;
}

std::size_t find_frame(std::span<const std::byte> bytes, std::size_t from, const Seal& seal,
                       std::uint32_t offset) noexcept {
    for (std::size_t at = from; at + frame_header_bytes <= bytes.size(); at += 8) {
        std::uint32_t mark;
        std::memcpy(&mark, bytes.data() + at, sizeof mark);
        if (mark != seal.mark) continue;
        const auto place = offset + static_cast<std::uint32_t>(at);
        if (frame_at(bytes.subspan(at), seal, place)) return at;
    }
    return bytes.size();
}

}  // namespace referral::journal

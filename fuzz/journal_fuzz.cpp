/// The journal's frames and recovery under damage: whatever happens to a segment's bytes, a record
/// is read as it was written or not at all.

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <vector>

#include "base/check.hpp"
#include "platform/journal/format.hpp"
#include "platform/journal/quarantine.hpp"
#include "platform/journal/recovery.hpp"

namespace referral::journal {
namespace {

constexpr std::uint32_t segment_bytes = 128u << 10;
constexpr std::uint32_t records = 24;
constexpr Seal seal{0x5ea1ed01, 0x0ddba115};

std::vector<std::byte> payload(std::uint32_t index) {
    std::vector<std::byte> bytes(1 + index * 7 % 61);
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::byte>(index * 31 + i);
    return bytes;
}

/// A segment of some records in batches of four, closed or not.
std::vector<std::byte> segment(bool closed) {
    std::vector<std::byte> bytes(segment_bytes);
    encode(
        {.id = {1, 1, 0, 1}, .seal = seal, .created_at = {}, .first_sequence = 0, .previous = {}},
        std::span<std::byte, first_offset>(bytes.data(), first_offset));
    std::uint32_t at = first_offset;
    for (std::uint32_t index = 0; index < records; ++index) {
        fill_frame(bytes.data() + at, payload(index));
        at += seal_frame(bytes.data() + at, seal, {at, index, index % 4 == 0});
    }
    if (closed) write_end_frame(bytes.data() + at, seal, {at, records, at});
    return bytes;
}

/// Every frame that can be found is one that was written, and in order.
void check_frames(std::span<const std::byte> bytes) {
    std::uint32_t next = 0;
    for (std::size_t at = first_offset; at < bytes.size();) {
        const auto frame = frame_at(bytes.subspan(at), seal, static_cast<std::uint32_t>(at));
        if (!frame) {
            at = first_offset +
                 find_frame(bytes.subspan(first_offset), at + 8 - first_offset, seal, first_offset);
            continue;
        }
        if (!frame->end) {
            CHECK(frame->index >= next && frame->index < records);
            const auto expected = payload(frame->index);
            CHECK(std::equal(frame->payload.begin(), frame->payload.end(), expected.begin(),
                             expected.end()));
            next = frame->index + 1;
        }
        at += frame->bytes;
    }
}

/// Recovery takes the file, too, and finds an end within it.
void check_recovery(std::span<const std::byte> bytes) {
    static const std::filesystem::path directory = [] {
        std::string pattern = "/dev/shm/journal_fuzz-XXXXXX";
        CHECK(::mkdtemp(pattern.data()) != nullptr);
        return std::filesystem::path(pattern);
    }();
    std::filesystem::remove_all(directory);
    std::filesystem::create_directories(directory);
    std::ofstream(directory / "00000001.seg", std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    Quarantine quarantine(directory / "quarantine", 0);
    const Recovered found = recover(directory, segment_bytes, quarantine);
    CHECK(found.segments.size() <= 1);
    for (const RecoveredSegment& each : found.segments) {
        CHECK(each.end.end >= first_offset && each.end.end <= segment_bytes);
        CHECK(each.end.records <= records);
    }
}

}  // namespace
}  // namespace referral::journal

/// Input: one byte of choice, then changes of five bytes each: where (3), how (1), what (1).
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using referral::journal::first_offset;
    if (size < 1) return 0;
    std::vector<std::byte> bytes = referral::journal::segment((data[0] & 1) != 0);
    std::size_t length = bytes.size();
    for (std::size_t i = 1; i + 5 <= size && i < 500; i += 5) {
        const std::size_t at = (data[i] | data[i + 1] << 8 | data[i + 2] << 16) % bytes.size();
        const std::size_t many = std::min<std::size_t>(data[i + 4] + 1u, bytes.size() - at);
        switch (data[i + 3] % 5) {
            case 0:
                bytes[at] ^= static_cast<std::byte>(1 << (data[i + 4] % 8));
                break;
            case 1:
                bytes[at] = static_cast<std::byte>(data[i + 4]);
                break;
            case 2:
                std::memset(bytes.data() + at, 0, many);
                break;
            case 3:
                std::memmove(bytes.data() + first_offset, bytes.data() + at, many);
                break;
            case 4:
                length = std::max<std::size_t>(at, 1);
                break;
        }
    }
    const auto cut = std::span(bytes).first(length);
    if (length > first_offset) referral::journal::check_frames(cut);
    if ((data[0] & 2) != 0) referral::journal::check_recovery(cut);
    (void)referral::journal::decode_header({reinterpret_cast<const std::byte*>(data), size});
    return 0;
}

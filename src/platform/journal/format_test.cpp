#include "platform/journal/format.hpp"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace referral::journal {
namespace {

constexpr Seal seal{0x12345679, 0xabcdef01};

std::vector<std::byte> frame_of(std::string_view text, FramePlace place) {
    std::vector<std::byte> frame(frame_bytes(static_cast<std::uint32_t>(text.size())),
                                 std::byte{0xee});
    fill_frame(frame.data(), std::as_bytes(std::span(text)));
    EXPECT_EQ(seal_frame(frame.data(), seal, place), frame.size());
    return frame;
}

SegmentHeader header() {
    return {.id = {0x0123456789abcdef, 7, 3, 42},
            .seal = seal,
            .created_at = Instant(std::chrono::days(20'000)),
            .first_sequence = 1'000'000'000'000,
            .previous = {41, 65'536, 300}};
}

TEST(Frame, IsReadAsItWasSealed) {
    for (const std::string_view text :
         {"x", "12345678", "123456789", "a longer payload than that"}) {
        const auto bytes = frame_of(text, {4096, 5, true});

        const auto frame = frame_at(bytes, seal, 4096);

        ASSERT_TRUE(frame);
        EXPECT_EQ(frame->bytes, bytes.size());
        EXPECT_EQ(frame->bytes % 8, 0u);
        EXPECT_EQ(frame->index, 5u);
        EXPECT_TRUE(frame->all_before_synced);
        EXPECT_FALSE(frame->end);
        EXPECT_EQ(std::string_view(reinterpret_cast<const char*>(frame->payload.data()),
                                   frame->payload.size()),
                  text);
    }
}

TEST(Frame, IsNoneAtAnotherPlaceOrInAnotherSegment) {
    const auto bytes = frame_of("payload", {4096, 0, false});

    EXPECT_FALSE(frame_at(bytes, seal, 4104));
    EXPECT_FALSE(frame_at(bytes, {seal.mark, seal.salt + 1}, 4096));
    EXPECT_FALSE(frame_at(bytes, {seal.mark + 1, seal.salt}, 4096));
    EXPECT_FALSE(frame_at(std::span(bytes).first(bytes.size() - 1), seal, 4096));
}

TEST(Frame, IsNoneWithAnyBitFlipped) {
    const auto good = frame_of("thirteen byte", {8192, 9, true});
    for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
        auto bytes = good;
        bytes[bit / 8] ^= static_cast<std::byte>(1 << (bit % 8));

        EXPECT_FALSE(frame_at(bytes, seal, 8192)) << "bit " << bit;
    }
}

TEST(Frame, MayEndASegment) {
    std::vector<std::byte> bytes(end_frame_bytes);
    const SegmentEnd end{.end = 65'536, .records = 12, .synced = 65'000};

    write_end_frame(bytes.data(), seal, end);
    const auto frame = frame_at(bytes, seal, 65'536);

    ASSERT_TRUE(frame && frame->end);
    EXPECT_EQ(*frame->end, end);
}

TEST(Frame, IsFoundBehindNoise) {
    std::vector<std::byte> bytes(800, std::byte{0x5a});
    const auto frame = frame_of("found", {4096 + 160, 1, false});
    std::copy(frame.begin(), frame.end(), bytes.begin() + 160);

    EXPECT_EQ(find_frame(bytes, 0, seal, 4096), 160u);
    EXPECT_EQ(find_frame(bytes, 160, seal, 4096), 160u);
    EXPECT_EQ(find_frame(bytes, 168, seal, 4096), bytes.size());
    EXPECT_EQ(find_frame(bytes, 900, seal, 4096), bytes.size());
}

TEST(SegmentHeader, IsReadFromAnyGoodCopy) {
    std::vector<std::byte> block(first_offset);
    encode(header(), std::span<std::byte, first_offset>(block));

    EXPECT_EQ(decode_header(block), header());
    block[10] ^= std::byte{1};
    EXPECT_EQ(decode_header(block), header());
    block[1024 + 70] ^= std::byte{128};
    EXPECT_EQ(decode_header(block), header());
    block[2048] ^= std::byte{4};
    EXPECT_EQ(decode_header(block), std::nullopt);
}

TEST(SegmentHeader, IsNoneInABlockOfZerosOrACutOne) {
    std::vector<std::byte> block(first_offset);

    EXPECT_EQ(decode_header(block), std::nullopt);
    EXPECT_EQ(decode_header(std::span(block).first(50)), std::nullopt);
    EXPECT_EQ(decode_header({}), std::nullopt);
}

}  // namespace
}  // namespace referral::journal

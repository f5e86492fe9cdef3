#include "clicks/click_id.hpp"

#include <gtest/gtest.h>

#include <set>

namespace referral::clicks {
namespace {

Instant at(std::int64_t milliseconds) { return Instant(std::chrono::milliseconds(milliseconds)); }

constexpr std::int64_t noon = 1'772'366'400'000;

TEST(ClickIds, GrowInTheOrderOfMaking) {
    ClickIds ids(42, 7, 3, 99);
    ClickId last = ids.next(at(noon));

    for (int i = 0; i < 300'000; ++i) {
        const ClickId next = ids.next(at(noon + i / 100'000));
        ASSERT_GT(next, last);
        last = next;
    }
}

TEST(ClickIds, GrowThoughTheClockGoesBack) {
    ClickIds ids(42, 7, 3, 99);
    const ClickId before = ids.next(at(noon));

    const ClickId after = ids.next(at(noon - 3'600'000));

    EXPECT_GT(after, before);
    EXPECT_EQ(after.milliseconds(), static_cast<std::uint64_t>(noon));
}

TEST(ClickIds, TellTimeShardAndEpoch) {
    ClickIds ids(0xffff'ffff'ffff'ffff, 0x1'0007, 63, 0xffff'ffff);

    const ClickId id = ids.next(at(noon));

    EXPECT_EQ(id.milliseconds(), static_cast<std::uint64_t>(noon));
    EXPECT_EQ(id.shard(), 63u);
    EXPECT_EQ(id.epoch(), 7u);
}

TEST(ClickIds, OfOtherNodesEpochsAndShardsDiffer) {
    std::set<ClickId> ids;
    for (std::uint64_t node : {1, 2})
        for (std::uint32_t epoch : {1, 2})
            for (std::uint32_t shard : {0, 1})
                ids.insert(ClickIds(node, epoch, shard, 0).next(at(noon)));

    EXPECT_EQ(ids.size(), 8u);
}

TEST(ClickId, IsAUuidOfVersion7) {
    const std::string uuid = ClickIds(42, 7, 3, 99).next(at(noon)).uuid();

    EXPECT_EQ(uuid.size(), 36u);
    EXPECT_EQ(uuid[14], '7');
    EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos);
}

TEST(ClickId, IsReadAsItIsWritten) {
    const ClickId id = ClickIds(42, 7, 3, 99).next(at(noon));

    EXPECT_EQ(ClickId::parse(id.text()), id);
    EXPECT_EQ(ClickId::parse_uuid(id.uuid()), id);
    EXPECT_EQ(id.text().size(), click_id_text_bytes);
}

TEST(ClickId, RefusesOtherTexts) {
    const std::string text = ClickIds(42, 7, 3, 99).next(at(noon)).text();

    for (const std::string& wrong :
         {std::string(), text.substr(1), text + "0", "lnk_" + text.substr(4), text.substr(0, 29),
          text.substr(0, 29) + "!"})
        EXPECT_FALSE(ClickId::parse(wrong).has_value()) << wrong;
    EXPECT_FALSE(ClickId::parse_uuid("0190163d-8694-7000-8000-00000000000g").has_value());
    EXPECT_FALSE(ClickId::parse_uuid("0190163d86947000800000000000000000000").has_value());
}

}  // namespace
}  // namespace referral::clicks

#include "clicks/record.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace referral::clicks {
namespace {

ClickRecord example() {
    ClickRecord record;
    record.id = *ClickId::parse_uuid("0190163d-8694-7000-8000-000000000001");
    record.clicked_at = *parse_instant("2026-03-01T12:00:00.000001Z");
    record.link_id = 7;
    record.user_id = 8;
    record.program_id = 9;
    record.click_class = Class::human;
    record.flags = ClickFlags::new_cookie | ClickFlags::secure;
    record.visitor.fill(1);
    record.fingerprint.fill(2);
    record.ip = *IpAddress::parse("203.0.113.7");
    record.user_agent = "Mozilla/5.0";
    record.referrer = "https://blog.example/post";
    record.query = "utm_source=x";
    record.code = "abc";
    record.language = "de-DE";
    return record;
}

std::vector<std::byte> encoded(const ClickRecord& record) {
    std::array<std::byte, click_record_bytes_max> out;
    const std::size_t size = encode(record, out);
    return {out.begin(), out.begin() + static_cast<std::ptrdiff_t>(size)};
}

void expect_same(const ClickRecord& a, const ClickRecord& b) {
    EXPECT_EQ(a.id, b.id);
    EXPECT_EQ(a.clicked_at, b.clicked_at);
    EXPECT_EQ(std::tie(a.link_id, a.user_id, a.program_id),
              std::tie(b.link_id, b.user_id, b.program_id));
    EXPECT_EQ(a.click_class, b.click_class);
    EXPECT_EQ(a.flags, b.flags);
    EXPECT_EQ(a.visitor, b.visitor);
    EXPECT_EQ(a.fingerprint, b.fingerprint);
    EXPECT_EQ(a.ip, b.ip);
    EXPECT_EQ(std::tie(a.user_agent, a.referrer, a.query, a.code, a.language),
              std::tie(b.user_agent, b.referrer, b.query, b.code, b.language));
}

TEST(ClickRecord, IsReadAsItWasWritten) {
    const ClickRecord record = example();
    const auto bytes = encoded(record);

    const auto read = decode(bytes);

    ASSERT_TRUE(read.has_value());
    expect_same(*read, record);
}

TEST(ClickRecord, WithoutTextsTakesItsFixedBytes) {
    ClickRecord record;
    record.clicked_at = ClickRecord::time_min;

    const auto bytes = encoded(record);

    EXPECT_EQ(bytes.size(), click_record_fixed_bytes);
    ASSERT_TRUE(decode(bytes).has_value());
    expect_same(*decode(bytes), record);
}

TEST(ClickRecord, CutsWhatIsTooLong) {
    const std::string text(5'000, 'x');
    ClickRecord record = example();
    record.user_agent = record.referrer = record.query = record.code = record.language = text;

    const auto bytes = encoded(record);
    const auto read = decode(bytes);

    EXPECT_EQ(bytes.size(), click_record_bytes_max);
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->user_agent.size(), ClickRecord::user_agent_bytes_max);
    EXPECT_EQ(read->referrer.size(), ClickRecord::referrer_bytes_max);
    EXPECT_EQ(read->query.size(), ClickRecord::query_bytes_max);
    EXPECT_EQ(read->code.size(), ClickRecord::code_bytes_max);
    EXPECT_EQ(read->language.size(), ClickRecord::language_bytes_max);
}

TEST(ClickRecord, OfAnyOtherLengthIsRefused) {
    const auto bytes = encoded(example());

    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(decode(std::span(bytes).first(size)).has_value()) << size;
    auto longer = bytes;
    longer.push_back(std::byte{0});
    EXPECT_FALSE(decode(longer).has_value());
}

TEST(ClickRecord, OfAnUnknownVersionClassOrFlagIsRefused) {
    auto version = encoded(example());
    version[0] = std::byte{2};
    EXPECT_FALSE(decode(version).has_value());

    auto no_class = encoded(example());
    no_class[1] = std::byte{class_number_max + 1};
    EXPECT_FALSE(decode(no_class).has_value());

    auto flags = encoded(example());
    flags[3] = std::byte{0x80};
    EXPECT_FALSE(decode(flags).has_value());
}

TEST(ClickRecord, OutsideOfItsTimesIsRefused) {
    ClickRecord record = example();

    record.clicked_at = ClickRecord::time_min - std::chrono::microseconds(1);
    EXPECT_FALSE(decode(encoded(record)).has_value());
    record.clicked_at = ClickRecord::time_max;
    EXPECT_FALSE(decode(encoded(record)).has_value());
}

TEST(ClickRecord, WithNegativeIdsIsRefused) {
    ClickRecord record = example();
    record.link_id = -1;

    EXPECT_FALSE(decode(encoded(record)).has_value());
}

}  // namespace
}  // namespace referral::clicks

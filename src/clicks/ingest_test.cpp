#include "clicks/ingest.hpp"

#include <gtest/gtest.h>

#include "clicks/ingest_fixture_test.hpp"

namespace referral::clicks {
namespace {

TEST_F(IngestTest, StoresEveryClickOnceWithItsCounts) {
    write(0, 1'000, 0);
    write(1'000, 1'500, 1);
    Ingest ingest(parts(journal()));

    ingest.start();
    ASSERT_TRUE(ingest.wait_until_caught_up(patience));

    expect_stored(1'500);
    EXPECT_EQ(ingest.stats().loaded, 1'500u);
    EXPECT_EQ(ingest.stats().failures, 0u);
}

TEST_F(IngestTest, FollowsTheJournalWhileItIsWritten) {
    Ingest ingest(parts(journal()));
    ingest.start();

    for (int i = 0; i < 2'000; i += 100) write(i, i + 100, static_cast<std::uint32_t>(i / 100 % 2));
    ASSERT_TRUE(ingest.wait_until_caught_up(patience));

    expect_stored(2'000);
}

TEST_F(IngestTest, KeepsWhatTheClicksSaid) {
    ask(make_link);
    write(0, 20);
    Ingest ingest(parts(journal()));

    ingest.start();
    ASSERT_TRUE(ingest.wait_until_caught_up(patience));

    const auto [agent, referrer, source, ip] = ask(first_row);
    EXPECT_EQ(agent, "Mozilla/5.0 \xef\xbf\xbd");
    EXPECT_EQ(referrer, "blog.example/post");
    EXPECT_EQ(source, "a b");
    EXPECT_EQ(ip, "203.0.113.0");
}

TEST_F(IngestTest, ProvesADay) {
    write(0, 1'000);
    Ingest ingest(parts(journal()));
    ingest.start();
    ASSERT_TRUE(ingest.wait_until_caught_up(patience));

    db::Transaction tx(database_.pool());
    const DayProof proof = prove(tx, std::chrono::floor<std::chrono::days>(noon));

    ASSERT_EQ(proof.data.size(), 1u);
    EXPECT_TRUE(proof.data[0].complete);
    EXPECT_EQ(proof.data[0].journalled, 1'000);
    EXPECT_EQ(proof.data[0].stored, 1'000);
    EXPECT_EQ(proof.data[0].by_class.human, 100);
    EXPECT_EQ(proof.data[0].sha256.size(), 64u);
}

TEST_F(IngestTest, MakesThePartitionsItNeeds) {
    ClickRecord old = click(1);
    old.clicked_at = testing::at("2021-07-31T23:59:59.999999Z");
    std::array<std::byte, click_record_bytes_max> bytes;
    append(journal().writer(0), {bytes.data(), encode(old, bytes)});
    old.clicked_at += std::chrono::microseconds(1);
    append(journal().writer(0), {bytes.data(), encode(old, bytes)});
    ASSERT_TRUE(journal().writer(0).commit());
    const std::int64_t before = ask(count_partitions);
    Ingest ingest(parts(journal()));

    ingest.start();
    ASSERT_TRUE(ingest.wait_until_caught_up(patience));

    EXPECT_EQ(ask(count_rows), 2);
    EXPECT_EQ(ask(count_partitions), before + 2);
}

TEST_F(IngestTest, CountsVisitsOfLimitedLinks) {
    const std::int64_t link = ask(make_link);
    ClickIds ids(1, 1, 0, 0);
    std::array<std::byte, click_record_bytes_max> bytes;
    for (int i = 0; i < 30; ++i) {
        ClickRecord record = click(i);
        record.id = ids.next(record.clicked_at);
        record.link_id = link;
        if (i < 10) record.flags = ClickFlags::counted_visit;
        append(journal().writer(0), {bytes.data(), encode(record, bytes)});
    }
    ASSERT_TRUE(journal().writer(0).commit());
    Ingest ingest(parts(journal()));

    ingest.start();
    ASSERT_TRUE(ingest.wait_until_caught_up(patience));

    EXPECT_EQ(ask(visits), 10);
}

}  // namespace
}  // namespace referral::clicks

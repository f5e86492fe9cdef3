#include "clicks/ingest.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <thread>

#include "clicks/ingest_fixture_test.hpp"

namespace referral::clicks {
namespace {

using std::chrono::milliseconds;

TEST_F(IngestTest, LoadsNothingOfWhatIsLoadedAlready) {
    write(0, 1'000);
    {
        Ingest first(parts(journal()));
        first.start();
        ASSERT_TRUE(first.wait_until_caught_up(patience));
    }
    journal_.reset();

    Ingest second(parts(journal()));
    second.start();
    ASSERT_TRUE(second.wait_until_caught_up(patience));

    EXPECT_EQ(second.stats().loaded, 0u);
    expect_stored(1'000);
}

TEST_F(IngestTest, StoresEachClickOnceHoweverOftenItsConnectionsDie) {
    write(0, 4'000, 0);
    write(4'000, 6'000, 1);
    IngestParts few = parts(journal());
    few.rows_max = 25;
    Ingest ingest(few);

    ingest.start();
    std::uint64_t loaded = 0;
    for (int kills = 0; kills < 40; ++kills) {
        ask(end_backends);
        // On to the next one as soon as something was stored, or the loaders have given up.
        for (int i = 0; i < 200 && ingest.stats().loaded == loaded; ++i)
            std::this_thread::sleep_for(milliseconds(1));
        loaded = ingest.stats().loaded;
    }
    ASSERT_TRUE(ingest.wait_until_caught_up(patience));

    expect_stored(6'000);
    EXPECT_GT(ingest.stats().failures, 0u);
}

TEST_F(IngestTest, StoresEachClickOnceWithTwoLoadersOnOneNode) {
    write(0, 3'000, 0);
    write(3'000, 5'000, 1);
    IngestParts few = parts(journal());
    few.rows_max = 20;
    Ingest one(few);
    Ingest other(few);

    one.start();
    other.start();
    ASSERT_TRUE(one.wait_until_caught_up(patience) || other.wait_until_caught_up(patience));

    expect_stored(5'000);
}

TEST_F(IngestTest, ReloadsWhatADatabaseSetBackHasLost) {
    write(0, 1'000);
    Ingest ingest(parts(journal()));
    ingest.start();
    ASSERT_TRUE(ingest.wait_until_caught_up(patience));
    ASSERT_EQ(ask(count_rows), 1'000);

    run(forget_all);
    for (int i = 0; i < 10'000 && ask(count_rows) < 1'000; ++i)
        std::this_thread::sleep_for(milliseconds(5));

    ASSERT_TRUE(ingest.wait_until_caught_up(patience));
    expect_stored(1'000);
    EXPECT_GT(ingest.stats().reloaded_segments, 0u);
}

TEST_F(IngestTest, CatchesUpAfterPostgresWasKilled) {
    Ingest ingest(parts(journal()));
    ingest.start();
    write(0, 500);
    ASSERT_TRUE(ingest.wait_until_caught_up(patience));

    const std::uint64_t restarts = testing::cluster().restarts();
    ASSERT_EQ(::kill(testing::cluster().pid(), SIGQUIT), 0);
    write(500, 1'500);
    for (int i = 0; i < 6'000 && testing::cluster().restarts() == restarts; ++i)
        std::this_thread::sleep_for(milliseconds(10));
    testing::cluster().wait_until_ready(patience);

    ASSERT_TRUE(ingest.wait_until_caught_up(patience));
    expect_stored(1'500);
}

TEST_F(IngestTest, SetsAsideWhatIsNoClick) {
    write(0, 100);
    const std::string junk = "no click at all";
    append(journal().writer(0), std::as_bytes(std::span(junk)));
    write(100, 200);
    Ingest ingest(parts(journal()));

    ingest.start();
    ASSERT_TRUE(ingest.wait_until_caught_up(patience));

    expect_stored(200);
    EXPECT_EQ(ask(count_quarantined), 1);
    EXPECT_EQ(ingest.stats().quarantined, 1u);
}

TEST_F(IngestTest, SetsAsideOneClickThatPostgresRefusesAndProvesItMissing) {
    run(refuse_program_77);
    write(0, 150);
    ClickRecord refused = click(1);
    refused.program_id = 77;
    refused.id = ClickIds(1, 1, 0, 0).next(noon);
    std::array<std::byte, click_record_bytes_max> bytes;
    append(journal().writer(0), {bytes.data(), encode(refused, bytes)});
    write(150, 300);
    Ingest ingest(parts(journal()));

    ingest.start();
    ASSERT_TRUE(ingest.wait_until_caught_up(patience));

    EXPECT_EQ(ask(count_rows), 300);
    EXPECT_EQ(ask(differences), 0);
    EXPECT_EQ(ask(count_quarantined), 1);
    EXPECT_NE(ask(quarantine_reason).find("no_77"), std::string::npos);
    db::Transaction tx(database_.pool());
    const DayProof proof = prove(tx, std::chrono::floor<std::chrono::days>(noon));
    ASSERT_EQ(proof.data.size(), 1u);
    EXPECT_FALSE(proof.data[0].complete);
    EXPECT_EQ(proof.data[0].journalled, proof.data[0].stored + 1);
}

TEST_F(IngestTest, OfACopiedJournalLoadsNothingTwiceAndNothingBesideTheOriginal) {
    write(0, 500);
    Ingest original(parts(journal()));
    original.start();
    ASSERT_TRUE(original.wait_until_caught_up(patience));
    journal::TestDirectory elsewhere;
    std::filesystem::copy(folder_.path(), elsewhere.path() / "copy",
                          std::filesystem::copy_options::recursive);
    journal::Settings settings = journal::small(elsewhere.path() / "copy");
    settings.shards = 2;
    journal::Journal copied(settings);
    write(500, 600, 0, &copied);
    Ingest copy(parts(copied, "elsewhere"));

    copy.start();
    for (int i = 0; i < 2'000 && !copy.stats().fenced; ++i)
        std::this_thread::sleep_for(milliseconds(5));
    EXPECT_TRUE(copy.stats().fenced);
    EXPECT_EQ(copy.stats().loaded, 0u);
    original.stop();
    run(make_holder_old);
    ASSERT_TRUE(copy.wait_until_caught_up(patience));

    EXPECT_FALSE(copy.stats().fenced);
    EXPECT_EQ(copy.stats().loaded, 100u);
    expect_stored(600);
}

}  // namespace
}  // namespace referral::clicks

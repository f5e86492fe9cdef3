#include "platform/journal/journal.hpp"

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/resource.h>

#include <atomic>
#include <numeric>
#include <thread>

#include "platform/journal/fixture_test.hpp"

namespace referral::journal {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using ::testing::HasSubstr;

/// A clock that stands until a test moves it.
std::atomic<std::int64_t> standing_ms{0};
std::chrono::steady_clock::time_point standing_clock() noexcept {
    return std::chrono::steady_clock::time_point(milliseconds(standing_ms.load()));
}

TEST(Journal, ReadsBackWhatWasCommitted) {
    const TestDirectory directory;
    Journal journal(small(directory.path()));
    Writer& writer = journal.writer(0);

    write(writer, 0, 50);

    EXPECT_EQ(read_all(journal), first_numbers(50));
    const WriterStats stats = writer.stats();
    EXPECT_EQ(stats.records, 50u);
    EXPECT_EQ(stats.commits, 5u);
    EXPECT_EQ(stats.unsynced, 0u);
    EXPECT_EQ(std::accumulate(stats.commit_times.begin(), stats.commit_times.end(), 0u), 5u);
}

TEST(Journal, NumbersRecordsWithoutGaps) {
    const TestDirectory directory;
    Journal journal(small(directory.path()));
    for (std::uint64_t n = 0; n < 5; ++n) {
        EXPECT_EQ(journal.writer(0).append(payload(n)), n);
    }
    ASSERT_TRUE(journal.writer(0).commit());

    auto reader = journal.reader({journal.segments().at(0).id, 0});
    std::uint64_t expected = 0;
    for (const Record& record : reader->read(1 << 20)) EXPECT_EQ(record.sequence, expected++);
    EXPECT_EQ(expected, 5u);
}

TEST(Journal, ShowsNothingBeforeTheCommit) {
    const TestDirectory directory;
    Journal journal(small(directory.path()));
    Writer& writer = journal.writer(0);
    EXPECT_EQ(writer.durable_position().segment.number, 0u);
    ASSERT_TRUE(writer.append(payload(0)));

    EXPECT_TRUE(read_all(journal).empty());
    ASSERT_TRUE(writer.commit());
    EXPECT_EQ(read_all(journal), first_numbers(1));
    EXPECT_EQ(writer.durable_position().offset, journal.segments().at(0).end);
}

TEST(Journal, CommitsABatchWithOneSync) {
    const TestDirectory directory;
    Journal journal(small(directory.path()));
    Writer& writer = journal.writer(0);

    write(writer, 0, 100, 100);

    EXPECT_EQ(writer.stats().commits, 1u);
    EXPECT_TRUE(writer.commit());
    EXPECT_EQ(writer.stats().commits, 1u);
}

TEST(Journal, RefusesRecordsThatAreEmptyOrTooLongOrTooMany) {
    const TestDirectory directory;
    Journal journal(small(directory.path()));
    Writer& writer = journal.writer(0);
    const std::vector<std::byte> longest(record_bytes_max), too_long(record_bytes_max + 1);

    EXPECT_FALSE(writer.append({}));
    EXPECT_FALSE(writer.append(too_long));
    EXPECT_EQ(writer.append(longest), 0u);
    EXPECT_FALSE(writer.append(longest));
    EXPECT_TRUE(writer.commit());
    EXPECT_EQ(writer.append(longest), 1u);
}

TEST(Journal, GoesThroughManySegments) {
    const TestDirectory directory;
    Settings settings = small(directory.path());
    settings.spares = 2;
    Journal journal(settings);

    write(journal.writer(0), 0, 5'000);

    EXPECT_GT(journal.segments().size(), 5u);
    EXPECT_EQ(read_all(journal), first_numbers(5'000));
}

TEST(Journal, FindsEverythingAfterARestart) {
    const TestDirectory directory;
    for (std::uint64_t start = 0; start < 5; ++start) {
        Journal journal(small(directory.path()));
        EXPECT_EQ(journal.epoch(), start + 1);
        EXPECT_EQ(read_all(journal), first_numbers(start * 700));
        EXPECT_EQ(journal.stats().tails_cut, 0u);
        write(journal.writer(0), start * 700, (start + 1) * 700);
    }
}

TEST(Journal, KeepsItsNodeAndBeginsAnEpochAtEachStart) {
    const TestDirectory directory;
    const auto node = Journal(small(directory.path())).node();
    const TestDirectory other;

    Journal again(small(directory.path()));

    EXPECT_EQ(again.node(), node);
    EXPECT_EQ(again.epoch(), 2u);
    EXPECT_NE(Journal(small(other.path())).node(), node);
}

TEST(Journal, BeginsAnEpochAfterAllThatSegmentsCarry) {
    const TestDirectory directory;
    std::string old;
    for (int i = 0; i < 5; ++i) {
        Journal journal(small(directory.path()));
        write(journal.writer(0), 0, 1);
        if (i == 0) old = content(directory.path() / "node");
    }
    set_content(directory.path() / "node", old);

    EXPECT_EQ(Journal(small(directory.path())).epoch(), 6u);
}

TEST(Journal, SurvivesATornNodeFileAndRefusesADamagedOne) {
    const TestDirectory directory;
    const auto node = Journal(small(directory.path())).node();
    const std::string good = content(directory.path() / "node");
    ASSERT_EQ(good.size(), 1024u);

    std::string torn = good;
    torn.replace(512, 512, std::string(512, '\0'));
    set_content(directory.path() / "node", torn);
    EXPECT_EQ(Journal(small(directory.path())).node(), node);
    set_content(directory.path() / "node", std::string(1024, 'x'));
    EXPECT_THROW(Journal(small(directory.path())), std::runtime_error);
}

TEST(Journal, IsRefusedToASecondProcess) {
    const TestDirectory directory;
    Journal journal(small(directory.path()));
    write(journal.writer(0), 0, 10);

    try {
        Journal second(small(directory.path()));
        FAIL() << "the directory was opened twice";
    } catch (const std::runtime_error& error) {
        EXPECT_THAT(error.what(), HasSubstr(directory.path().string()));
        EXPECT_THAT(error.what(), HasSubstr("process " + std::to_string(::getpid())));
    }
    EXPECT_EQ(journal.epoch(), 1u);
    EXPECT_EQ(read_all(journal), first_numbers(10));
}

TEST(Journal, RefusesSettingsOutOfRange) {
    const TestDirectory directory;
    Settings settings = small(directory.path());
    settings.segment_bytes = 1000;
    EXPECT_THROW(Journal{settings}, std::invalid_argument);
    settings = small(directory.path());
    settings.shards = 0;
    EXPECT_THROW(Journal{settings}, std::invalid_argument);
    settings = small(directory.path());
    settings.bytes_max = 1;
    EXPECT_THROW(Journal{settings}, std::invalid_argument);
}

TEST(Journal, ReadsOnFromAnyPosition) {
    const TestDirectory directory;
    Journal journal(small(directory.path()));
    write(journal.writer(0), 0, 200);
    const SegmentId id = journal.segments().at(0).id;
    auto whole = journal.reader({id, 0});

    std::vector<Position> positions{{id, 0}};
    std::uint64_t read = 0;
    for (auto records = whole->read(1); !records.empty(); records = whole->read(1)) {
        ASSERT_EQ(records.size(), 1u);
        EXPECT_EQ(number_of(records[0].payload), read++);
        positions.push_back(whole->position());
    }
    for (std::size_t n = 0; n < positions.size(); n += 13) {
        auto rest = journal.reader(positions[n]);
        const auto records = rest->read(1 << 20);
        ASSERT_EQ(records.size(), 200 - n);
        EXPECT_EQ(number_of(records[0].payload), n);
        EXPECT_EQ(records[0].sequence, n);
    }
    EXPECT_FALSE(journal.reader({{1, 2, 3, 4}, 0}));
}

TEST(Journal, KeepsShardsApart) {
    const TestDirectory directory;
    Settings settings = small(directory.path());
    settings.shards = 3;
    Journal journal(settings);
    for (std::uint32_t shard = 0; shard < 3; ++shard) {
        write(journal.writer(shard), shard * 100, shard * 100 + 100);
    }

    EXPECT_EQ(journal.segments().size(), 3u);
    EXPECT_EQ(read_all(journal), first_numbers(300));
}

TEST(Journal, GivesRelaxedRecordsToReadersOnceSynced) {
    const TestDirectory directory;
    Settings settings = small(directory.path());
    settings.durability = Durability::relaxed;
    standing_ms = 1'000;
    settings.steady_clock = standing_clock;
    Journal journal(settings);
    Writer& writer = journal.writer(0);
    write(writer, 0, 10);  // The first commit begins a segment and syncs it.
    ASSERT_EQ(read_all(journal), first_numbers(10));

    write(writer, 10, 30);
    EXPECT_EQ(writer.stats().unsynced, 20u);
    EXPECT_EQ(read_all(journal), first_numbers(10));
    EXPECT_TRUE(writer.sync_if_due(standing_clock() + milliseconds(19)));
    EXPECT_EQ(writer.stats().unsynced, 20u);
    EXPECT_TRUE(writer.sync_if_due(standing_clock() + milliseconds(20)));
    EXPECT_EQ(writer.stats().unsynced, 0u);
    EXPECT_EQ(read_all(journal), first_numbers(30));
}

TEST(Journal, SyncsRelaxedRecordsAtTheEndAndOverSegments) {
    const TestDirectory directory;
    Settings settings = small(directory.path());
    settings.durability = Durability::relaxed;
    standing_ms = 1'000;
    settings.steady_clock = standing_clock;
    {
        Journal journal(settings);
        write(journal.writer(0), 0, 3'000, 7);
        EXPECT_LT(journal.writer(0).stats().commits, 60u);
    }

    Journal journal(settings);
    EXPECT_EQ(read_all(journal), first_numbers(3'000));
}

TEST(Journal, RemovesLoadedSegmentsAfterTheirTime) {
    const TestDirectory directory;
    Journal journal(small(directory.path()));
    write(journal.writer(0), 0, 2'000);
    const auto segments = journal.segments();
    ASSERT_GT(segments.size(), 3u);

    EXPECT_FALSE(journal.loaded({segments[0].id, segments[0].end - 8}, test_time));
    EXPECT_EQ(journal.sweep(test_time + hours(1'000)), 0u);
    EXPECT_TRUE(journal.loaded({segments[0].id, segments[0].end}, test_time));
    EXPECT_TRUE(journal.loaded({segments[2].id, segments[2].end}, test_time));
    EXPECT_FALSE(journal.loaded({segments.back().id, segments.back().end}, test_time));
    EXPECT_EQ(journal.sweep(test_time + hours(71)), 0u);
    EXPECT_EQ(journal.sweep(test_time + hours(72)), 1u);  // The third waits for the second.
    EXPECT_EQ(journal.segments().size(), segments.size() - 1);

    EXPECT_TRUE(journal.loaded({segments[1].id, segments[1].end}, test_time));
    journal.not_loaded(segments[1].id);
    EXPECT_EQ(journal.sweep(test_time + hours(72)), 0u);
    EXPECT_TRUE(journal.loaded({segments[1].id, segments[1].end}, test_time));
    EXPECT_EQ(journal.sweep(test_time + hours(72)), 2u);
    EXPECT_EQ(journal.stats().bytes_used, journal.segments().size() * (128u << 10));
}

TEST(Journal, LetsAReaderFinishARemovedSegment) {
    const TestDirectory directory;
    Journal journal(small(directory.path()));
    write(journal.writer(0), 0, 1'000);
    const SegmentInfo first = journal.segments().at(0);
    auto reader = journal.reader({first.id, 0});
    std::size_t read = reader->read(1'000).size();
    ASSERT_TRUE(journal.loaded({first.id, first.end}, test_time));

    ASSERT_EQ(journal.sweep(test_time + hours(72)), 1u);
    for (auto records = reader->read(1'000); !records.empty(); records = reader->read(1'000)) {
        read += records.size();
    }

    EXPECT_TRUE(reader->finished());
    EXPECT_GT(read, 300u);
    EXPECT_EQ(reader->quarantined_records(), 0u);
}

TEST(Journal, RefusesCommitsWhenUnloadedSegmentsFillIt) {
    const TestDirectory directory;
    Settings settings = small(directory.path());
    settings.bytes_max = 4 * settings.segment_bytes;
    standing_ms = 1'000;
    settings.steady_clock = standing_clock;
    Journal journal(settings);
    Writer& writer = journal.writer(0);
    std::uint64_t n = 0;
    bool taken = true;
    for (; taken && n < 10'000; n += taken) {
        ASSERT_TRUE(writer.append(payload(n)));
        taken = writer.commit();
    }

    EXPECT_LT(n, 10'000u);
    EXPECT_EQ(writer.stats().alarm, Alarm::full);
    EXPECT_EQ(journal.stats().alarm, Alarm::full);
    EXPECT_EQ(writer.stats().dropped, 1u);
    EXPECT_LE(journal.stats().bytes_used, settings.bytes_max);
    EXPECT_EQ(read_all(journal), first_numbers(n));

    const SegmentInfo first = journal.segments().at(0);
    ASSERT_TRUE(journal.loaded({first.id, first.end}, test_time));
    ASSERT_TRUE(writer.append(payload(n)));
    EXPECT_FALSE(writer.commit()) << "no attempt before the pause is over";
    standing_ms += 50;
    write(writer, n, n + 1);  // Removes the loaded one long before its time.
    EXPECT_EQ(writer.stats().alarm, Alarm::none);
    EXPECT_EQ(journal.segments().size(), 4u);
}

TEST(Journal, RecoversByItselfFromAFullDisk) {
    const TestDirectory directory;
    Settings settings = small(directory.path());
    standing_ms = 1'000;
    settings.steady_clock = standing_clock;
    Journal journal(settings);
    Writer& writer = journal.writer(0);
    write(writer, 0, 100);
    // Files cannot grow to a segment's size any more; what exists can be written.
    struct rlimit before {};
    ::getrlimit(RLIMIT_FSIZE, &before);
    ::signal(SIGXFSZ, SIG_IGN);
    const struct rlimit limit { 100'000, before.rlim_max };
    ::setrlimit(RLIMIT_FSIZE, &limit);

    std::uint64_t n = 100, refused = 0;
    for (int i = 0; i < 1'000; ++i) {
        ASSERT_TRUE(writer.append(payload(n)));
        writer.commit() ? ++n : ++refused;
    }
    EXPECT_GT(refused, 0u);
    EXPECT_EQ(writer.stats().dropped, refused);
    EXPECT_EQ(writer.stats().alarm, Alarm::disk_full);
    EXPECT_LT(writer.stats().failures, 10u) << "a full disk is hammered";
    EXPECT_EQ(read_all(journal), first_numbers(n));
    ::setrlimit(RLIMIT_FSIZE, &before);
    standing_ms += 1'000;

    write(writer, n, n + 500);
    EXPECT_EQ(writer.stats().alarm, Alarm::none);
    EXPECT_EQ(read_all(journal), first_numbers(n + 500));
}

TEST(Journal, LetsReadersFollowTheWriterAndSeeOnlyWhatIsDurable) {
    const TestDirectory directory;
    Settings settings = small(directory.path());
    settings.spares = 2;
    Journal journal(settings);
    constexpr std::uint64_t total = 20'000;
    std::atomic<std::uint64_t> begun{0};

    std::thread thread([&] {
        for (std::uint64_t n = 0; n < total; n += 20) {
            begun = n + 20;
            for (std::uint64_t i = n; i < n + 20; ++i) (void)journal.writer(0).append(payload(i));
            ASSERT_TRUE(journal.writer(0).commit());
        }
    });
    std::uint64_t read = 0;
    for (std::uint32_t number = 1; read < total;) {
        auto reader = journal.reader({{journal.node(), journal.epoch(), 0, number}, 0});
        if (!reader) continue;
        while (!reader->finished() && read < total) {
            for (const Record& record : reader->read(16 << 10)) {
                ASSERT_EQ(number_of(record.payload), read++);
            }
            ASSERT_LE(read, begun);
        }
        ++number;
    }
    thread.join();
    EXPECT_EQ(journal.stats().quarantined_records, 0u);
}

}  // namespace
}  // namespace referral::journal

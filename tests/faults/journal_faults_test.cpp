/// The journal on a disk that fails. The fault shim is linked in, so its calls stand before libc's;
/// tests run in the order of the file because the rules belong to the whole program.

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <random>
#include <sstream>
#include <thread>

#include "faults/power_cut.hpp"
#include "platform/journal/fixture_test.hpp"

namespace referral::journal {
namespace {

using std::chrono::milliseconds;

/// Everything the shim needs, made before the first file is opened.
struct Stage {
    TestDirectory directory;
    std::filesystem::path control = directory.path() / "control";
    std::filesystem::path log = directory.path() / "log";
    std::filesystem::path journals = directory.path() / "journals/";
    int next = 0;

    Stage() {
        std::filesystem::create_directory(journals);
        ::setenv("FAULT_PATH", journals.c_str(), 1);
        ::setenv("FAULT_CONTROL", control.c_str(), 1);
        ::setenv("FAULT_LOG", log.c_str(), 1);
    }

    void rules(const std::string& text) {
        const auto fresh = directory.path() / "control.fresh";
        set_content(fresh, text);
        std::filesystem::rename(fresh, control);
    }

    std::filesystem::path journal() { return journals / std::to_string(next++); }
};

Stage& stage() {
    static Stage made;
    return made;
}

std::atomic<std::int64_t> now_ms{1'000'000};
std::chrono::steady_clock::time_point moved_clock() noexcept {
    return std::chrono::steady_clock::time_point(milliseconds(now_ms.load()));
}

class JournalFaults : public testing::Test {
protected:
    JournalFaults() { stage().rules(""); }
    ~JournalFaults() override { stage().rules(""); }

    Settings settings(Durability durability = Durability::strict) {
        Settings result = small(directory);
        result.durability = durability;
        result.steady_clock = moved_clock;
        return result;
    }

    /// How often each file has been synced so far, and which syncs of one file came after a
    /// failure.
    static std::map<std::uint64_t, int> syncs() {
        std::map<std::uint64_t, int> result;
        std::istringstream lines(content(stage().log));
        std::string kind;
        for (std::uint64_t inode = 0, rest = 0; lines >> kind >> inode >> rest;) {
            if (kind == "w") lines >> rest;
            if (kind == "b") ++result[inode];
        }
        return result;
    }

    const std::filesystem::path directory = stage().journal();
};

TEST_F(JournalFaults, AFailedSyncMovesTheBatchToAFreshSegment) {
    Journal journal(settings());
    Writer& writer = journal.writer(0);
    write(writer, 0, 20);
    stage().rules("fail sync 1 EIO\n");

    write(writer, 20, 30);

    const auto segments = journal.segments();
    ASSERT_EQ(segments.size(), 2u);
    EXPECT_TRUE(segments[0].closed);
    EXPECT_EQ(segments[1].first_sequence, 20u);
    EXPECT_EQ(writer.stats().failures, 1u);
    EXPECT_EQ(writer.stats().alarm, Alarm::none);
    EXPECT_EQ(read_all(journal), first_numbers(30));
}

TEST_F(JournalFaults, AFileWhoseSyncFailedIsNeverSyncedAgain) {
    std::map<std::uint64_t, int> before, after;
    struct stat failed {};
    {
        Journal journal(settings());
        write(journal.writer(0), 0, 20);
        ASSERT_EQ(::stat((directory / "00000001.seg").c_str(), &failed), 0);
        stage().rules("fail sync 1 EIO\n");
        before = syncs();
        write(journal.writer(0), 20, 400);
        after = syncs();
    }

    EXPECT_EQ(before[failed.st_ino], after[failed.st_ino]);
    EXPECT_EQ(syncs()[failed.st_ino], before[failed.st_ino]);
    Journal journal(settings());
    EXPECT_EQ(read_all(journal), first_numbers(400));
}

TEST_F(JournalFaults, ABatchThatWasRefusedIsNeverRead) {
    Journal journal(settings());
    Writer& writer = journal.writer(0);
    write(writer, 0, 20);
    stage().rules("fail sync all EIO\n");
    for (std::uint64_t n = 1'000; n < 1'010; ++n) ASSERT_TRUE(writer.append(payload(n)));

    EXPECT_FALSE(writer.commit());
    EXPECT_EQ(writer.stats().dropped, 10u);
    EXPECT_EQ(writer.stats().alarm, Alarm::broken);
    // As after kill -9: a copy of what is in the files now is opened.
    const auto copy = stage().journal();
    std::filesystem::copy(directory, copy, std::filesystem::copy_options::recursive);
    stage().rules("");
    Settings other = settings();
    other.directory = copy;
    Journal killed(other);
    EXPECT_EQ(read_all(killed), first_numbers(20));

    now_ms += 1'000;
    write(writer, 20, 30);
    EXPECT_EQ(read_all(journal), first_numbers(30));
}

TEST_F(JournalFaults, AReplacedSegmentCountsOnlyUpToItsEnd) {
    // The batch is in both segments whole; the second one's header says where the first one ends.
    {
        Journal journal(settings());
        write(journal.writer(0), 0, 20);
        stage().rules("fail sync 1 EIO\n");
        write(journal.writer(0), 20, 40, 20);
    }
    Journal journal(settings());

    EXPECT_EQ(read_all(journal), first_numbers(40));
    EXPECT_EQ(journal.stats().quarantined_records, 0u);
}

TEST_F(JournalFaults, ShortAndInterruptedWritesAreCompleted) {
    Journal journal(settings());
    stage().rules(
        "fail write 1 short\nfail write 2 EINTR\nfail write 3 short\nfail sync 1 EINTR\n");

    write(journal.writer(0), 0, 100, 100);

    EXPECT_EQ(journal.segments().size(), 1u);
    EXPECT_EQ(journal.writer(0).stats().failures, 0u);
    EXPECT_EQ(read_all(journal), first_numbers(100));
}

TEST_F(JournalFaults, RelaxedRecordsThatWereAnsweredOutliveAFailingDisk) {
    Settings relaxed = settings(Durability::relaxed);
    Journal journal(relaxed);
    Writer& writer = journal.writer(0);
    write(writer, 0, 10);
    write(writer, 10, 20);  // Answered, not synced.
    stage().rules("fail any all EIO\n");
    now_ms += 20;
    ASSERT_TRUE(writer.append(payload(77)));

    EXPECT_FALSE(writer.sync_if_due(moved_clock()));
    EXPECT_FALSE(writer.commit()) << "the pause is not over";
    EXPECT_EQ(writer.stats().unsynced, 10u);
    EXPECT_EQ(writer.stats().dropped, 1u);
    stage().rules("");
    now_ms += 1'000;
    write(writer, 20, 30);

    now_ms += 20;
    EXPECT_TRUE(writer.sync_if_due(moved_clock()));
    EXPECT_EQ(read_all(journal), first_numbers(30));
}

TEST_F(JournalFaults, AFullDiskRefusesAndThenTakesAgain) {
    Settings with_spares = settings();
    Journal journal(with_spares);
    Writer& writer = journal.writer(0);
    stage().rules("limit 200000\n");

    std::uint64_t n = 0, refused = 0;
    for (int i = 0; i < 2'000; ++i, now_ms += 1) {
        ASSERT_TRUE(writer.append(payload(n)));
        writer.commit() ? ++n : ++refused;
    }
    EXPECT_GT(refused, 0u);
    EXPECT_EQ(writer.stats().dropped, refused);
    EXPECT_EQ(writer.stats().alarm, Alarm::disk_full);
    stage().rules("");
    now_ms += 1'000;
    write(writer, n, n + 1'000);

    EXPECT_EQ(writer.stats().alarm, Alarm::none);
    EXPECT_EQ(read_all(journal), first_numbers(n + 1'000));
}

/// the n-th call fails, for every n, with every error.
TEST_F(JournalFaults, NoSingleFailureLosesADurableRecordOrReadsARefusedOne) {
    const std::vector<std::string> errors = {"EIO", "ENOSPC", "EINTR", "short"};
    for (int nth = 1; nth <= 200; ++nth) {
        const std::string& error = errors[static_cast<std::size_t>(nth) % errors.size()];
        Settings given = settings(nth % 3 == 0 ? Durability::relaxed : Durability::strict);
        given.directory = stage().journal();
        given.spares = nth % 2 == 0 ? 1 : 0;
        std::vector<std::uint64_t> kept;
        stage().rules("fail any " + std::to_string(nth) + " " + error + "\n");
        try {
            Journal journal(given);
            for (std::uint64_t n = 0; n < 900; n += 9, now_ms += 7) {
                for (std::uint64_t i = n; i < n + 9; ++i) {
                    ASSERT_TRUE(journal.writer(0).append(payload(i)));
                }
                if (!journal.writer(0).commit()) continue;
                for (std::uint64_t i = n; i < n + 9; ++i) kept.push_back(i);
            }
            EXPECT_GE(kept.size(), 700u) << nth;
        } catch (const std::system_error&) {
            EXPECT_LT(nth, 12) << "only opening the directory may fail";
        }
        stage().rules("");
        Journal journal(given);
        ASSERT_EQ(read_all(journal), kept) << nth << " " << error;
        ASSERT_EQ(journal.stats().quarantined_records, 0u) << nth << " " << error;
    }
}

TEST_F(JournalFaults, AStalledSyncHoldsOnlyItsWriter) {
    Settings two = settings();
    two.shards = 2;
    Journal journal(two);
    write(journal.writer(0), 0, 10);
    stage().rules("stall sync\n");
    std::atomic<bool> done{false};

    std::thread thread([&] {
        write(journal.writer(1), 10, 20);
        done = true;
    });
    EXPECT_EQ(read_all(journal), first_numbers(10));
    EXPECT_EQ(journal.stats().segments, 1u);
    EXPECT_FALSE(done);
    stage().rules("");
    thread.join();

    EXPECT_EQ(read_all(journal), first_numbers(20));
}

/// Writes without end in a process of its own and tells, through a pipe, how many are durable.
[[noreturn]] void write_until_killed(const Settings& given, int out) {
    Journal journal(given);
    for (std::uint64_t n = 0;; n += 16) {
        for (std::uint64_t i = n; i < n + 16; ++i) (void)journal.writer(0).append(payload(i));
        if (!journal.writer(0).commit()) ::_exit(1);
        const std::uint64_t durable = n + 16;
        if (::write(out, &durable, sizeof durable) != sizeof durable) ::_exit(1);
    }
}

/// Whether a file's last change is a write that no sync has followed yet.
bool holds_a_write() {
    std::istringstream lines(content(stage().log));
    std::map<std::string, char> last;
    std::string line, inode;
    for (char kind = 0; lines >> kind >> inode && std::getline(lines, line);) last[inode] = kind;
    return std::any_of(last.begin(), last.end(),
                       [](const auto& file) { return file.second == 'w'; });
}

/// Kills such a process once `stop` records are durable, while it waits for a sync; gives how many
/// it had told of by then.
std::uint64_t killed_at(const Settings& given, std::uint64_t stop) {
    std::array<int, 2> pipe{};
    EXPECT_EQ(::pipe(pipe.data()), 0);
    const pid_t child = ::fork();
    if (child == 0) write_until_killed(given, pipe[1]);
    ::close(pipe[1]);
    std::uint64_t durable = 0, told = 0;
    while (durable < stop && ::read(pipe[0], &told, sizeof told) == sizeof told) durable = told;
    stage().rules("stall sync\n");
    // A sync that had begun before the rule may still end: the second look comes after it.
    for (int looks = 0; looks < 2;) {
        std::this_thread::sleep_for(milliseconds(2));
        looks = holds_a_write() ? looks + 1 : 0;
    }
    ::kill(child, SIGKILL);
    stage().rules("");
    while (::read(pipe[0], &told, sizeof told) == sizeof told) durable = told;
    ::close(pipe[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status));
    return durable;
}

/// what a commit promised is there after the power is cut, 50 times.
TEST_F(JournalFaults, APowerCutLosesNothingThatWasDurable) {
    std::uint64_t lost_sectors = 0, tails = 0;
    for (std::uint32_t seed = 0; seed < 50; ++seed) {
        Settings given = settings();
        given.directory = stage().journal();
        given.spares = seed % 2;
        set_content(stage().log, "");
        const std::uint64_t durable = killed_at(given, 16 * (1 + std::mt19937_64(seed)() % 120));
        lost_sectors += faults::cut_power(stage().log, given.directory, seed).lost;

        for (int start = 0; start < 2; ++start) {
            Journal journal(given);
            const auto read = read_all(journal, 64 << 10);
            ASSERT_GE(read.size(), durable) << "seed " << seed;
            ASSERT_LE(read.size(), durable + 32) << "more than in flight, seed " << seed;
            const auto expected = first_numbers(durable);
            ASSERT_TRUE(std::equal(expected.begin(), expected.end(), read.begin())) << seed;
            ASSERT_TRUE(std::is_sorted(read.begin(), read.end(), std::less_equal<>())) << seed;
            ASSERT_EQ(journal.stats().quarantined_records, 0u) << "seed " << seed;
            tails += journal.stats().tails_cut;
        }
    }
    EXPECT_GT(lost_sectors, 50u);
    EXPECT_GT(tails, 0u);
}

}  // namespace
}  // namespace referral::journal

int main(int count, char** words) {
    (void)referral::journal::stage();
    testing::InitGoogleTest(&count, words);
    return RUN_ALL_TESTS();
}

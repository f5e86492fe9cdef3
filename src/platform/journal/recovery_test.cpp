#include "platform/journal/recovery.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "platform/journal/fixture_test.hpp"

namespace referral::journal {
namespace {

/// A directory with one segment of `records` that was not closed, as kill -9 leaves it.
class Crashed {
public:
    explicit Crashed(std::uint64_t records, std::uint64_t batch) {
        const TestDirectory live;
        Journal journal(small(live.path()));
        write(journal.writer(0), 0, records, batch);
        for (const auto& entry : std::filesystem::directory_iterator(live.path())) {
            if (entry.is_regular_file()) files_[entry.path().filename()] = content(entry.path());
        }
        auto reader = journal.reader({journal.segments().at(0).id, 0});
        for (const Record& record : reader->read(1 << 20)) offsets_.push_back(record.offset);
        offsets_.push_back(reader->position().offset);
    }

    /// Puts it into `directory`, with `bytes` as its segment.
    void restore(const std::filesystem::path& directory, const std::string& bytes) const {
        for (const auto& entry : std::filesystem::directory_iterator(directory)) {
            std::filesystem::remove_all(entry.path());
        }
        for (const auto& [name, text] : files_) set_content(directory / name, text);
        set_content(directory / "00000001.seg", bytes);
    }

    const std::string& segment() const { return files_.at("00000001.seg"); }

    /// Where each record begins, and where the last one ends.
    const std::vector<std::uint32_t>& offsets() const { return offsets_; }

    /// How many records at the beginning are as they were in `bytes`. (The last bytes of a frame
    /// are zeros anyway.)
    std::uint64_t whole_records(const std::string& bytes) const {
        std::uint64_t count = 0;
        while (count + 1 < offsets_.size() &&
               segment().compare(offsets_[count], offsets_[count + 1] - offsets_[count], bytes,
                                 offsets_[count], offsets_[count + 1] - offsets_[count]) == 0) {
            ++count;
        }
        return count;
    }

private:
    std::map<std::string, std::string> files_;
    std::vector<std::uint32_t> offsets_;
};

std::string noise(std::mt19937_64& random, std::size_t bytes) {
    std::string text(bytes, '\0');
    for (char& byte : text) byte = static_cast<char>(random());
    return text;
}

TEST(Recovery, CutsATornEndAtEveryByte) {
    const Crashed crashed(40, 8);
    const TestDirectory directory;
    const std::uint32_t last_batch = crashed.offsets()[32];
    for (std::uint32_t cut = last_batch; cut <= crashed.offsets().back(); ++cut) {
        std::string bytes = crashed.segment();
        std::fill(bytes.begin() + cut, bytes.end(), '\0');
        crashed.restore(directory.path(), bytes);

        Journal journal(small(directory.path()));

        ASSERT_EQ(read_all(journal), first_numbers(crashed.whole_records(bytes))) << "cut " << cut;
        ASSERT_EQ(journal.stats().quarantined_records, 0u);
    }
}

TEST(Recovery, FindsNothingInNoiseBehindTheEnd) {
    const Crashed crashed(40, 8);
    const TestDirectory directory;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        std::mt19937_64 random(seed);
        const std::uint32_t last_batch = crashed.offsets()[32];
        const auto cut = last_batch + random() % (crashed.offsets().back() - last_batch);
        std::string bytes = crashed.segment();
        const std::size_t whole = bytes.size();
        bytes.resize(cut);
        bytes += noise(random, seed % 2 == 0 ? whole - cut : random() % 20'000);
        crashed.restore(directory.path(), bytes);

        for (int start = 0; start < 2; ++start) {
            Journal journal(small(directory.path()));
            ASSERT_EQ(read_all(journal), first_numbers(crashed.whole_records(bytes)))
                << "seed " << seed << " start " << start;
            ASSERT_EQ(journal.stats().quarantined_records, 0u);
        }
    }
}

TEST(Recovery, KeepsWhatFollowsAHoleInTheLastBatch) {
    const Crashed crashed(40, 8);
    const TestDirectory directory;
    std::string bytes = crashed.segment();
    std::fill(bytes.begin() + crashed.offsets()[34], bytes.begin() + crashed.offsets()[36], '\0');
    crashed.restore(directory.path(), bytes);

    Journal journal(small(directory.path()));

    auto expected = first_numbers(40);
    expected.erase(expected.begin() + 34, expected.begin() + 36);
    EXPECT_EQ(read_all(journal), expected);
    EXPECT_EQ(journal.stats().quarantined_records, 0u) << "nobody was answered for these";
}

TEST(Recovery, CountsDamageBeforeTheLastBatchAsLoss) {
    const Crashed crashed(40, 8);
    const TestDirectory directory;
    std::string bytes = crashed.segment();
    std::fill(bytes.begin() + crashed.offsets()[3], bytes.begin() + crashed.offsets()[5], '\0');
    bytes[crashed.offsets()[20] + 9] ^= 1;  // A length.
    crashed.restore(directory.path(), bytes);

    Journal journal(small(directory.path()));

    auto expected = first_numbers(40);
    expected.erase(expected.begin() + 20);
    expected.erase(expected.begin() + 3, expected.begin() + 5);
    EXPECT_EQ(read_all(journal), expected);
    EXPECT_EQ(journal.stats().quarantined_records, 3u);
    EXPECT_EQ(journal.stats().quarantined_regions, 2u);
    const auto copies =
        std::distance(std::filesystem::directory_iterator(directory.path() / "quarantine"), {});
    EXPECT_EQ(copies, 2);
}

TEST(Recovery, ReadsTheSameAfterFurtherStarts) {
    const Crashed crashed(100, 8);
    const TestDirectory directory;
    std::string bytes = crashed.segment();
    bytes[crashed.offsets()[50] + 20] ^= 4;
    crashed.restore(directory.path(), bytes);
    auto expected = first_numbers(100);
    expected.erase(expected.begin() + 50);

    for (int start = 0; start < 3; ++start) {
        Journal journal(small(directory.path()));
        EXPECT_EQ(read_all(journal), expected);
        EXPECT_EQ(journal.stats().quarantined_records, 1u);
    }
    EXPECT_LT(std::filesystem::file_size(directory.path() / "00000001.seg"), 128u << 10)
        << "a closed segment gives back what it did not need";
}

TEST(Recovery, LoadsAllUntouchedRecordsOfDamagedSegments) {
    const TestDirectory directory;
    std::uint64_t total = 0;
    while (segment_files(directory.path()).size() < 100) {
        Journal journal(small(directory.path()));
        write(journal.writer(0), total, total + 4'000);
        total += 4'000;
    }
    // Which records a flip hits is told by an undamaged reading.
    std::map<std::string, std::map<std::uint32_t, std::uint64_t>> ends;  // File → end → record.
    {
        Quarantine quarantine(directory.path() / "quarantine", 0);
        Settings settings = small(directory.path());
        const Recovered found = recover(directory.path(), settings.segment_bytes, quarantine);
        Journal journal(settings);
        for (const RecoveredSegment& segment : found.segments) {
            auto& file = ends[slot_path(directory.path(), segment.slot).string()];
            auto reader = journal.reader({segment.header.id, 0});
            const auto records = reader->read(settings.segment_bytes);
            for (std::size_t i = 0; i < records.size(); ++i) {
                const std::uint32_t end =
                    i + 1 < records.size() ? records[i + 1].offset : reader->position().offset;
                file[end] = number_of(records[i].payload);
            }
        }
    }
    std::mt19937_64 random(15);
    std::set<std::uint64_t> hit;
    const auto files = segment_files(directory.path());
    for (int flip = 0; flip < 1'000; ++flip) {
        const auto& file = files[random() % files.size()];
        std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
        const auto at = random() % std::filesystem::file_size(file);
        stream.seekg(static_cast<std::streamoff>(at));
        const char byte = static_cast<char>(stream.get() ^ (1 << (random() % 8)));
        stream.seekp(static_cast<std::streamoff>(at));
        stream.put(byte);
        const auto& records = ends[file.string()];
        const auto record = records.upper_bound(static_cast<std::uint32_t>(at));
        if (at >= first_offset && record != records.end()) hit.insert(record->second);
    }

    Journal journal(small(directory.path()));
    const std::vector<std::uint64_t> read = read_all(journal);
    const std::set<std::uint64_t> loaded(read.begin(), read.end());

    EXPECT_EQ(loaded.size(), read.size()) << "a record was read twice";
    std::uint64_t missing = 0;
    for (std::uint64_t n = 0; n < total; ++n) {
        if (loaded.contains(n)) continue;
        ++missing;
        EXPECT_TRUE(hit.contains(n)) << "an untouched record is missing: " << n;
    }
    EXPECT_GT(missing, 500u);
    EXPECT_EQ(journal.stats().quarantined_records, missing);
    EXPECT_EQ(journal.stats().segments_quarantined, 0u);
}

TEST(Recovery, PutsFilesWithoutAHeaderIntoQuarantine) {
    const TestDirectory directory;
    {
        Journal journal(small(directory.path()));
        write(journal.writer(0), 0, 10);
    }
    std::mt19937_64 random(1);
    set_content(directory.path() / "00000007.seg", noise(random, 20'000));
    set_content(directory.path() / "00000008.new", noise(random, 20'000));
    set_content(directory.path() / "notes.txt", "mine");

    Journal journal(small(directory.path()));

    EXPECT_EQ(read_all(journal), first_numbers(10));
    EXPECT_EQ(journal.stats().segments_quarantined, 1u);
    EXPECT_TRUE(std::filesystem::exists(directory.path() / "quarantine/00000007.seg"));
    EXPECT_FALSE(std::filesystem::exists(directory.path() / "00000008.new"));
    EXPECT_TRUE(std::filesystem::exists(directory.path() / "notes.txt"));
}

TEST(Recovery, ReadsACopiedDirectoryAsTheSameSegments) {
    const TestDirectory directory, copy;
    {
        Journal journal(small(directory.path()));
        write(journal.writer(0), 0, 10);
    }
    std::filesystem::copy(directory.path(), copy.path(),
                          std::filesystem::copy_options::recursive |
                              std::filesystem::copy_options::overwrite_existing);

    Journal original(small(directory.path())), copied(small(copy.path()));

    EXPECT_EQ(original.segments().at(0).id, copied.segments().at(0).id);
}

TEST(Recovery, TakesNothingOldFromAFileUsedAgain) {
    const TestDirectory directory;
    {
        Journal journal(small(directory.path()));
        write(journal.writer(0), 0, 300, 300);
    }
    const std::string old = content(directory.path() / "00000001.seg");
    std::filesystem::remove(directory.path() / "00000001.seg");
    {
        Journal journal(small(directory.path()));
        write(journal.writer(0), 1'000, 1'100, 100);
    }
    const auto file = segment_files(directory.path()).at(0);
    std::string bytes = content(file);
    const std::size_t end = bytes.size() - end_frame_bytes;
    bytes.replace(end, std::string::npos, old.substr(end));
    set_content(file, bytes);

    Journal journal(small(directory.path()));

    const auto read = read_all(journal);
    ASSERT_EQ(read.size(), 100u);
    EXPECT_EQ(read.front(), 1'000u);
    EXPECT_EQ(journal.stats().tails_cut, 1u);
    EXPECT_EQ(journal.stats().quarantined_records, 0u);
}

}  // namespace
}  // namespace referral::journal

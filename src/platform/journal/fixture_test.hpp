#pragma once

/// What the journal's tests share: a directory that goes away, small segments, records that tell
/// whether they are right.

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "platform/journal/journal.hpp"

namespace referral::journal {

/// A directory for one test, removed with the object; in memory where that is possible, for some
/// tests sync thousands of times.
class TestDirectory {
public:
    TestDirectory() {
        std::string pattern = (parent() / "journal-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
        path_ = pattern;
    }
    ~TestDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TestDirectory(const TestDirectory&) = delete;
    TestDirectory& operator=(const TestDirectory&) = delete;

    const std::filesystem::path& path() const { return path_; }

private:
    static std::filesystem::path parent() {
        const std::filesystem::path memory = "/dev/shm";
        return std::filesystem::is_directory(memory) ? memory
                                                     : std::filesystem::temp_directory_path();
    }

    std::filesystem::path path_;
};

/// The moment of every test's clock.
constexpr Instant test_time{std::chrono::days(20'000)};

/// Segments of 128 KiB, no spares made in the background.
inline Settings small(const std::filesystem::path& directory) {
    return {.directory = directory,
            .segment_bytes = 128u << 10,
            .batch_bytes_max = 96u << 10,
            .spares = 0,
            .clock = [] { return test_time; }};
}

/// A payload that only record `n` has: `n`, then 20 to 419 bytes that follow from it.
inline std::vector<std::byte> payload(std::uint64_t n) {
    std::minstd_rand random(static_cast<std::uint32_t>(n * 2654435761u + 1));
    std::vector<std::byte> bytes(28 + random() % 400);
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
    std::memcpy(bytes.data(), &n, sizeof n);
    return bytes;
}

/// The `n` of a payload; fails the test when it is not exactly payload(n).
inline std::uint64_t number_of(std::span<const std::byte> bytes) {
    std::uint64_t n = ~std::uint64_t{0};
    if (bytes.size() >= sizeof n) std::memcpy(&n, bytes.data(), sizeof n);
    const auto expected = payload(n);
    EXPECT_TRUE(std::equal(bytes.begin(), bytes.end(), expected.begin(), expected.end()))
        << "a wrong record: " << n;
    return n;
}

/// Appends payload(from) … payload(to - 1) and commits after each `batch` of them.
inline void write(Writer& writer, std::uint64_t from, std::uint64_t to, std::uint64_t batch = 10) {
    for (std::uint64_t n = from; n < to; ++n) {
        ASSERT_TRUE(writer.append(payload(n)));
        const bool last_of_batch = (n + 1 - from) % batch == 0 || n + 1 == to;
        ASSERT_TRUE(!last_of_batch || writer.commit());
    }
}

/// The numbers of all records that can be read, in the order of the segments.
inline std::vector<std::uint64_t> read_all(Journal& journal, std::size_t bytes_max = 4096) {
    std::vector<std::uint64_t> numbers;
    for (const SegmentInfo& segment : journal.segments()) {
        auto reader = journal.reader({segment.id, 0});
        if (!reader) continue;
        for (auto records = reader->read(bytes_max); !records.empty();
             records = reader->read(bytes_max)) {
            for (const Record& record : records) numbers.push_back(number_of(record.payload));
        }
        EXPECT_EQ(reader->position().offset, segment.end);
    }
    return numbers;
}

/// 0, 1, … count - 1.
inline std::vector<std::uint64_t> first_numbers(std::uint64_t count) {
    std::vector<std::uint64_t> numbers(count);
    for (std::uint64_t n = 0; n < count; ++n) numbers[n] = n;
    return numbers;
}

/// The files of segments and spares, by name.
inline std::vector<std::filesystem::path> segment_files(const std::filesystem::path& directory) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
        if (entry.path().extension() == ".seg") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

inline std::string content(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

inline void set_content(const std::filesystem::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

}  // namespace referral::journal

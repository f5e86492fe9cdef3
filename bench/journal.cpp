/// What the journal costs: bench_journal [DIRECTORY]. One figure a line; best of a few rounds.

#include "platform/journal/journal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <thread>
#include <vector>

namespace {

namespace journal = referral::journal;
using Steady = std::chrono::steady_clock;

constexpr std::size_t payload_bytes = 200;

double nanoseconds(Steady::duration time) {
    return std::chrono::duration<double, std::nano>(time).count();
}

journal::Settings settings(const std::filesystem::path& directory, journal::Durability durability) {
    return {.directory = directory, .durability = durability, .clock = [] {
                return std::chrono::time_point_cast<std::chrono::microseconds>(
                    std::chrono::system_clock::now());
            }};
}

void append(journal::Writer& writer, std::size_t records) {
    static const std::vector<std::byte> payload(payload_bytes, std::byte{0x5a});
    for (std::size_t i = 0; i < records; ++i) {
        if (!writer.append(payload)) std::abort();
    }
}

void measure_append(journal::Writer& writer) {
    double best = 1e9;
    for (int round = 0; round < 20; ++round) {
        const auto start = Steady::now();
        append(writer, 10'000);
        best = std::min(best, nanoseconds(Steady::now() - start) / 10'000);
        if (!writer.commit()) std::abort();
    }
    fmt::print("append                       {:8.1f} ns/record\n", best);
}

void measure_commit(journal::Writer& writer, const char* mode, std::size_t records) {
    std::vector<double> times;
    const auto begin = Steady::now();
    for (int round = 0; round < 3'000; ++round) {
        append(writer, records);
        const auto start = Steady::now();
        if (!writer.commit()) std::abort();
        times.push_back(nanoseconds(Steady::now() - start) / 1'000);
        writer.sync_if_due(Steady::now());
    }
    const double seconds = nanoseconds(Steady::now() - begin) / 1e9;
    std::sort(times.begin(), times.end());
    fmt::print("commit {:4} {:8}  p50 {:8.1f}  p99 {:8.1f}  p99.9 {:8.1f} us  {:9.0f} records/s\n",
               records, mode, times[times.size() / 2], times[times.size() * 99 / 100],
               times[times.size() * 999 / 1'000],
               static_cast<double>(records) * static_cast<double>(times.size()) / seconds);
}

void measure_reader(journal::Journal& journal) {
    for (int round = 0; round < 3; ++round) {
        std::uint64_t records = 0, bytes = 0;
        const auto start = Steady::now();
        for (const auto& segment : journal.segments()) {
            auto reader = journal.reader({segment.id, 0});
            for (auto batch = reader->read(1 << 20); !batch.empty();
                 batch = reader->read(1 << 20)) {
                records += batch.size();
            }
            bytes += segment.end - journal::first_offset;
        }
        const double time = nanoseconds(Steady::now() - start);
        fmt::print("read {:9} records     {:8.1f} ns/record  {:8.0f} MB/s\n", records,
                   time / static_cast<double>(records), static_cast<double>(bytes) / time * 1e3);
    }
}

}  // namespace

int main(int count, char** words) {
    const std::filesystem::path directory = count > 1 ? words[1] : "/var/tmp/bench_journal";
    for (const auto durability : {journal::Durability::strict, journal::Durability::relaxed}) {
        const bool strict = durability == journal::Durability::strict;
        std::filesystem::remove_all(directory);
        {
            journal::Journal journal(settings(directory, durability));
            while (journal.stats().spares < 2) std::this_thread::yield();
            journal::Writer& writer = journal.writer(0);
            if (strict) measure_append(writer);
            for (const std::size_t records : {1, 64, 256, 1'000}) {
                measure_commit(writer, strict ? "strict" : "relaxed", records);
            }
            if (strict) measure_reader(journal);
        }
        const auto start = Steady::now();
        const journal::Journal again(settings(directory, durability));
        fmt::print("open with {} segments         {:8.1f} ms\n", again.segments().size(),
                   nanoseconds(Steady::now() - start) / 1e6);
    }
    std::filesystem::remove_all(directory);
    return 0;
}

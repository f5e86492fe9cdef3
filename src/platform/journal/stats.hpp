#pragma once

/// What the journal counts, as plain numbers; app/ turns them into metrics and alarms.

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>

namespace referral::journal {

/// Why records are not being kept, the worst last. An alarm ends by itself with the next commit
/// that is durable.
enum class Alarm {
    none,
    full,       // `bytes_max` is reached by segments that are not loaded yet.
    disk_full,  // The file system has no space (ENOSPC, EDQUOT, EFBIG).
    broken,     // The disk fails otherwise (EIO and all else).
};

/// "none", "full", "disk_full" or "broken".
const char* to_text(Alarm alarm);

/// Upper ends, in microseconds, of the buckets of `WriterStats::commit_times`; one more bucket
/// takes all that is longer.
constexpr std::array<std::uint32_t, 14> commit_time_bounds_us = {
    50,     100,    200,    500,     1'000,   2'000,   5'000,
    10'000, 20'000, 50'000, 100'000, 200'000, 500'000, 1'000'000};

/// One writer's numbers since the start, at one moment; each is exact, together they may be a
/// commit apart.
struct WriterStats {
    std::uint64_t records = 0;   // Made durable.
    std::uint64_t bytes = 0;     // Made durable, with frames.
    std::uint64_t commits = 0;   // Syncs that succeeded.
    std::uint64_t failures = 0;  // Times a write or sync failed, also when a fresh segment helped.
    std::uint64_t commits_refused = 0;  // Calls of commit() that returned false.
    std::uint64_t dropped = 0;          // Records of those calls; they are in no segment.
    std::uint64_t unsynced = 0;         // Records written or waiting and not durable yet.
    std::uint64_t commit_us = 0;        // Time spent in successful writes with sync.
    std::array<std::uint64_t, commit_time_bounds_us.size() + 1> commit_times{};  // Not cumulative.
    Alarm alarm = Alarm::none;
};

/// The directory's numbers at one moment.
struct Stats {
    std::uint64_t bytes_used = 0;            // Segments and spares.
    std::uint64_t bytes_max = 0;             // As set.
    std::uint64_t segments = 0;              // With records: live, waiting for loading, kept.
    std::uint64_t segments_unloaded = 0;     // Of these, not reported as loaded.
    std::uint64_t spares = 0;                // Ready to be written.
    std::uint64_t quarantined_records = 0;   // Lost to damage, found by readers since the start.
    std::uint64_t quarantined_regions = 0;   // Damaged stretches copied to quarantine/.
    std::uint64_t segments_quarantined = 0;  // Files without any good header, found at the start.
    std::uint64_t tails_cut = 0;             // Torn ends found at the start: normal after a crash.
    std::uint64_t preparer_failures = 0;     // Times a spare could not be made.
    Alarm alarm = Alarm::none;               // The worst of the writers' and the preparer's.
};

}  // namespace referral::journal

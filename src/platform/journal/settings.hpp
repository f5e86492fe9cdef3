#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>

#include "base/time.hpp"

namespace referral::journal {

/// When a commit answers true.
enum class Durability {
    strict,   // After fdatasync: survives a power cut.
    relaxed,  // After write: survives the end of the process; synced within `sync_interval`.
};

/// How a journal is kept. What is out of range is an std::invalid_argument when it is opened.
struct Settings {
    std::filesystem::path directory;  // Made when missing; belongs to one process at a time.
    std::uint32_t shards = 1;         // Writers, 1 to 64.
    Durability durability = Durability::strict;
    std::uint32_t segment_bytes = 64u << 20;            // 128 KiB to 1 GiB; multiple of 4 KiB.
    std::uint64_t bytes_max = std::uint64_t{16} << 30;  // Of all segments and spares.
    std::uint32_t batch_bytes_max = 4u << 20;           // Lowered to what a segment can hold.
    std::uint32_t spares = 2;                           // Kept ready, 0 to 16.
    std::chrono::milliseconds sync_interval{20};        // Relaxed only.
    std::chrono::hours kept_after_loading{72};          // See `Journal::sweep`.
    Clock clock;                                        // For the segments' headers; required.
    std::chrono::steady_clock::time_point (*steady_clock)() noexcept =
        std::chrono::steady_clock::now;  // For durations and pauses.
};

}  // namespace referral::journal

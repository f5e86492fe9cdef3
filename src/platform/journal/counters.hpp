#pragma once

#include <atomic>
#include <cstdint>

#include "platform/journal/stats.hpp"

namespace referral::journal {

/// A number that one thread changes and any thread reads; no locked instruction on the way.
class Counter {
public:
    void add(std::uint64_t n) noexcept {
        value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
    }
    void set(std::uint64_t n) noexcept { value_.store(n, std::memory_order_relaxed); }
    std::uint64_t get() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

/// What a writer counts; `WriterStats` tells what each means.
struct Counters {
    Counter records, bytes, commits, failures, commits_refused, dropped, unsynced, commit_us;
    std::array<Counter, commit_time_bounds_us.size() + 1> commit_times;
    std::atomic<Alarm> alarm{Alarm::none};
};

}  // namespace referral::journal

#pragma once

#include <atomic>
#include <cstdint>

namespace referral::http {

/// Counts on one thread, read from any: no locked instruction on the way.
class Counter {
public:
    void add(std::uint64_t count = 1) {
        value_.store(value_.load(std::memory_order_relaxed) + count, std::memory_order_relaxed);
    }
    void subtract(std::uint64_t count = 1) { add(~count + 1); }
    std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_ = 0;
};

/// What one loop counts towards ServerStats, where each is explained; on cache lines of its own.
struct alignas(64) Counters {
    Counter accepted, clicks, clicks_unrecorded, clicks_uncommitted, clicks_relayed, instant,
        pooled, streams, streams_overrun, handed_over, handed_back, commits, commits_failed,
        refused_malformed, refused_head_size, refused_body_size, refused_pool_full,
        refused_connections, refused_client, timeouts_head, timeouts_body, timeouts_idle,
        timeouts_send, tls_failed;

    /// A request refused with `status`.
    void refused(int status) {
        if (status == 413)
            refused_body_size.add();
        else if (status == 414 || status == 431)
            refused_head_size.add();
        else
            refused_malformed.add();
    }
};

}  // namespace referral::http

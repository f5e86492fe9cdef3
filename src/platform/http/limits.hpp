#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace referral::http {

/// What one connection and all of them together may use. Times are kept to a second or two: they
/// are looked at once a second.
struct Limits {
    std::size_t header_bytes_max = 16 * 1024;      // The whole head; else 431. At most 60 KiB.
    std::size_t header_lines_max = 100;            // Else 431. At most Request::header_lines_max.
    std::size_t target_bytes_max = 8 * 1024;       // Else 414.
    std::size_t click_body_bytes_max = 64 * 1024;  // Read and dropped; else 413.
    std::size_t chunk_line_bytes_max = 1024;       // A chunk's size with extensions; else 400.
    std::size_t trailer_bytes_max = 4 * 1024;      // All trailers; read and dropped; else 400.

    std::chrono::seconds header_time_max{10};  // From a head's first byte to its last; else 408.
    std::chrono::seconds body_time_max{30};    // For a body, and one more second per …
    std::size_t body_rate_min = 1024;          // … so many bytes that came; else 408.
    std::chrono::seconds idle_time_max{60};    // Between requests, and before the first byte.
    std::chrono::seconds send_time_max{30};    // For output a client does not read, and one …
    std::size_t send_rate_min = 1024;          // … more second per so many bytes it did; else
                                               // it is dropped.
    std::chrono::seconds linger_time_max{2};   // Reading on after the last answer, lest a reset
                                               // overtakes it.
    std::chrono::milliseconds commit_time_max{1000};  // Longer in commit: the loop is stuck.

    std::uint32_t connections_max = 10'000;            // More get 503 and are closed.
    std::uint32_t connections_per_client_max = 1'000;  // Per IPv4 address or IPv6 /64; not for
                                                       // trusted proxies.
    std::size_t output_bytes_max = 64 * 1024;  // Pipelined answers rendered before they are sent.
};

}  // namespace referral::http

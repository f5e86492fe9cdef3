#pragma once

#include <chrono>
#include <cstdint>

#include "platform/http/limits.hpp"

namespace referral::http {

/// The loops' own clock: for waiting, never for what is written down.
using Monotonic = std::chrono::steady_clock::time_point;

/// What a connection is waiting for; each has its own patience.
enum class Phase : std::uint8_t { none, handshake, idle, head, body, send, linger };

/// How long a connection has been in its phase. Loops look once in a while, so nothing is armed
/// and nothing cancelled per request.
class Deadline {
public:
    Phase phase() const { return phase_; }

    /// Starts anew, unless the connection is in this phase already.
    void enter(Phase phase, Monotonic now) {
        if (phase == phase_) return;
        phase_ = phase;
        since_ = now;
        bytes_ = 0;
    }
    void clear() { phase_ = Phase::none; }

    /// So many bytes moved, which earns time in `body` and `send`.
    void moved(std::size_t bytes) { bytes_ += bytes; }

    bool passed(Monotonic now, const Limits& limits) const;

private:
    Monotonic since_{};
    std::uint64_t bytes_ = 0;
    Phase phase_ = Phase::none;
};

}  // namespace referral::http

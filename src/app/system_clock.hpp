#pragma once

#include "base/time.hpp"

namespace referral::app {

/// The machine's clock: read here, passed down to everything.
inline Instant system_now() {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

}  // namespace referral::app

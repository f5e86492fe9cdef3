#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace referral::jobs {

/// The longest pause between two attempts, before chance has its say.
inline constexpr std::chrono::hours pause_max{1};

/// How long a job rests after its `failures`th failure: `first` doubled each time, up to
/// `pause_max`, and then between 0.8 and 1.2 of that, as `chance` of 0 to 1000 has it, so that what
/// failed together is not tried again together.
constexpr std::chrono::milliseconds pause_after(int failures, std::chrono::milliseconds first,
                                                std::uint32_t chance) {
    std::chrono::milliseconds pause = first;
    for (int i = 1; i < failures && pause < pause_max; ++i) pause *= 2;
    pause = std::min<std::chrono::milliseconds>(pause, pause_max);
    return pause * (2'000 + std::min<std::uint32_t>(chance, 1'000)) / 2'500;
}

}  // namespace referral::jobs

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace referral::log {

/// Counts the lines of each event within a window of 10 s and says when there are enough. Not safe
/// in several threads at once.
class Repeats {
public:
    static constexpr std::chrono::seconds window{10};

    /// Events counted apart in one window; those beyond share one count, so that memory is bounded.
    static constexpr std::size_t events_max = 256;

    struct HeldBack {
        std::string event;
        std::uint64_t lines;
    };

    /// Whether this line may be written: one of the first `repeats_max` of its event and window.
    bool admits(std::string_view event, std::size_t repeats_max);

    /// When the window is over, or `at_once`, starts a new one and returns what was held back.
    std::vector<HeldBack> turn(Instant now, bool at_once = false);

private:
    Instant started_{};
    std::map<std::string, std::uint64_t, std::less<>> lines_;
    std::map<std::string, std::uint64_t, std::less<>> held_back_;
};

}  // namespace referral::log

#include "platform/log/repeats.hpp"

namespace referral::log {

namespace {

constexpr std::string_view others = "(others)";

}  // namespace

bool Repeats::admits(std::string_view event, std::size_t repeats_max) {
    auto found = lines_.find(event);
    if (found == lines_.end() && lines_.size() >= events_max) found = lines_.find(event = others);
    if (found == lines_.end()) found = lines_.emplace(event, 0).first;
    if (++found->second <= repeats_max) return true;
    ++held_back_[found->first];
    return false;
}

std::vector<Repeats::HeldBack> Repeats::turn(Instant now, bool at_once) {
    // A clock set back must not prolong the window.
    if (!at_once && now - started_ < window && now >= started_) return {};
    std::vector<HeldBack> result;
    for (const auto& [event, lines] : held_back_) result.push_back({event, lines});
    started_ = now;
    lines_.clear();
    held_back_.clear();
    return result;
}

}  // namespace referral::log

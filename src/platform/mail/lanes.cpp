#include "platform/mail/lanes.hpp"

#include <algorithm>

namespace referral::mail {

void Lanes::note(bool well) {
    const std::lock_guard lock(mutex_);
    well_ = well;
}

std::size_t Lanes::enter() {
    std::unique_lock lock(mutex_);
    const auto has_room = [this] { return taken_.size() < count_; };
    if (!has_room() && (!well_ || is_slow(Steady::now()))) return 0;
    if (!free_.wait_for(lock, patience_.room, has_room)) return 0;
    taken_.push_back({++last_number_, Steady::now()});
    return last_number_;
}

void Lanes::leave(std::size_t number) {
    const std::lock_guard lock(mutex_);
    std::erase_if(taken_, [&](const Taken& one) { return one.number == number; });
    free_.notify_one();
}

bool Lanes::is_slow(Steady::time_point now) const {
    return std::ranges::any_of(taken_,
                               [&](const Taken& one) { return now - one.since > patience_.slow; });
}

}  // namespace referral::mail

#include "platform/cache/local_limits.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace referral::cache {

LocalLimits::LocalLimits(std::size_t places)
    : sets_(std::bit_ceil(std::max<std::size_t>(places / ways, 1))) {}

std::size_t LocalLimits::set_of(const Mark& who) const {
    std::uint64_t number = 0;
    std::memcpy(&number, who.data(), sizeof number);
    return number & (sets_.size() - 1);
}

const LocalLimits::Place* LocalLimits::find(const Set& set, const Mark& who) {
    const auto found = std::ranges::find(set, who, &Place::who);
    return found == set.end() || found->arrival == Instant() ? nullptr : &*found;
}

void LocalLimits::put(Set& set, const Mark& who, Instant arrival, Instant now) {
    auto place = std::ranges::find(set, who, &Place::who);
    if (place == set.end()) {
        if (arrival <= now) return;  // Owes nothing: that is what not being there means.
        place = std::ranges::min_element(set, {}, &Place::arrival);
    }
    *place = {who, arrival};
}

Verdict LocalLimits::take(const Mark& who, const Rate& rate, Instant now, std::int64_t cost) {
    const std::size_t index = set_of(who);
    const std::lock_guard lock(mutexes_[index % mutexes_.size()]);
    Set& set = sets_[index];
    const Place* place = find(set, who);
    const Verdict verdict =
        decide(rate, place ? std::optional(place->arrival) : std::nullopt, now, cost);
    put(set, who, now + verdict.reset_after, now);
    return verdict;
}

Verdict LocalLimits::look(const Mark& who, const Rate& rate, Instant now, std::int64_t cost) {
    const std::size_t index = set_of(who);
    const std::lock_guard lock(mutexes_[index % mutexes_.size()]);
    const Place* place = find(sets_[index], who);
    return decide(rate, place ? std::optional(place->arrival) : std::nullopt, now, cost);
}

void LocalLimits::raise(const Mark& who, Instant arrival, Instant now) {
    const std::size_t index = set_of(who);
    const std::lock_guard lock(mutexes_[index % mutexes_.size()]);
    Set& set = sets_[index];
    const Place* place = find(set, who);
    if (!place || place->arrival < arrival) put(set, who, arrival, now);
}

}  // namespace referral::cache

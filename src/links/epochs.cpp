#include "links/epochs.hpp"

#include "base/check.hpp"

namespace referral::links {

Epochs::~Epochs() {
    for (const Place& place : places_) CHECK(!place.taken.load());
    for (auto& [epoch, release] : waiting_) release();
}

void Epochs::retire(std::function<void()> release) {
    // Who announces this epoch or a later one has begun to read after the unlinking.
    const std::uint64_t epoch = epoch_.fetch_add(1, std::memory_order_seq_cst) + 1;
    waiting_.emplace_back(epoch, std::move(release));
}

void Epochs::reclaim() {
    // Pairs with the fence in wake(): either the place is seen taken here, or its reader sees what
    // was unlinked before.
    std::atomic_thread_fence(std::memory_order_seq_cst);
    std::uint64_t passed = epoch_.load(std::memory_order_relaxed);
    for (const Place& place : places_) {
        const std::uint64_t seen = place.seen.load(std::memory_order_acquire);
        if (seen != 0 && seen < passed) passed = seen;
    }
    while (!waiting_.empty() && waiting_.front().first <= passed) {
        waiting_.front().second();
        waiting_.pop_front();
    }
}

Epochs::Reading::Reading(Epochs& epochs) : epochs_(epochs), place_(nullptr) {
    for (Place& place : epochs_.places_) {
        if (place.taken.load(std::memory_order_relaxed)) continue;
        if (place.taken.exchange(true, std::memory_order_acquire)) continue;
        place_ = &place;
        return;
    }
    CHECK(place_ != nullptr);
}

Epochs::Reading::~Reading() {
    rest();
    place_->taken.store(false, std::memory_order_release);
}

void Epochs::Reading::pass() noexcept {
    if (active_)
        place_->seen.store(epochs_.epoch_.load(std::memory_order_acquire),
                           std::memory_order_release);
}

void Epochs::Reading::rest() noexcept {
    place_->seen.store(0, std::memory_order_release);
    active_ = false;
}

void Epochs::Reading::wake() noexcept {
    place_->seen.store(epochs_.epoch_.load(std::memory_order_acquire), std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    active_ = true;
}

}  // namespace referral::links

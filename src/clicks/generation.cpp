#include "clicks/generation.hpp"

#include <sys/mman.h>

#include <bit>
#include <new>

#include "base/check.hpp"

namespace referral::clicks {

namespace {

bool is_within(std::int64_t time, std::int64_t now, std::int64_t window) {
    // Both ways: loops read the clock a little apart, and a clock that was far ahead for a while
    // must not leave times that block a visitor for ever.
    return time != 0 && now - time < window && time - now < window;
}

}  // namespace

Generation::Generation(std::size_t slots, Instant began_at)
    : mask_(slots - 1), began_at_(began_at) {
    CHECK(std::has_single_bit(slots) && slots >= probes_max);
    void* memory = ::mmap(nullptr, slots * sizeof(Slot), PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    // Fresh pages are zero, which is what an empty slot is.
    slots_ = {static_cast<Slot*>(memory), slots};
}

Generation::~Generation() { ::munmap(slots_.data(), slots_.size_bytes()); }

Generation::Slot* Generation::find(const DuplicateKey& key) const noexcept {
    for (std::size_t i = 0; i < probes_max; ++i) {
        Slot& slot = slots_[(key.place + i) & mask_];
        const std::uint64_t mark = slot.mark.load();
        if (mark == key.mark) return &slot;
        if (mark == 0) return nullptr;
    }
    return nullptr;
}

Generation::Slot* Generation::find_or_insert(const DuplicateKey& key, bool& inserted) noexcept {
    for (std::size_t i = 0; i < probes_max; ++i) {
        Slot& slot = slots_[(key.place + i) & mask_];
        std::uint64_t mark = slot.mark.load();
        if (mark == 0 && slot.mark.compare_exchange_strong(mark, key.mark)) {
            inserted = true;
            return &slot;
        }
        if (mark == key.mark) return &slot;
    }
    return nullptr;
}

bool Generation::has(const DuplicateKey& key, std::int64_t now,
                     std::int64_t window) const noexcept {
    const Slot* slot = find(key);
    return slot && is_within(slot->time.load(), now, window);
}

Generation::Claim Generation::claim(const DuplicateKey& key, std::int64_t now, std::int64_t window,
                                    bool& inserted) noexcept {
    Slot* slot = find_or_insert(key, inserted);
    if (!slot) return Claim::no_room;
    std::int64_t time = slot->time.load();
    do {
        if (is_within(time, now, window)) return Claim::refused;
    } while (!slot->time.compare_exchange_weak(time, now));
    return Claim::taken;
}

bool Generation::remember(const DuplicateKey& key, std::int64_t time, bool& inserted) noexcept {
    Slot* slot = find_or_insert(key, inserted);
    if (!slot) return false;
    std::int64_t known = slot->time.load();
    while (known < time && !slot->time.compare_exchange_weak(known, time)) continue;
    return true;
}

void Generation::take_back(const DuplicateKey& key, std::int64_t time) noexcept {
    if (Slot* slot = find(key)) slot->time.compare_exchange_strong(time, 0);
}

}  // namespace referral::clicks

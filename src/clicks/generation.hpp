#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/time.hpp"

namespace referral::clicks {

/// Which visitor and link, as 128 bits of a keyed hash: `place` says where to look, `mark` is kept
/// and compared. Never 0 in `mark`.
struct DuplicateKey {
    std::uint64_t place = 0;
    std::uint64_t mark = 0;
};

/// A table of (visitor and link → time of its last unique click) that only grows: open addressing,
/// marks are written once, times change by compare-and-swap. Every operation is lock-free and
/// sequentially consistent; duplicates.hpp says what for.
class Generation {
public:
    /// `slots` is a power of two, at least 256. The memory is touched here, so that no click waits
    /// for a page. Throws std::bad_alloc.
    Generation(std::size_t slots, Instant began_at);
    ~Generation();
    Generation(const Generation&) = delete;
    Generation& operator=(const Generation&) = delete;

    enum class Claim : std::uint8_t {
        taken,    // The time is now the caller's.
        refused,  // There is a time within the window.
        no_room   // No slot is free near the key's place.
    };

    /// Whether the key has a time less than `window` away from `now`, before or after.
    bool has(const DuplicateKey& key, std::int64_t now, std::int64_t window) const noexcept;

    /// Sets the key's time to `now` unless it has one less than `window` away. Of any number of
    /// threads at once exactly one is told `taken`. Sets `inserted` when a slot was filled.
    Claim claim(const DuplicateKey& key, std::int64_t now, std::int64_t window,
                bool& inserted) noexcept;

    /// Sets the key's time to `time` unless it has a later one; false when there is no room.
    bool remember(const DuplicateKey& key, std::int64_t time, bool& inserted) noexcept;

    /// Makes the key as if never claimed, if its time is still `time`.
    void take_back(const DuplicateKey& key, std::int64_t time) noexcept;

    std::size_t slots() const noexcept { return slots_.size(); }
    Instant began_at() const noexcept { return began_at_; }

    /// For the one thread that maintains: when it stopped being the newest.
    Instant closed_at{};
    /// … and what all readers had inserted when it began.
    std::uint64_t inserted_before = 0;

private:
    struct Slot {
        std::atomic<std::uint64_t> mark;
        std::atomic<std::int64_t> time;  // Microseconds; 0: none.
    };

    /// Searches go no further. At a load of a, a run of n taken slots has a probability of about
    /// (a e^(1-a))^n: 10^-21 for 256 at the half load at which the next generation begins, 10^-6 at
    /// 0.7. The usual search takes one or two.
    static constexpr std::size_t probes_max = 256;

    Slot* find(const DuplicateKey& key) const noexcept;
    Slot* find_or_insert(const DuplicateKey& key, bool& inserted) noexcept;

    std::span<Slot> slots_;
    std::size_t mask_;
    const Instant began_at_;
};

}  // namespace referral::clicks

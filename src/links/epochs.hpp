#pragma once

/// Memory that others may still be reading, freed when they have moved on (quiescent-state-based
/// reclamation: T. E. Hart and others, "Performance of memory reclamation for lockless
/// synchronization", JPDC 67, 2007).

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <utility>

namespace referral::links {

/// The readers of one structure, and what its writer has unlinked but not yet freed.
class Epochs {
public:
    static constexpr std::size_t readers_max = 256;

    class Reading;

    Epochs() = default;
    /// All readers must be gone.
    ~Epochs();
    Epochs(const Epochs&) = delete;
    Epochs& operator=(const Epochs&) = delete;

    /// Calls `release` once no reader can see what the writer has just unlinked. The writer only.
    void retire(std::function<void()> release);
    /// Releases what is due. The writer only.
    void reclaim();

private:
    struct alignas(64) Place {
        std::atomic<std::uint64_t> seen = 0;  // The epoch last passed; 0: sees nothing.
        std::atomic<bool> taken = false;
    };

    std::atomic<std::uint64_t> epoch_ = 1;
    std::array<Place, readers_max> places_;
    std::deque<std::pair<std::uint64_t, std::function<void()>>> waiting_;
};

/// One thread's part in it. Begins at rest.
class Epochs::Reading {
public:
    explicit Reading(Epochs& epochs);
    ~Reading();
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

    /// Before reading; does next to nothing unless at rest.
    void enter() noexcept {
        if (!active_) wake();
    }
    /// What was read before is not used any more.
    void pass() noexcept;
    /// The same, and nothing is read until the next `enter`.
    void rest() noexcept;

private:
    void wake() noexcept;

    Epochs& epochs_;
    Place* place_;
    bool active_ = false;
};

}  // namespace referral::links

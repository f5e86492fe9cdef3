#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <vector>

#include "platform/cache/gcra.hpp"

namespace referral::cache {

/// Who is limited, as a keyed hash: what it was made of cannot be found out, and nobody can choose
/// what meets whom in the table.
using Mark = std::array<std::uint8_t, 16>;

/// The arrival times (gcra.hpp) of many, in memory of a fixed size. Safe in every thread: a mutex
/// for each 64th of the table. When the few places where a mark may stand are taken, the one with
/// the earliest arrival time is forgotten: whoever owes least, and nobody who has rested.
class LocalLimits {
public:
    /// At least so many places, of 24 bytes each.
    explicit LocalLimits(std::size_t places);

    /// As `decide`, and remembers.
    Verdict take(const Mark& who, const Rate& rate, Instant now, std::int64_t cost = 1);

    /// What `take` of `cost` would say.
    Verdict look(const Mark& who, const Rate& rate, Instant now, std::int64_t cost = 1);

    /// The arrival time is at least `arrival`: as somebody else knows.
    void raise(const Mark& who, Instant arrival, Instant now);

private:
    static constexpr std::size_t ways = 8;

    struct Place {
        Mark who{};
        Instant arrival{};  ///< The epoch: nobody.
    };
    using Set = std::array<Place, ways>;

    std::size_t set_of(const Mark& who) const;
    static const Place* find(const Set& set, const Mark& who);
    static void put(Set& set, const Mark& who, Instant arrival, Instant now);

    std::vector<Set> sets_;
    std::array<std::mutex, 64> mutexes_;
};

}  // namespace referral::cache

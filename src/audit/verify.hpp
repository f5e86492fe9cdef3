#pragma once

/// Following the chain from its first row and comparing it with rows and anchors.

#include <cstdint>
#include <optional>
#include <string>

#include "audit/anchors.hpp"

namespace referral::audit {

/// The first thing that is wrong.
struct Broken {
    std::int64_t sequence = 0;  ///< The first place of the chain that is not as it was.
    std::string what;           ///< "its audit row was changed, or is another"
};

/// What following the chain found.
struct Proof {
    std::int64_t sequence = 0;        ///< The chain's end when it was looked at last.
    std::string hash;                 ///< Its hash, in hexadecimal.
    std::int64_t verified_up_to = 0;  ///< The last place that was followed and is as it was.
    std::int64_t expired = 0;         ///< Places whose rows are no longer kept.
    std::int64_t waiting = 0;         ///< Rows that are not in the chain yet.
    std::int64_t anchors = 0;
    std::int64_t anchors_unreadable = 0;  ///< Lines that are none, or not signed by this program.
    std::optional<Anchor> last_anchor;
    std::optional<Broken> broken;

    bool intact() const { return !broken && anchors_unreadable == 0; }
};

/// Which part to follow.
struct Part {
    std::int64_t after = 0;     ///< Begins behind this place, 0: at the first.
    std::int64_t rows_max = 0;  ///< At most so many places; 0: all.
    Instant now;
};

/// Follows a part of the chain. Finds rows changed, deleted, moved and put in; at the chain's end,
/// by the anchors, a tail that was cut off; and by those on the way a chain that was made anew.
/// `tx` is read only. Throws db::Error.
Proof verify(db::Transaction& tx, const AnchorList& anchors, const Part& part);

}  // namespace referral::audit

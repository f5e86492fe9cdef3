#pragma once

#include <cstdint>
#include <optional>

#include "base/time.hpp"
#include "platform/journal/format.hpp"
#include "platform/journal/position.hpp"

namespace referral::journal {

/// How far a segment can be read.
struct Extent {
    SegmentEnd end;       // While the segment is written: what is durable so far.
    bool closed = false;  // Nothing will be added, and end.records is known.
};

/// A segment at one moment.
struct SegmentInfo {
    SegmentId id;
    Instant created_at;
    std::uint64_t first_sequence = 0;
    std::uint32_t end = 0;             // Records stand in [first_offset, end), all of them durable.
    bool closed = false;               // Nothing will be added.
    std::optional<Instant> loaded_at;  // As told by Journal::loaded.
};

}  // namespace referral::journal

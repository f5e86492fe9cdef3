#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "platform/journal/catalogue.hpp"
#include "platform/journal/format.hpp"
#include "platform/journal/quarantine.hpp"
#include "platform/journal/spares.hpp"

namespace referral::journal {

/// A segment that an earlier epoch left, closed by recovery where it was not.
struct RecoveredSegment {
    SegmentHeader header;
    std::uint32_t slot = 0;
    std::uint64_t file_bytes = 0;
    SegmentEnd end;
};

/// What a directory holds.
struct Recovered {
    std::vector<RecoveredSegment> segments;  // By id.
    Spares::Found files;
    std::uint64_t tails_cut = 0;
    std::uint64_t segments_quarantined = 0;
};

/// Reads a locked directory: finds where each segment ends, cuts torn ends, removes what was never
/// answered for, and puts files without a good header into quarantine. docs/journal.md has the
/// rule. Throws when the directory cannot be read; a disk that cannot be written is no hindrance.
Recovered recover(const std::filesystem::path& directory, std::uint32_t segment_bytes,
                  Quarantine& quarantine);

}  // namespace referral::journal

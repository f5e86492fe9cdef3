#pragma once

#include <cstdint>
#include <filesystem>

namespace referral::faults {

/// What a simulated power cut did.
struct PowerCut {
    std::uint64_t files = 0;    // With bytes that were not synced.
    std::uint64_t sectors = 0;  // Of 512 bytes or less, that were not synced.
    std::uint64_t lost = 0;     // Of these, zeroed or overwritten with noise.
};

/// Does to the files below `directory` what a power cut may do, after the program that wrote them,
/// with the fault shim's FAULT_LOG = `log`, has been killed. What was synced stays. Every sector
/// that was not has, by chance drawn from `seed`, reached the disk, stayed zero or become noise;
/// and noise stands behind the last of them. The same seed does the same.
PowerCut cut_power(const std::filesystem::path& log, const std::filesystem::path& directory,
                   std::uint64_t seed);

}  // namespace referral::faults

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace referral::journal {

/// CRC-32C (Castagnoli; RFC 3720, appendix B.4) of `bytes`. `crc` is the checksum of what stands
/// before, so that crc32c(b, crc32c(a)) is that of a and b joined. By the processor's own
/// instruction where it has one.
std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t crc = 0) noexcept;

/// The same by tables alone, for every processor.
std::uint32_t crc32c_by_table(std::span<const std::byte> bytes, std::uint32_t crc = 0) noexcept;

}  // namespace referral::journal

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace referral {

/// `text` as a QR code of `size` pixels with the margin scanners want. Throws std::length_error
/// when it is longer than such a code can be.
std::string qr_svg(std::string_view text, std::int64_t size);
std::string qr_png(std::string_view text, std::int64_t size);

}  // namespace referral

#include "clicks/schemas.hpp"

#include "base/base32.hpp"
#include "platform/crypto/hash.hpp"

namespace referral::clicks {

std::string visitor_text(const std::array<std::uint8_t, 16>& visitor) {
    constexpr std::size_t characters = 10;
    if (visitor == std::array<std::uint8_t, 16>{}) return {};
    const crypto::Digest digest = crypto::blake2b(visitor);
    std::array<std::uint8_t, 16> half;
    std::copy_n(digest.begin(), half.size(), half.begin());
    return base32::encode(half).substr(0, characters);
}

}  // namespace referral::clicks

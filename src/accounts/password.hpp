#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace referral::accounts {

/// A password somebody typed, in Unicode's form NFC: what looks the same is the same, whichever
/// keyboard it came from. 1 to 256 bytes of UTF-8, blanks and all scripts allowed. It is never
/// shown again: `text` is for hashing.
class Password {
public:
    static constexpr std::string_view rule = "1 to 256 bytes of text";
    static constexpr std::size_t bytes_max = 256;
    static std::optional<Password> parse(std::string_view text);

    const std::string& text() const { return secret_.reveal(); }
    const Secret& secret() const { return secret_; }

    Password() = default;  // Only so that aggregates holding one can be built field by field.

private:
    Secret secret_;
};

}  // namespace referral::accounts

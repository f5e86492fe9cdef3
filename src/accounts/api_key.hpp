#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace referral::accounts {

/// An API key as a program holds it: "rk_live_", 8 characters that name it, "_", 32 random letters
/// and digits (190 bits), "_", and a checksum that tells a mistyped key without asking the database
/// and scanners of published code that it is one of ours.
class ApiKeyText {
public:
    static constexpr std::string_view prefix = "rk_live_";

    /// Draws one at random; with the name of an existing key for its next secret.
    static ApiKeyText draw();
    static ApiKeyText draw(std::string_view key_id);
    static std::optional<ApiKeyText> parse(std::string_view text);

    const std::string& key_id() const { return key_id_; }
    /// SHA-256 of the secret part, in hexadecimal: it is random enough for a quick hash.
    std::string secret_hash() const;
    /// The whole key.
    Secret text() const;

private:
    std::string key_id_;
    Secret secret_;
};

}  // namespace referral::accounts

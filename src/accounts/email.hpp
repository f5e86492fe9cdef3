#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace referral::accounts {

/// An e-mail address: at most 254 characters of ASCII, one @, a domain with a dot (RFC 5321's
/// common part; quoted names and comments are not taken).
class Email {
public:
    static constexpr std::string_view rule = "an e-mail address";
    static std::optional<Email> parse(std::string_view text);
    const std::string& text() const { return text_; }

    Email() = default;  // Only so that aggregates holding one can be built field by field.
    friend bool operator==(const Email&, const Email&) = default;

private:
    std::string text_;
};

}  // namespace referral::accounts

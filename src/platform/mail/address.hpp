#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace referral::mail {

/// Where mail goes: at most 254 characters of printable ASCII, one @, nothing that means something
/// to SMTP or to a header line (RFC 5321's common part; quoted names are not taken).
class Address {
public:
    static constexpr std::string_view rule = "an e-mail address";
    static std::optional<Address> parse(std::string_view text);

    const std::string& text() const { return text_; }
    /// What stands behind the @.
    std::string_view domain() const;

    Address() = default;  // Only so that aggregates holding one can be built field by field.
    friend bool operator==(const Address&, const Address&) = default;

private:
    std::string text_;
};

/// Who sends: an address, and a name before it when there is one.
struct Sender {
    std::string name;
    Address address;

    /// "Acme Referrals <referrals@example.com>", or the address alone.
    static std::optional<Sender> parse(std::string_view text);
};

}  // namespace referral::mail

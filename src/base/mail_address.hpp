#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace referral {

/// Where mail goes: at most 254 characters of printable ASCII, one @, nothing that means something
/// to SMTP or to a header line (RFC 5321's common part; quoted names are not taken).
class MailAddress {
public:
    static constexpr std::string_view rule = "an e-mail address";
    static std::optional<MailAddress> parse(std::string_view text);

    const std::string& text() const { return text_; }
    /// What stands behind the @.
    std::string_view domain() const;

    MailAddress() = default;  // Only so that aggregates holding one can be built field by field.
    friend bool operator==(const MailAddress&, const MailAddress&) = default;

private:
    std::string text_;
};

/// Who sends: an address, and a name before it when there is one.
struct MailSender {
    static constexpr std::string_view rule = "an e-mail address, or a name and <an address>";

    std::string name;
    MailAddress address;

    /// "Acme Referrals <referrals@example.com>", or the address alone.
    static std::optional<MailSender> parse(std::string_view text);
};

}  // namespace referral

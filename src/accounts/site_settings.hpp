#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/user.hpp"
#include "audit/audit.hpp"
#include "platform/db/transaction.hpp"
#include "platform/mail/mail.hpp"
#include "platform/schema/fields.hpp"

namespace referral::accounts {

/// A colour as "#rrggbb", in lower case.
class Accent {
public:
    static constexpr std::string_view rule = "a colour such as #2361ce";
    static std::optional<Accent> parse(std::string_view text);
    const std::string& text() const { return text_; }

    Accent() = default;  // Only so that aggregates holding one can be built field by field.
    friend bool operator==(const Accent&, const Accent&) = default;

private:
    std::string text_;
};

/// What administrators set while the program runs. It stands here because sign-in asks it at every
/// request; its routes are those of operations.
struct SiteSettings {
    Line<60> branding_name;
    Accent branding_accent;
    std::optional<Email> support_email;
    std::vector<Role> totp_required_roles;  ///< Who can do nothing without a second factor.
    bool applications_open = true;          ///< Whether strangers may apply as partners.
    Instant updated_at;
};

/// How the installation looks, which strangers are told, too.
struct SiteBranding {
    Line<60> name;
    Accent accent;
};

/// What may be changed; absent stays, null removes.
struct SiteSettingsChange {
    std::optional<Line<60>> branding_name{};
    std::optional<Accent> branding_accent{};
    std::optional<std::optional<Email>> support_email{};
    std::optional<std::vector<Role>> totp_required_roles{};
    std::optional<bool> applications_open{};
};

SiteSettings site_settings(db::Transaction& tx);

/// What pages show.
SiteBranding site_branding(db::Transaction& tx);

/// Who mails say they are from.
mail::Branding branding(db::Transaction& tx);

/// Changes them, audited as `actor`.
SiteSettings change_site_settings(db::Transaction& tx, const audit::Actor& actor,
                                  const SiteSettingsChange& wanted, Instant now);

}  // namespace referral::accounts

namespace referral::schema {

template <>
struct Fields<accounts::SiteSettings> {
    using S = accounts::SiteSettings;
    static constexpr std::string_view name = "SiteSettings";
    static constexpr auto list = FieldList{
        field("branding_name", &S::branding_name, "What the installation is called."),
        field("branding_accent", &S::branding_accent, "The colour of what stands out."),
        field("support_email", &S::support_email, "Where people ask for help; nothing: not said."),
        field("totp_required_roles", &S::totp_required_roles,
              "Who can do nothing without a second factor."),
        field("applications_open", &S::applications_open,
              "Whether strangers may apply as partners."),
        field("updated_at", &S::updated_at, "When they were last changed."),
    };
};

template <>
struct Fields<accounts::SiteBranding> {
    using B = accounts::SiteBranding;
    static constexpr std::string_view name = "Branding";
    static constexpr auto list = FieldList{
        field("name", &B::name, "What the installation is called."),
        field("accent", &B::accent, "The colour of what stands out."),
    };
};

template <>
struct Fields<accounts::SiteSettingsChange> {
    using C = accounts::SiteSettingsChange;
    static constexpr std::string_view name = "SiteSettingsChange";
    static constexpr auto list = FieldList{
        field("branding_name", &C::branding_name, "What the installation is called."),
        field("branding_accent", &C::branding_accent, "The colour of what stands out."),
        field("support_email", &C::support_email, "Where people ask for help; nothing: not said."),
        field("totp_required_roles", &C::totp_required_roles,
              "Who can do nothing without a second factor."),
        field("applications_open", &C::applications_open,
              "Whether strangers may apply as partners."),
    };
};

}  // namespace referral::schema

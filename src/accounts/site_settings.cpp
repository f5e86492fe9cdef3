#include "accounts/site_settings.hpp"

#include <algorithm>

#include "accounts/session_queries.hpp"

namespace referral::accounts {

std::optional<Accent> Accent::parse(std::string_view text) {
    constexpr std::size_t length = 7;
    Accent accent;
    accent.text_ = lower(trimmed(text));
    if (accent.text_.size() != length || accent.text_[0] != '#') return std::nullopt;
    if (accent.text_.find_first_not_of("0123456789abcdef", 1) != std::string::npos)
        return std::nullopt;
    return accent;
}

SiteSettings site_settings(db::Transaction& tx) { return tx.one(sql::site_settings); }

SiteBranding site_branding(db::Transaction& tx) {
    SiteSettings settings = site_settings(tx);
    return {std::move(settings.branding_name), std::move(settings.branding_accent)};
}

mail::Branding branding(db::Transaction& tx) {
    const SiteSettings settings = site_settings(tx);
    return {.company = settings.branding_name.text(),
            .accent = settings.branding_accent.text(),
            .support_email = settings.support_email ? settings.support_email->text() : ""};
}

SiteSettings change_site_settings(db::Transaction& tx, const audit::Actor& actor,
                                  const SiteSettingsChange& wanted, Instant now) {
    const SiteSettings before = tx.one(sql::site_settings_for_change);
    SiteSettings after = before;
    if (wanted.branding_name) after.branding_name = *wanted.branding_name;
    if (wanted.branding_accent) after.branding_accent = *wanted.branding_accent;
    if (wanted.support_email) after.support_email = *wanted.support_email;
    if (wanted.applications_open) after.applications_open = *wanted.applications_open;
    if (wanted.totp_required_roles) {
        after.totp_required_roles = *wanted.totp_required_roles;
        std::ranges::sort(after.totp_required_roles);
        const auto twice = std::ranges::unique(after.totp_required_roles);
        after.totp_required_roles.erase(twice.begin(), twice.end());
    }
    after.updated_at = now;
    tx.run_for_effect(sql::set_site_settings, after.branding_name, after.branding_accent,
                      after.support_email, after.totp_required_roles, after.applications_open, now);
    audit::note(tx, actor,
                {.action = "settings.change",
                 .object_type = "settings",
                 .object_id = "",
                 .before = schema::Json<SiteSettings>::write(before),
                 .after = schema::Json<SiteSettings>::write(after)},
                now);
    return after;
}

}  // namespace referral::accounts

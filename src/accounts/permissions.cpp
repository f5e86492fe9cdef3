#include "accounts/permissions.hpp"

#include <algorithm>

namespace referral::accounts {

namespace {

constexpr unsigned bit(Role role) { return 1U << static_cast<unsigned>(role); }

constexpr unsigned admin = bit(Role::admin), manager = bit(Role::manager),
                   finance = bit(Role::finance), analyst = bit(Role::analyst),
                   partner = bit(Role::partner);
constexpr unsigned staff = admin | manager | finance | analyst, everybody = staff | partner;

// Keys never have what is one's own account: a key that leaked must not make itself a successor.
constexpr Permission table[] = {
    {"account:own", "One's own name, password, second factor and sessions", false, everybody},
    {"accounts:read", "Companies behind customers", true, staff},
    {"accounts:write", "Change what is known of companies", true, admin | manager},
    {"analytics:read", "Counts and charts of clicks", true, everybody},
    {"api-keys:own", "One's own API keys", false, everybody},
    {"applications:read", "Who asks to become a partner", true, admin | manager},
    {"applications:write", "Approve and reject applications", true, admin | manager},
    {"audit-logs:read", "Who did what", true, admin | finance | analyst},
    {"clicks:proof", "How many clicks were journalled and stored", true, staff},
    {"clicks:read", "Single clicks", true, everybody},
    {"commission-rules:read", "Rules by which commissions are paid", true, everybody},
    {"commission-rules:write", "Make, change and try rules", true, admin | finance},
    {"commissions:read", "Commissions and their explanations", true, everybody},
    {"commissions:write", "Approve, hold, reject and adjust commissions", true, admin | finance},
    {"conversions:read", "Conversions and whose they are", true, everybody},
    {"conversions:write", "Report conversions, decide whose they are", true, admin | manager},
    {"customers:read", "Customers", true, everybody},
    {"enrolments:own", "Take part in programs, and leave them", true, admin | manager | partner},
    {"enrolments:read", "Who takes part in which program", true, everybody},
    {"enrolments:write", "Let partners take part, suspend and ban them", true, admin | manager},
    {"exchange-rates:read", "What currencies are worth", true, staff},
    {"exchange-rates:write", "Tell what currencies are worth", true, admin | finance},
    {"groups:read", "Groups of partners", true, staff},
    {"groups:write", "Make and change groups of partners", true, admin | manager},
    {"imports:read", "Files of conversions", true, staff},
    {"imports:write", "Upload, store and take back files of conversions", true, admin | manager},
    {"jobs:read", "Jobs, queues and schedules", true, admin | analyst},
    {"jobs:write", "Replay and discard jobs", true, admin},
    {"leads:own", "Register deals", true, admin | manager | partner},
    {"leads:read", "Deals that partners registered", true, everybody},
    {"leads:write", "Accept and reject deals", true, admin | manager},
    {"ledger:proof", "Whether the ledger is right, trial balance and periods", true, staff},
    {"ledger:read", "Accounts and entries of the ledger", true, everybody},
    {"ledger:write", "Close periods", true, admin | finance},
    {"links:ban", "Ban links", true, admin | manager},
    {"links:read", "Links", true, everybody},
    {"links:write", "Make and change links", true, admin | manager | partner},
    {"mails:read", "Mails that were sent", true, admin},
    {"partners:read", "Partners and their profiles", true, everybody},
    {"partners:write", "Invite and change partners", true, admin | manager},
    {"postback-keys:read", "Keys that sign postbacks", true, admin | manager},
    {"postback-keys:write", "Make and revoke keys that sign postbacks", false, admin | manager},
    {"programs:read", "Programs", true, everybody},
    {"programs:write", "Make and change programs", true, admin | manager},
    {"settings:read", "Settings of the installation", true, admin | analyst},
    {"settings:write", "Change the settings", true, admin},
    {"terms:own", "Which terms one accepted, and accepting them", false, partner},
    {"terms:write", "Publish new terms of partners", true, admin},
    {"tokens:write", "Sign attribution tokens for links", true, admin | manager | partner},
    {"users:read", "Users", true, admin},
    {"users:view-as", "See the screens as a partner does", false, admin},
    {"users:write", "Invite, change and disable users", true, admin},
};

template <class Wanted>
std::vector<std::string_view> those(Role role, Wanted wanted) {
    std::vector<std::string_view> names;
    for (const Permission& permission : table)
        if ((permission.roles & bit(role)) != 0 && wanted(permission))
            names.push_back(permission.name);
    return names;
}

}  // namespace

std::span<const Permission> all_permissions() { return table; }

std::vector<Role> roles_of(const Permission& permission) {
    std::vector<Role> roles;
    for (const auto& [role, name] : Names<Role>::list)
        if ((permission.roles & bit(role)) != 0) roles.push_back(role);
    return roles;
}

std::vector<std::string_view> permissions(Role role) {
    return those(role, [](const Permission&) { return true; });
}

std::vector<std::string_view> permissions_to_look(Role role) {
    return those(role, [](const Permission& p) {
        return p.name.ends_with(":read") || p.name.ends_with(":own");
    });
}

std::vector<std::string_view> permissions_of_key(Role role,
                                                 const std::vector<std::string>& scopes) {
    return those(role, [&](const Permission& p) {
        return p.of_keys && std::ranges::find(scopes, p.name) != scopes.end();
    });
}

std::vector<std::string_view> permissions_to_set_up() { return {"account:own"}; }

}  // namespace referral::accounts

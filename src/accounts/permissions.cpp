#include "accounts/permissions.hpp"

namespace referral::accounts {

namespace {

constexpr std::string_view admin[] = {
    "account:own",  "links:read",     "links:write",   "links:ban",      "clicks:read",
    "clicks:proof", "analytics:read", "programs:read", "programs:write", "jobs:read",
    "jobs:write",   "mails:read",     "settings:write"};
constexpr std::string_view manager[] = {"account:own",    "links:read",    "links:write",
                                        "links:ban",      "clicks:read",   "clicks:proof",
                                        "analytics:read", "programs:read", "programs:write"};
constexpr std::string_view finance[] = {"account:own",  "links:read",     "clicks:read",
                                        "clicks:proof", "analytics:read", "programs:read"};
constexpr std::string_view analyst[] = {"account:own",  "links:read",     "clicks:read",
                                        "clicks:proof", "analytics:read", "programs:read",
                                        "jobs:read"};
constexpr std::string_view partner[] = {"account:own", "links:read",     "links:write",
                                        "clicks:read", "analytics:read", "programs:read"};

}  // namespace

std::span<const std::string_view> permissions(Role role) {
    switch (role) {
        case Role::admin:
            return admin;
        case Role::manager:
            return manager;
        case Role::finance:
            return finance;
        case Role::analyst:
            return analyst;
        case Role::partner:
            return partner;
    }
    return {};
}

}  // namespace referral::accounts

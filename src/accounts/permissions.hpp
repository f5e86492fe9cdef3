#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "accounts/user.hpp"

namespace referral::accounts {

/// One line of the table of permissions.
struct Permission {
    std::string_view name;     ///< "links:write".
    std::string_view meaning;  ///< For people who give a key its scopes.
    bool of_keys = true;       ///< Whether an API key may have it.
    unsigned roles = 0;        ///< Bits by Role's value.
};

/// The one table of permissions, by name.
std::span<const Permission> all_permissions();

/// Who has it.
std::vector<Role> roles_of(const Permission& permission);

/// What `role` allows.
std::vector<std::string_view> permissions(Role role);

/// Those of `role` that look and do not change anything, for an administrator who sees as a
/// partner.
std::vector<std::string_view> permissions_to_look(Role role);

/// Those of `role` that an API key with these scopes has.
std::vector<std::string_view> permissions_of_key(Role role, const std::vector<std::string>& scopes);

/// What is left to somebody whose role wants a second factor and who has none: to set it up.
std::vector<std::string_view> permissions_to_set_up();

/// Whether `role` sees everybody's rows or only its own.
constexpr bool sees_all(Role role) { return role != Role::partner; }

}  // namespace referral::accounts

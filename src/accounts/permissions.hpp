#pragma once

#include <span>
#include <string_view>

#include "accounts/accounts.hpp"

namespace referral::accounts {

/// What `role` allows, as "links:write": the one table of permissions.
std::span<const std::string_view> permissions(Role role);

/// Whether `role` sees everybody's rows or only its own.
constexpr bool sees_all(Role role) { return role != Role::partner; }

}  // namespace referral::accounts

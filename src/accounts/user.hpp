#pragma once

#include <array>
#include <string_view>

#include "accounts/email.hpp"
#include "base/id.hpp"
#include "base/names.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "base/timezone.hpp"

namespace referral::accounts {

struct UserTag {
    static constexpr std::string_view prefix = "usr";
};
using UserId = Id<UserTag>;

/// What somebody may do; see permissions.hpp.
enum class Role { admin, manager, finance, analyst, partner };

/// Invited: has not chosen a password yet.
enum class UserStatus { invited, active, disabled };

/// Somebody who signs in.
struct User {
    UserId id;
    Email email;
    Line<100> name;
    Role role = Role::partner;
    UserStatus status = UserStatus::active;
    Timezone timezone;
    Instant created_at;
};

}  // namespace referral::accounts

template <>
struct referral::Names<referral::accounts::Role> {
    using Role = accounts::Role;
    static constexpr std::array<std::pair<Role, std::string_view>, 5> list{
        {{Role::admin, "admin"},
         {Role::manager, "manager"},
         {Role::finance, "finance"},
         {Role::analyst, "analyst"},
         {Role::partner, "partner"}}};
};

template <>
struct referral::Names<referral::accounts::UserStatus> {
    using Status = accounts::UserStatus;
    static constexpr std::array<std::pair<Status, std::string_view>, 3> list{
        {{Status::invited, "invited"}, {Status::active, "active"}, {Status::disabled, "disabled"}}};
};

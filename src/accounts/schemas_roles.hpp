#pragma once

#include <string>
#include <vector>

#include "accounts/permissions.hpp"
#include "platform/schema/json.hpp"

namespace referral::accounts {

/// A line of the table of permissions.
struct PermissionView {
    std::string name;
    std::string meaning;
    bool of_keys = false;
    std::vector<Role> roles;
};

/// All roles, and what each includes.
struct RoleTable {
    std::vector<Role> roles;
    std::vector<PermissionView> permissions;
};

}  // namespace referral::accounts

namespace referral::schema {

template <>
struct Fields<accounts::PermissionView> {
    using P = accounts::PermissionView;
    static constexpr std::string_view name = "Permission";
    static constexpr auto list = FieldList{
        field("name", &P::name, "As routes and keys name it."),
        field("meaning", &P::meaning, "What it is for."),
        field("of_keys", &P::of_keys, "Whether an API key may have it."),
        field("roles", &P::roles, "Who has it."),
    };
};

template <>
struct Fields<accounts::RoleTable> {
    using R = accounts::RoleTable;
    static constexpr std::string_view name = "RoleTable";
    static constexpr auto list = FieldList{
        field("roles", &R::roles, "All roles."),
        field("permissions", &R::permissions, "All permissions, and the roles that include each."),
    };
};

}  // namespace referral::schema

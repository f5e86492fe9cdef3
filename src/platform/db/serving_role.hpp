#pragma once

/// The role that the program serves with, and what it may do: rows, not tables.

#include <string>
#include <string_view>

#include "platform/db/pool.hpp"

namespace referral::db {

/// The serving role's name in the private PostgreSQL.
inline constexpr std::string_view private_serving_role = "referral_app";

/// Makes the role `private_serving_role`, unless it is there. For the private PostgreSQL, whose
/// owner may.
void make_private_serving_role(Pool& owner);

/// How libpq reaches a private PostgreSQL as that role; `conninfo`: how as its owner.
std::string as_private_serving_role(const std::string& conninfo);

/// What a serving role has that it should not.
struct ServingRole {
    std::string name;
    bool is_superuser = false;
    bool owns_tables = false;  ///< Also when it is the owner's own role, or a member of it.

    bool may_too_much() const { return is_superuser || owns_tables; }
};

/// Gives the role that `serving` connects as its rights on all tables, once they are migrated;
/// nothing to one that may too much already. Throws Error.
ServingRole grant_to_serving_role(Pool& owner, Pool& serving);

}  // namespace referral::db

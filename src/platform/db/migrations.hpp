#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/db/pool.hpp"

namespace referral::db {

/// One file of migrations/, built into the program.
struct Migration {
    std::int32_t version;
    std::string_view name;
    std::string_view sql;
};

/// All migrations in order of version, from the folder as it was at build time.
std::span<const Migration> migrations();

/// Brings the schema up to date, each migration in a transaction of its own; several processes may
/// start at once. Returns the names applied now. Refuses with std::runtime_error when a migration
/// applied earlier has another text than here, or when the database is newer than the program.
std::vector<std::string> migrate(Pool& pool);

}  // namespace referral::db

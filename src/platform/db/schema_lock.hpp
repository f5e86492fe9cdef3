#pragma once

#include "platform/db/query.hpp"

namespace referral::db {

/// Until the end of the transaction nobody else changes the schema or the rights on it.
inline constexpr Query<Nothing()> lock_schema{"select pg_advisory_xact_lock(7305214901)"};

}  // namespace referral::db

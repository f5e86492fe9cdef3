#pragma once

/// The chain of the audit logs; platform/db/hash_chain.hpp says what chains are.

#include <chrono>
#include <cstdint>

#include "platform/db/hash_chain.hpp"

namespace referral::audit {

using db::chained, db::ChainedRow;
using Head = db::ChainHead;

/// The chain's end.
Head head(db::Transaction& tx);

/// Puts rows that were committed since into the chain, and gives how many. One writer at a time in
/// the whole installation: while another is at work, this one does nothing. Transactions that add
/// rows never wait for it. At most 50,000 rows a call. Throws db::Error.
std::int64_t extend_chain(db::Pool& pool);

/// Deletes rows that are older than `kept` and in the chain, at most 200,000 a call; gives how
/// many. PostgreSQL keeps what is younger than `keep_days_min`, whatever is asked. Throws
/// db::Error.
std::int64_t expire(db::Pool& pool, std::chrono::days kept);

/// How long rows are kept at least: three years.
inline constexpr std::chrono::days keep_days_min{1'096};

}  // namespace referral::audit

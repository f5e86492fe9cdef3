#pragma once

/// The chain: each row's hash has in it the hash before, so that no row can be changed, taken out,
/// moved or put in without changing every hash after it.

#include <cstdint>
#include <string>

#include "platform/crypto/hash.hpp"
#include "platform/db/transaction.hpp"

namespace referral::audit {

/// Where the chain ends, or a place in it. Before the first row: 0 and a hash of zeros.
struct Head {
    std::int64_t sequence = 0;
    crypto::Digest hash{};
};

/// What stands in one place of the chain beside its hash. Times are PostgreSQL's text in UTC.
struct ChainedRow {
    std::int64_t sequence = 0;
    std::int64_t audit_id = 0;
    std::string created_at;
    crypto::Digest row_hash{};
};

/// SHA-256 of `previous`, "sequence|audit_id|created_at|" and the row's hash.
crypto::Digest chained(const crypto::Digest& previous, const ChainedRow& row);

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

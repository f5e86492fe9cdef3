#pragma once

/// Chains of hashes over the rows of a table: each hash has in it the hash before, so that no row
/// can be changed, taken out, moved or put in without changing every hash after it. Rows wait in a
/// table of their own until the one writer takes them, so that nobody who adds rows waits.

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "platform/crypto/hash.hpp"
#include "platform/db/transaction.hpp"

namespace referral::db {

/// Where a chain ends, or a place in it. Before the first row: 0 and a hash of zeros.
struct ChainHead {
    std::int64_t sequence = 0;
    crypto::Digest hash{};
};

/// What stands in one place of a chain beside its hash. Times are PostgreSQL's text in UTC.
struct ChainedRow {
    std::int64_t sequence = 0;
    std::int64_t row_id = 0;
    std::string created_at;
    crypto::Digest row_hash{};
};

/// SHA-256 of `previous`, "sequence|row_id|created_at|" and the row's hash.
crypto::Digest chained(const crypto::Digest& previous, const ChainedRow& row);

/// The bytes of a hash in hexadecimal, which it must be.
crypto::Digest digest_of(const std::string& hex);

/// The statements of one chain.
struct ChainQueries {
    Query<bool()> try_lock;  ///< Until the transaction's end; one writer in the installation.
    Query<std::tuple<std::int64_t, std::string>()> head;  ///< Sequence, hash in hexadecimal.
    /// Rows that wait, at most `page_rows`: number, time and canonical form.
    Query<std::tuple<std::int64_t, std::string, std::string>()> unchained;
    /// Sequences, row numbers, row hashes and hashes, these in hexadecimal.
    Query<Nothing(std::vector<std::int64_t>, std::vector<std::int64_t>, std::vector<std::string>,
                  std::vector<std::string>)>
        insert_chained;
    Query<Nothing(std::vector<std::int64_t>)> delete_unchained;
    std::int64_t page_rows;
};

/// The chain's end.
ChainHead chain_head(Transaction& tx, const ChainQueries& chain);

/// Puts rows that were committed since into the chain, and gives how many. While another writer is
/// at work, this one does nothing. At most 50 pages a call. Throws Error.
std::int64_t extend_chain(Pool& pool, const ChainQueries& chain);

}  // namespace referral::db

#include "audit/chain.hpp"

#include <algorithm>

#include "audit/queries.hpp"
#include "platform/crypto/encoding.hpp"

namespace referral::audit {

namespace {

constexpr int pages_max = 50;
constexpr int pieces_max = 20;

/// The hashes of a page, as the statement that stores them takes them.
struct Page {
    std::vector<std::int64_t> sequences, ids;
    std::vector<std::string> row_hashes, hashes;
};

/// Chains one page in a transaction; how many rows there were.
std::int64_t extend_by_a_page(db::Pool& pool) {
    db::Transaction tx(pool);
    if (!tx.one(sql::try_lock_chain)) return 0;
    Head end = head(tx);
    Page page;
    for (auto& [id, created_at, canonical] : tx.all(sql::unchained)) {
        const ChainedRow row{.sequence = end.sequence + 1,
                             .audit_id = id,
                             .created_at = std::move(created_at),
                             .row_hash = crypto::sha256(canonical)};
        end = {.sequence = row.sequence, .hash = chained(end.hash, row)};
        page.sequences.push_back(row.sequence);
        page.ids.push_back(id);
        page.row_hashes.push_back(crypto::to_hex(row.row_hash));
        page.hashes.push_back(crypto::to_hex(end.hash));
    }
    if (page.ids.empty()) return 0;
    tx.run_for_effect(sql::insert_chained, page.sequences, page.ids, page.row_hashes, page.hashes);
    tx.run_for_effect(sql::delete_unchained, page.ids);
    tx.commit();
    return static_cast<std::int64_t>(page.ids.size());
}

}  // namespace

crypto::Digest chained(const crypto::Digest& previous, const ChainedRow& row) {
    crypto::Sha256 hash;
    hash.add(previous);
    hash.add(std::to_string(row.sequence) + '|' + std::to_string(row.audit_id) + '|' +
             row.created_at + '|');
    hash.add(row.row_hash);
    return hash.digest();
}

Head head(db::Transaction& tx) {
    const auto last = tx.maybe(sql::head);
    if (!last) return {};
    Head head{.sequence = std::get<0>(*last), .hash = {}};
    std::ranges::copy(crypto::from_hex(std::get<1>(*last)).value(), head.hash.begin());
    return head;
}

std::int64_t extend_chain(db::Pool& pool) {
    std::int64_t rows = 0;
    for (int i = 0; i < pages_max; ++i) {
        const std::int64_t page = extend_by_a_page(pool);
        rows += page;
        if (page < sql::unchained_rows_max) break;
    }
    return rows;
}

std::int64_t expire(db::Pool& pool, std::chrono::days kept) {
    std::int64_t rows = 0;
    for (int i = 0; i < pieces_max; ++i) {
        db::Transaction tx(pool);
        const std::int64_t piece = tx.one(sql::expire, std::max(kept, keep_days_min).count());
        tx.commit();
        rows += piece;
        if (piece == 0) break;
    }
    return rows;
}

}  // namespace referral::audit

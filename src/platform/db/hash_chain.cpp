#include "platform/db/hash_chain.hpp"

#include <algorithm>

#include "platform/crypto/encoding.hpp"

namespace referral::db {

namespace {

constexpr int pages_max = 50;

/// The hashes of a page, as the statement that stores them takes them.
struct Page {
    std::vector<std::int64_t> sequences, ids;
    std::vector<std::string> row_hashes, hashes;
};

/// Chains one page in a transaction; how many rows there were.
std::int64_t extend_by_a_page(Pool& pool, const ChainQueries& chain) {
    Transaction tx(pool);
    if (!tx.one(chain.try_lock)) return 0;
    ChainHead end = chain_head(tx, chain);
    Page page;
    for (auto& [id, created_at, canonical] : tx.all(chain.unchained)) {
        const ChainedRow row{.sequence = end.sequence + 1,
                             .row_id = id,
                             .created_at = std::move(created_at),
                             .row_hash = crypto::sha256(canonical)};
        end = {.sequence = row.sequence, .hash = chained(end.hash, row)};
        page.sequences.push_back(row.sequence);
        page.ids.push_back(id);
        page.row_hashes.push_back(crypto::to_hex(row.row_hash));
        page.hashes.push_back(crypto::to_hex(end.hash));
    }
    if (page.ids.empty()) return 0;
    tx.run_for_effect(chain.insert_chained, page.sequences, page.ids, page.row_hashes, page.hashes);
    tx.run_for_effect(chain.delete_unchained, page.ids);
    tx.commit();
    return static_cast<std::int64_t>(page.ids.size());
}

}  // namespace

crypto::Digest chained(const crypto::Digest& previous, const ChainedRow& row) {
    crypto::Sha256 hash;
    hash.add(previous);
    hash.add(std::to_string(row.sequence) + '|' + std::to_string(row.row_id) + '|' +
             row.created_at + '|');
    hash.add(row.row_hash);
    return hash.digest();
}

crypto::Digest digest_of(const std::string& hex) {
    crypto::Digest digest{};
    std::ranges::copy(crypto::from_hex(hex).value(), digest.begin());
    return digest;
}

ChainHead chain_head(Transaction& tx, const ChainQueries& chain) {
    const auto last = tx.maybe(chain.head);
    if (!last) return {};
    return {.sequence = std::get<0>(*last), .hash = digest_of(std::get<1>(*last))};
}

std::int64_t extend_chain(Pool& pool, const ChainQueries& chain) {
    std::int64_t rows = 0;
    for (int i = 0; i < pages_max; ++i) {
        const std::int64_t page = extend_by_a_page(pool, chain);
        rows += page;
        if (page < chain.page_rows) break;
    }
    return rows;
}

}  // namespace referral::db

#include "audit/chain.hpp"

#include <algorithm>

#include "audit/queries.hpp"

namespace referral::audit {

namespace {

constexpr int pieces_max = 20;

constexpr db::ChainQueries chain{.try_lock = sql::try_lock_chain,
                                 .head = sql::head,
                                 .unchained = sql::unchained,
                                 .insert_chained = sql::insert_chained,
                                 .delete_unchained = sql::delete_unchained,
                                 .page_rows = sql::unchained_rows_max};

}  // namespace

Head head(db::Transaction& tx) { return db::chain_head(tx, chain); }

std::int64_t extend_chain(db::Pool& pool) { return db::extend_chain(pool, chain); }

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

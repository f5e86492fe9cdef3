#include "ledger/proof.hpp"

#include "ledger/queries.hpp"

namespace referral::ledger {

namespace {

/// An invariant that one statement looks after.
struct Check {
    std::string_view name, meaning;
    db::Query<sql::Found()> query;
};

constexpr std::array<Check, 6> checks{
    {{"I1", "entries of a transaction sum to 0 per currency", sql::unbalanced},
     {"I2", "pending, held and in transit are not below 0", sql::negative},
     {"I3", "a commission's entries on expense are its amount", sql::unlike_commissions},
     {"I6", "balances are the sums of entries", sql::cached_wrongly},
     {"I7", "commissions are pending, held, payable, in transit, paid or written off",
      sql::unaccounted},
     {"I9", "nothing was posted to a closed period", sql::posted_to_closed}}};

/// Follows the chain from its first place to the first that is not as it was.
class Walk {
public:
    explicit Walk(db::Transaction& tx) : tx_(tx) {}

    Invariant run() {
        bool more = true;
        while (more && found_.wrong == 0) {
            const auto page = tx_.all(sql::chain_page, place_.sequence, sql::chain_page_rows);
            more = !page.empty();
            for (const sql::ChainPageRow& row : page)
                if (!follow(row)) break;
        }
        if (const auto id = tx_.maybe(sql::smuggled))
            wrong("transaction " + std::to_string(*id) + " was never chained");
        return std::move(found_);
    }

private:
    /// Steps to the next place; false when it is not as it was.
    bool follow(const sql::ChainPageRow& stored) {
        const auto& [sequence, id, posted_at, row_hash, hash, canonical] = stored;
        ++found_.checked;
        const db::ChainedRow row{.sequence = sequence,
                                 .row_id = id,
                                 .created_at = posted_at,
                                 .row_hash = db::digest_of(row_hash)};
        const crypto::Digest now = db::chained(place_.hash, row);
        const bool intact = sequence == place_.sequence + 1 && canonical &&
                            crypto::sha256(*canonical) == row.row_hash &&
                            now == db::digest_of(hash);
        if (!intact) return wrong("sequence " + std::to_string(place_.sequence + 1));
        place_ = {.sequence = sequence, .hash = now};
        return true;
    }

    bool wrong(std::string what) {
        ++found_.wrong;
        if (!found_.first) found_.first = std::move(what);
        return false;
    }

    db::Transaction& tx_;
    Invariant found_{.name = "I8", .meaning = "the hash chain is unbroken"};
    db::ChainHead place_;
};

}  // namespace

std::vector<Invariant> prove(db::Transaction& tx) {
    std::vector<Invariant> result;
    for (const Check& check : checks) {
        auto [checked, wrong, first] = tx.one(check.query);
        result.push_back({check.name, check.meaning, checked, wrong, std::move(first)});
    }
    result.insert(result.end() - 1, Walk(tx).run());
    return result;
}

}  // namespace referral::ledger

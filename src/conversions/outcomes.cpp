/// What commissions read.

#include <map>

#include "conversions/conversions.hpp"
#include "conversions/decide.hpp"
#include "conversions/queries.hpp"

namespace referral::conversions {

namespace {

/// Conversions with their attributions, in the same order.
std::vector<Outcome> outcomes(db::Transaction& tx, const std::vector<StoredConversion>& rows) {
    std::vector<ConversionId> ids;
    for (const StoredConversion& row : rows) ids.push_back(row.id);
    std::map<ConversionId, Attribution> attributions;
    if (!ids.empty()) {
        for (TraceRow& row : tx.all(sql::traces, ids))
            attributions[row.conversion_id] = {
                .credits = {}, .locks_until = row.locks_until, .trace = std::move(row.trace)};
        for (const CreditRow& row : tx.all(sql::credits, ids))
            attributions[row.conversion_id].credits.push_back(
                {row.user_id, row.weight_ppm, row.source, row.link_id});
    }
    std::vector<Outcome> list;
    for (const StoredConversion& row : rows)
        list.push_back({row.conversion(), std::move(attributions[row.id])});
    return list;
}

std::vector<Outcome> moved(db::Transaction& tx, Walk& walk,
                           const std::vector<StoredConversion>& rows) {
    if (!rows.empty()) {
        walk.occurred_at = rows.back().occurred_at;
        walk.id = rows.back().id;
    }
    return outcomes(tx, rows);
}

}  // namespace

std::optional<Outcome> outcome(db::Transaction& tx, ConversionId id) {
    const auto row = tx.maybe(sql::find, id);
    if (!row) return std::nullopt;
    return std::move(outcomes(tx, {*row}).front());
}

std::vector<Outcome> next_outcomes(db::Transaction& tx, Walk& walk, std::int64_t limit) {
    return moved(tx, walk,
                 tx.all(sql::walk, walk.program_id, walk.occurred_at, walk.id, walk.before, limit));
}

std::vector<Outcome> next_outcomes(db::Transaction& tx, CustomerId customer, Walk& walk,
                                   std::int64_t limit) {
    return moved(tx, walk,
                 tx.all(sql::walk_of_customer, walk.program_id, walk.occurred_at, walk.id,
                        walk.before, limit, customer));
}

std::optional<Instant> first_qualifying_at(db::Transaction& tx, ProgramId program,
                                           CustomerId customer) {
    return tx.one(sql::first_qualifying, program, customer, programs::get(tx, program).trigger);
}

bool is_returning(db::Transaction& tx, const Conversion& conversion) {
    return tx.one(sql::is_returning, conversion.program_id, conversion.customer_id,
                  programs::get(tx, conversion.program_id).trigger, conversion.occurred_at,
                  conversion.id);
}

std::optional<Instant> occurred_at(db::Transaction& tx, const Conversion& conversion,
                                   EventKind kind) {
    return tx.one(sql::occurred_at, conversion.source, conversion.external_id, kind);
}

}  // namespace referral::conversions

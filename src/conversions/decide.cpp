#include "conversions/decide.hpp"

#include "conversions/attribution_schemas.hpp"
#include "conversions/queries.hpp"

namespace referral::conversions {

namespace {

/// Credits in columns; 0 where there is no link.
struct Columns {
    sql::Numbers users, weights, links;
    sql::Texts sources;
};

Columns columns(const std::vector<Credit>& credits) {
    Columns all;
    for (const Credit& credit : credits) {
        all.users.push_back(credit.partner.value);
        all.weights.push_back(credit.weight_ppm);
        all.links.push_back(credit.link_id ? credit.link_id->value : 0);
        all.sources.emplace_back(name_of(credit.source));
    }
    return all;
}

void store_parts(db::Transaction& tx, const Decided& decided, Cause cause,
                 std::optional<std::int64_t> by, Instant now) {
    const Attribution& attribution = decided.attribution;
    tx.one(sql::insert_attribution, decided.id, now, cause, attribution.trace.source,
           attribution.locks_until, attribution.trace, by);
    if (attribution.credits.empty()) return;
    const Columns credits = columns(attribution.credits);
    tx.run_for_effect(sql::insert_credits, decided.id, credits.users, credits.weights,
                      credits.sources, credits.links, decided.occurred_at);
    if (attribution.locks_until)
        tx.run_for_effect(sql::insert_locks, decided.id, decided.customer_id, decided.program_id,
                          credits.users, credits.weights, credits.links, decided.occurred_at,
                          *attribution.locks_until);
}

}  // namespace

std::optional<Attribution> in_force(db::Transaction& tx, ConversionId id) {
    auto row = tx.maybe(sql::decision, id);
    if (!row) return std::nullopt;
    Attribution attribution{
        .credits = {}, .locks_until = row->locks_until, .trace = std::move(row->trace)};
    for (const CreditRow& credit : tx.all(sql::credits, {id}))
        attribution.credits.push_back(
            {credit.user_id, credit.weight_ppm, credit.source, credit.link_id});
    return attribution;
}

void store_first(db::Transaction& tx, const Decided& decided, Cause cause,
                 std::optional<std::int64_t> by, Instant now) {
    store_parts(tx, decided, cause, by, now);
}

void replace(db::Transaction& tx, const Decided& decided, Cause cause,
             std::optional<std::int64_t> by, Instant now) {
    tx.run_for_effect(sql::delete_credits, decided.id);
    tx.run_for_effect(sql::delete_locks, decided.id);
    store_parts(tx, decided, cause, by, now);
    tx.run_for_effect(sql::set_organic, decided.id, decided.attribution.credits.empty());
}

bool same(const Attribution& a, const Attribution& b) {
    return a.credits == b.credits && a.locks_until == b.locks_until &&
           schema::text_of(a.trace) == schema::text_of(b.trace);
}

Evidence stored_evidence(db::Transaction& tx, const StoredConversion& conversion) {
    Evidence evidence{.awaits_click = conversion.awaits_click};
    for (const TouchRow& row : tx.all(sql::touches_of, conversion.id)) {
        Touch touch{.source = row.source,
                    .program_id = row.program_id,
                    .user_id = row.user_id,
                    .link_id = row.link_id,
                    .made_at = row.made_at,
                    .note = row.note};
        if (row.click_id) touch.click_id = ClickId::parse_uuid(*row.click_id);
        if (row.click_class)
            touch.click_class = clicks::class_of(*row.click_class).value_or(clicks::Class::orphan);
        evidence.touches.push_back(std::move(touch));
    }
    if (conversion.visitor)
        if (const auto visitor = clicks::parse_visitor_uuid(*conversion.visitor))
            evidence.visitors.push_back(*visitor);
    return evidence;
}

void store_evidence(db::Transaction& tx, const Evidence& evidence, ConversionId id,
                    CustomerId customer, Instant occurred_at) {
    for (const Touch& touch : evidence.touches) {
        const bool is_click = touch.click_id.has_value();
        tx.run_for_effect(
            sql::insert_touch, id, touch.source, customer, touch.program_id, touch.user_id,
            touch.link_id, touch.made_at,
            is_click ? std::optional(touch.click_id->uuid()) : std::nullopt,
            is_click ? std::optional(static_cast<std::int64_t>(touch.click_class)) : std::nullopt,
            touch.note);
    }
    if (evidence.visitors.empty()) return;
    sql::Texts uuids;
    for (const clicks::Visitor& visitor : evidence.visitors)
        uuids.push_back(clicks::visitor_uuid(visitor));
    tx.run_for_effect(sql::insert_visitors, customer, uuids, occurred_at);
}

}  // namespace referral::conversions

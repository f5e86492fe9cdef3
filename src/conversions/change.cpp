/// What becomes of a conversion later: adjustments, overrides, new decisions, taking back.

#include "base/problem.hpp"
#include "conversions/conversions.hpp"
#include "conversions/decide.hpp"
#include "conversions/facts_hash.hpp"
#include "conversions/queries.hpp"
#include "conversions/recalculation.hpp"
#include "conversions/standings.hpp"

namespace referral::conversions {

namespace {

/// Clicks are looked for as long as their node's journal may still be read.
constexpr std::chrono::days click_wait_max{7};

/// A conversion and its customer, both locked.
struct Locked {
    customers::Identified customer;
    StoredConversion stored;
};

/// Refuses: not_found.
Locked lock(db::Transaction& tx, ConversionId id) {
    const auto customer = tx.maybe(sql::customer_of, id);
    if (!customer) throw not_found("conversion");
    Locked locked{.customer = customers::lock(tx, *customer), .stored = {}};
    locked.stored = tx.one(sql::lock, id);
    return locked;
}

Attribution attribution_of(db::Transaction& tx, ConversionId id) {
    return in_force(tx, id).value_or(Attribution{});
}

/// An adjustment in the conversion's own units.
struct Change {
    std::int64_t revenue = 0, cost = 0, quantity = 0;
    bool is_reversal = false;
};

/// What each kind wants, and what it must not have.
void check_kind(const NewAdjustment& wanted, const Change& change,
                std::vector<FieldError>& errors) {
    const auto must_be_negative = [&] {
        if (change.revenue >= 0)
            errors.push_back({"revenue_change", "must be negative for this kind"});
    };
    const bool has_any = change.revenue != 0 || change.cost != 0 || change.quantity != 0;
    switch (wanted.kind) {
        case AdjustmentKind::refund:
        case AdjustmentKind::short_pay:
            return must_be_negative();
        case AdjustmentKind::write_off:
            if (wanted.revenue_change) must_be_negative();
            return;
        case AdjustmentKind::cost_change:
            if (change.cost == 0) errors.push_back({"cost_change", "must not be 0 for this kind"});
            return;
        case AdjustmentKind::cancel:
            if (wanted.revenue_change || wanted.cost_change || wanted.quantity_change)
                errors.push_back({"kind", "takes no changes: nothing is left"});
            return;
        case AdjustmentKind::claim:
        case AdjustmentKind::correction:
            if (!has_any) errors.push_back({"kind", "must change something"});
            return;
    }
}

Change change_of(const NewAdjustment& wanted, const StoredConversion& stored, Instant now) {
    std::vector<FieldError> errors;
    const auto minor = [&](const std::optional<Decimal>& given, const char* field,
                           std::int64_t before) -> std::int64_t {
        if (!given) return 0;
        const auto value = given->in_minor(stored.currency);
        if (!value || before + *value >= minor_max || before + *value <= -minor_max) {
            errors.push_back({field, "must fit " + stored.currency.text()});
            return 0;
        }
        return *value;
    };
    Change change;
    change.revenue = minor(wanted.revenue_change, "revenue_change", stored.revenue);
    change.cost = minor(wanted.cost_change, "cost_change", stored.cost);
    if (wanted.quantity_change) {
        const auto value = wanted.quantity_change->in_units(quantity_digits);
        const bool fits = value && *value<quantity_max&& * value> - quantity_max &&
                          stored.quantity + *value >= 0 && stored.quantity + *value <= quantity_max;
        if (!fits)
            errors.push_back({"quantity_change", "must leave a quantity that is not negative"});
        change.quantity = fits ? *value : 0;
    }
    if (wanted.occurred_at && *wanted.occurred_at > now + clock_ahead_max)
        errors.push_back({"occurred_at", "must not be in the future"});
    check_kind(wanted, change, errors);
    change.is_reversal = wanted.kind == AdjustmentKind::cancel ||
                         (wanted.kind == AdjustmentKind::write_off && !wanted.revenue_change);
    if (!errors.empty()) throw Problem(Refusal::invalid, std::move(errors));
    return change;
}

/// Whether nothing is left: canceled, or all of what there was is given back.
bool is_reversed_after(const StoredConversion& stored, const Change& change) {
    const bool had_revenue = stored.revenue > 0 || stored.is_reversed;
    return change.is_reversal || (had_revenue && stored.revenue + change.revenue <= 0);
}

schema::json::value amounts_of(const StoredConversion& stored) {
    return schema::json::object{{"revenue", to_text(Money{stored.revenue, stored.currency})},
                                {"cost", to_text(Money{stored.cost, stored.currency})},
                                {"quantity", quantity_text(stored.quantity)},
                                {"is_reversed", stored.is_reversed}};
}

schema::json::value credits_of(const Attribution& attribution) {
    schema::json::array credits;
    for (const Credit& credit : attribution.credits)
        credits.push_back({{"user_id", credit.partner.text()},
                           {"weight_ppm", credit.weight_ppm},
                           {"source", schema::json::string(name_of(credit.source))}});
    return schema::json::object{{"attributions", std::move(credits)}};
}

}  // namespace

Conversion StoredConversion::conversion() const {
    return {.id = id,
            .program_id = program_id,
            .kind = kind,
            .source = source,
            .external_id = external_id,
            .line = line,
            .occurred_at = occurred_at,
            .received_at = received_at,
            .currency = currency,
            .revenue = revenue,
            .cost = cost,
            .quantity = quantity,
            .unit = unit,
            .mode = mode,
            .lane = lane,
            .customer_id = customer_id,
            .customer_country = customer_country,
            .metadata = metadata.values,
            .is_reversed = is_reversed,
            .adjustments = adjustments};
}

/// What is decided again, and why.
struct Conversions::Redecision {
    const StoredConversion& stored;
    const customers::Identified& customer;
    Cause cause = Cause::recalculation;
    std::string reason{};
};

Recorded Conversions::adjust(db::Transaction& tx, ConversionId id, const NewAdjustment& wanted,
                             const audit::Actor& actor, Instant now) const {
    const Locked locked = lock(tx, id);
    const StoredConversion& before = locked.stored;
    const std::string hash = facts_hash(wanted);
    if (const auto known = tx.maybe(sql::adjustment_by_key, id, wanted.external_id.text())) {
        if (*known != hash) throw conflict("external_id", "was reported before with other facts");
        return {.id = id, .is_new = false, .earned = earned_by(tx, id)};
    }
    // Given back in full it may still be put right; canceled or written off it is over.
    if (before.is_undone || tx.one(sql::is_over, id))
        throw conflict("status", "is reversed: nothing is left to change");
    const Change change = change_of(wanted, before, now);
    tx.run_for_effect(
        sql::insert_adjustment, id, wanted.kind, wanted.external_id.text(), change.revenue,
        change.cost, change.quantity, change.is_reversal, wanted.occurred_at.value_or(now), now,
        wanted.reason ? std::optional(wanted.reason->text()) : std::nullopt, hash, actor.user_id);
    tx.run_for_effect(sql::change, id, change.revenue, change.cost, change.quantity,
                      is_reversed_after(before, change), false);
    const StoredConversion after = tx.one(sql::find, id);
    Recorded recorded{.id = id, .is_new = true, .earned = {}};
    recorded.earned = settle(tx, {after.conversion(), attribution_of(tx, id)}, actor, now);
    audit::note(tx, actor,
                {.action = "conversions.adjust",
                 .object_type = "conversion",
                 .object_id = id.text(),
                 .before = amounts_of(before),
                 .after = amounts_of(after),
                 .reason = wanted.reason ? wanted.reason->text() : ""},
                now);
    return recorded;
}

Recorded Conversions::redecide(db::Transaction& tx, const Redecision& wanted,
                               const audit::Actor& actor, Instant now) const {
    const StoredConversion& stored = wanted.stored;
    const Evidence evidence = stored_evidence(tx, stored);
    AttributionFacts facts = facts_of(tx, {.program_id = stored.program_id,
                                           .kind = stored.kind,
                                           .occurred_at = stored.occurred_at,
                                           .id = stored.id,
                                           .customer = wanted.customer,
                                           .own = evidence});
    facts.qualifies = programs::get(tx, stored.program_id).trigger == stored.kind;
    const Attribution before = attribution_of(tx, stored.id);
    const Attribution after = attribute(facts);
    if (same(before, after)) return {.id = stored.id, .earned = earned_by(tx, stored.id)};
    replace(tx,
            {.id = stored.id,
             .customer_id = stored.customer_id,
             .program_id = stored.program_id,
             .occurred_at = stored.occurred_at,
             .attribution = after},
            wanted.cause, actor.user_id, now);
    if (facts.qualifies) convert_lead(tx, stored.program_id, stored.customer_id, after, now);
    Recorded recorded{.id = stored.id, .is_new = true, .earned = {}};
    const bool is_another = before.credits != after.credits;
    recorded.earned = is_another ? settle(tx, {stored.conversion(), after}, actor, now)
                                 : earned_by(tx, stored.id);
    if (is_another || wanted.cause == Cause::override_)
        audit::note(tx, actor,
                    {.action = "conversions.attribute",
                     .object_type = "conversion",
                     .object_id = stored.id.text(),
                     .before = credits_of(before),
                     .after = credits_of(after),
                     .reason = wanted.reason},
                    now);
    const bool locks_differ =
        before.locks_until != after.locks_until || (after.locks_until && is_another);
    if (locks_differ && wanted.cause != Cause::recalculation)
        recalculate_later(tx, stored.customer_id, now);
    return recorded;
}

Recorded Conversions::override_attribution(db::Transaction& tx, ConversionId id,
                                           std::optional<UserId> user, const Line<500>& reason,
                                           const audit::Actor& actor, Instant now) const {
    const Locked locked = lock(tx, id);
    if (locked.stored.is_undone) throw conflict("status", "was taken back");
    if (user && !earns(tx, locked.stored.program_id, *user, locked.stored.occurred_at))
        throw invalid("user_id", "was not an approved partner of the program at that time");
    tx.one(sql::insert_override, id, user, reason.text(), actor.user_id, now);
    Recorded recorded = redecide(tx,
                                 {.stored = locked.stored,
                                  .customer = locked.customer,
                                  .cause = Cause::override_,
                                  .reason = reason.text()},
                                 actor, now);
    if (user) {
        const Attribution after = attribution_of(tx, id);
        // The partner is the customer: no word of anybody makes that a referral.
        if (after.credits.size() != 1 || after.credits.front().partner != *user)
            throw invalid("user_id", "cannot be credited: the partner is the customer");
    }
    return recorded;
}

Recorded Conversions::reattribute(db::Transaction& tx, ConversionId id, const audit::Actor& actor,
                                  Instant now) const {
    const Locked locked = lock(tx, id);
    if (locked.stored.is_undone) return {.id = id, .earned = earned_by(tx, id)};
    return redecide(tx, {.stored = locked.stored, .customer = locked.customer}, actor, now);
}

void Conversions::undo(db::Transaction& tx, ConversionId id, const std::string& why,
                       const audit::Actor& actor, Instant now) const {
    const Locked locked = lock(tx, id);
    if (locked.stored.is_undone) return;
    NewAdjustment cancel{.kind = AdjustmentKind::cancel};
    cancel.external_id = Line<200>::parse(why).value();
    tx.run_for_effect(sql::insert_adjustment, id, cancel.kind, cancel.external_id.text(), 0, 0, 0,
                      true, now, now, std::optional<std::string>(), facts_hash(cancel),
                      actor.user_id);
    tx.run_for_effect(sql::change, id, 0, 0, 0, true, true);
    tx.run_for_effect(sql::delete_touches, id);
    tx.run_for_effect(sql::delete_locks, id);
    settle(tx, {tx.one(sql::find, id).conversion(), attribution_of(tx, id)}, actor, now);
    audit::note(tx, actor,
                {.action = "conversions.undo",
                 .object_type = "conversion",
                 .object_id = id.text(),
                 .reason = why},
                now);
    if (tx.one(sql::has_later, locked.stored.customer_id, locked.stored.occurred_at, id))
        recalculate_later(tx, locked.stored.customer_id, now);
}

bool Conversions::take_click(db::Transaction& tx, ConversionId id, const audit::Actor& actor,
                             Instant now) const {
    Locked locked = lock(tx, id);
    StoredConversion& stored = locked.stored;
    if (!stored.awaits_click || stored.is_undone || !stored.click_id) return true;
    const auto click_id = ClickId::parse_uuid(*stored.click_id);
    const auto click = click_id ? clicks::find_click(tx, *click_id) : std::nullopt;
    if (!click) {
        if (now < stored.received_at + click_wait_max) return false;
        tx.run_for_effect(sql::stop_waiting, id);
        return true;
    }
    // Nobody has earned by it yet, and nobody said the program: it is the click's.
    if (!stored.program_is_given && stored.is_organic && click->program_id)
        stored.program_id = *click->program_id;
    tx.run_for_effect(sql::click_came, id, stored.program_id);
    Evidence evidence;
    if (auto touch = touch_of(*click)) evidence.touches.push_back(std::move(*touch));
    if (click->visitor != clicks::Visitor{}) evidence.visitors.push_back(click->visitor);
    store_evidence(tx, evidence, id, stored.customer_id, stored.occurred_at);
    redecide(tx, {.stored = stored, .customer = locked.customer, .cause = Cause::click}, actor,
             now);
    if (tx.one(sql::has_later, stored.customer_id, stored.occurred_at, id))
        recalculate_later(tx, stored.customer_id, now);
    return true;
}

}  // namespace referral::conversions

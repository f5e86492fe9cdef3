/// How a report becomes a conversion.

#include <algorithm>

#include "base/problem.hpp"
#include "conversions/conversions.hpp"
#include "conversions/decide.hpp"
#include "conversions/facts_hash.hpp"
#include "conversions/queries.hpp"
#include "conversions/recalculation.hpp"
#include "conversions/standings.hpp"

namespace referral::conversions {

namespace {

const Instant occurred_min = std::chrono::sys_days(std::chrono::year(2000) / 1 / 1);

/// Whom the document is about, where nobody said it.
customers::Contact customer_of(const NewConversion& wanted) {
    if (wanted.customer) return *wanted.customer;
    const std::string document = wanted.source.text() + '/' + wanted.external_id.text();
    return {.external_id = Line<200>::parse(cut(document, 200))};
}

/// Adds to `errors` what is wrong with an amount that must not be negative.
std::int64_t amount(const std::optional<Decimal>& given, const Currency& currency,
                    const char* field, std::vector<FieldError>& errors) {
    if (!given) return 0;
    const auto minor = given->in_minor(currency);
    if (!minor) {
        errors.push_back({field, "must fit " + currency.text() + ", which has " +
                                     std::to_string(currency.decimals()) + " decimals"});
        return 0;
    }
    if (*minor < 0) errors.push_back({field, "must not be negative"});
    return *minor;
}

std::int64_t quantity(const std::optional<Decimal>& given, std::vector<FieldError>& errors) {
    if (!given) return 1'000;
    const auto thousandths = given->in_units(quantity_digits);
    if (!thousandths || *thousandths < 0 || *thousandths > quantity_max) {
        errors.push_back({"quantity", "must have at most 3 decimals and not be negative"});
        return 0;
    }
    return *thousandths;
}

schema::json::value told(const Conversion& conversion, const Attribution& attribution) {
    schema::json::array credits;
    for (const Credit& credit : attribution.credits)
        credits.push_back({{"user_id", credit.partner.text()}, {"weight_ppm", credit.weight_ppm}});
    return schema::json::object{
        {"kind", schema::json::string(name_of(conversion.kind))},
        {"source", conversion.source},
        {"external_id", conversion.external_id},
        {"line", conversion.line},
        {"occurred_at", to_text(conversion.occurred_at)},
        {"program_id", conversion.program_id.text()},
        {"customer_id", conversion.customer_id.text()},
        {"currency", conversion.currency.text()},
        {"revenue", to_text(Money{conversion.revenue, conversion.currency})},
        {"cost", to_text(Money{conversion.cost, conversion.currency})},
        {"attributions", std::move(credits)}};
}

}  // namespace

/// A report with everything found that it is about.
struct Conversions::Report {
    Conversion conversion;
    Evidence evidence;
    customers::Identified customer;
    bool program_is_given = false;
    bool qualifies = false;  ///< Of the kind that the program waits for.
};

Recorded Conversions::found(db::Transaction& tx, const NewConversion& wanted,
                            const std::string& hash) const {
    const auto known = tx.maybe(sql::by_key, wanted.source.text(), wanted.external_id.text(),
                                wanted.line ? wanted.line->text() : "", wanted.kind);
    if (!known) return {};
    const auto& [id, its_hash] = *known;
    if (its_hash != hash)
        throw conflict("external_id", "was reported before with other facts (" + id.text() +
                                          "); a change of facts is an adjustment");
    return {.id = id, .is_new = false, .earned = earned_by(tx, id)};
}

Conversions::Report Conversions::report(db::Transaction& tx, const NewConversion& wanted,
                                        const Arrival& arrival, Instant now) const {
    std::vector<FieldError> errors;
    const Instant occurred_at = wanted.occurred_at.value_or(now);
    if (occurred_at > now + clock_ahead_max || occurred_at < occurred_min)
        errors.push_back({"occurred_at", "must be between the year 2000 and now"});
    const customers::Contact contact = customer_of(wanted);
    if (contact.is_empty())
        errors.push_back({"customer", "must have an external_id or an e-mail address"});
    Report report{
        .conversion = {},
        .evidence = evidence_of(tx, wanted, occurred_at, parts_.tokens, parts_.suggest, errors),
        .customer = {},
        .program_is_given = wanted.program_id || arrival.program_id};
    std::optional<ProgramId> program_id =
        arrival.program_id ? arrival.program_id : wanted.program_id;
    if (arrival.program_id && wanted.program_id && arrival.program_id != wanted.program_id)
        errors.push_back({"program_id", "is not that of the key"});
    if (program_id && !programs::find(tx, *program_id))
        errors.push_back({"program_id", "is not known"});
    if (program_id)
        for (const Touch& touch : report.evidence.touches)
            if (touch.program_id != *program_id && touch.source != Source::click_id)
                errors.push_back(
                    {std::string(name_of(touch.source)), "belongs to another program"});
    if (!errors.empty()) throw Problem(Refusal::invalid, std::move(errors));

    report.customer = customers::identify(tx, contact, occurred_at, now);
    if (!program_id) program_id = report.evidence.program();
    if (!program_id)
        program_id = tx.maybe(sql::locked_program, report.customer.customer.id, occurred_at);
    if (!program_id) program_id = programs::default_program(tx).id;
    programs::Program program = programs::get(tx, *program_id);
    if (!program.currency_fixed) {
        programs::fix_currency(tx, *program_id);
        program = programs::get(tx, *program_id);
    }
    report.qualifies = program.trigger == wanted.kind;
    const Currency currency = wanted.currency.value_or(program.currency);
    report.conversion = {.id = {},
                         .program_id = *program_id,
                         .kind = wanted.kind,
                         .source = wanted.source.text(),
                         .external_id = wanted.external_id.text(),
                         .line = wanted.line ? wanted.line->text() : "",
                         .occurred_at = occurred_at,
                         .received_at = now,
                         .currency = currency,
                         .revenue = amount(wanted.revenue, currency, "revenue", errors),
                         .cost = amount(wanted.cost, currency, "cost", errors),
                         .quantity = quantity(wanted.quantity, errors),
                         .unit = wanted.unit.value_or(Unit::load),
                         .mode = wanted.mode,
                         .lane = wanted.lane ? wanted.lane->text() : "",
                         .customer_id = report.customer.customer.id,
                         .customer_country = report.customer.customer.country.value_or(""),
                         .metadata = wanted.metadata ? wanted.metadata->values : Metadata{}};
    if (!errors.empty()) throw Problem(Refusal::invalid, std::move(errors));
    return report;
}

Recorded Conversions::record(db::Transaction& tx, const NewConversion& wanted,
                             const Arrival& arrival, Instant now) const {
    const std::string hash = facts_hash(wanted);
    if (auto known = found(tx, wanted, hash); known.id != ConversionId{}) return known;
    Report prepared = report(tx, wanted, arrival, now);
    return store(tx, wanted, prepared, hash, arrival, now);
}

std::optional<ConversionId> Conversions::check(db::Transaction& tx, const NewConversion& wanted,
                                               const Arrival& arrival, Instant now) const {
    if (const auto known = found(tx, wanted, facts_hash(wanted)); known.id != ConversionId{})
        return known.id;
    report(tx, wanted, arrival, now);
    return std::nullopt;
}

Recorded Conversions::store(db::Transaction& tx, const NewConversion& wanted, Report& report,
                            const std::string& hash, const Arrival& arrival, Instant now) const {
    Conversion& conversion = report.conversion;
    const Subject subject{.program_id = conversion.program_id,
                          .kind = conversion.kind,
                          .occurred_at = conversion.occurred_at,
                          .customer = report.customer,
                          .own = report.evidence};
    AttributionFacts facts = facts_of(tx, subject);
    facts.qualifies = report.qualifies;
    const Attribution attribution = attribute(facts);

    std::optional<std::string> visitor;
    if (wanted.visitor) visitor = clicks::visitor_uuid(wanted.visitor->visitor());
    const auto id =
        tx.maybe(sql::insert, conversion.program_id, conversion.kind, conversion.source,
                 conversion.external_id, conversion.line, conversion.occurred_at,
                 conversion.received_at, conversion.currency, conversion.revenue, conversion.cost,
                 conversion.quantity, conversion.unit, conversion.mode, conversion.lane,
                 conversion.customer_id, conversion.customer_country,
                 schema::Json<GivenMetadata>::write(GivenMetadata{conversion.metadata}), hash,
                 report.program_is_given,
                 wanted.click_id ? std::optional(wanted.click_id->uuid()) : std::nullopt,
                 wanted.code ? std::optional(wanted.code->text()) : std::nullopt,
                 wanted.token ? std::optional(wanted.token->text()) : std::nullopt, visitor,
                 report.evidence.awaits_click, arrival.import_id, attribution.credits.empty(),
                 arrival.actor.user_id);
    // Somebody else was first, and is done now.
    if (!id) return found(tx, wanted, hash);

    conversion.id = *id;
    store_evidence(tx, report.evidence, *id, conversion.customer_id, conversion.occurred_at);
    store_first(tx,
                {.id = *id,
                 .customer_id = conversion.customer_id,
                 .program_id = conversion.program_id,
                 .occurred_at = conversion.occurred_at,
                 .attribution = attribution},
                Cause::conversion, arrival.actor.user_id, now);
    if (facts.qualifies)
        convert_lead(tx, conversion.program_id, conversion.customer_id, attribution, now);
    Recorded recorded{.id = *id, .is_new = true, .earned = {}};
    recorded.earned = settle(tx, {conversion, attribution}, arrival.actor, now);
    audit::note(tx, arrival.actor,
                {.action = "conversions.create",
                 .object_type = "conversion",
                 .object_id = id->text(),
                 .after = told(conversion, attribution)},
                now);
    if (report.evidence.awaits_click) look_for_click_later(tx, *id, 0, now);
    if (report.customer.known_earlier && report.customer.account)
        recalculate_later(tx, report.customer.account->id, now);
    const bool tells_others = !report.evidence.touches.empty() ||
                              !report.evidence.visitors.empty() || attribution.locks_until ||
                              report.customer.known_earlier;
    if (tells_others && tx.one(sql::has_later, conversion.customer_id, conversion.occurred_at, *id))
        recalculate_later(tx, conversion.customer_id, now);
    return recorded;
}

std::vector<Earned> Conversions::settle(db::Transaction& tx, const Outcome& outcome,
                                        const audit::Actor& actor, Instant now) const {
    if (!parts_.commissions.settle) return {};
    return parts_.commissions.settle(tx, outcome, actor, now);
}

std::vector<Earned> Conversions::earned_by(db::Transaction& tx, ConversionId id) const {
    if (!parts_.commissions.earned_by) return {};
    return parts_.commissions.earned_by(tx, id);
}

}  // namespace referral::conversions

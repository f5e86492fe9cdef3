#pragma once

#include "commissions/rule_rows.hpp"
#include "commissions/trials.hpp"
#include "platform/schema/json.hpp"

namespace referral::schema {

template <>
struct Fields<commissions::TierForm> {
    using T = commissions::TierForm;
    static constexpr std::string_view name = "NewTier";
    static constexpr auto list = FieldList{
        field("from", &T::from, "From where on: an amount, a quantity or a number. The first: 0."),
        field("rate_ppm", &T::rate_ppm, "Of revenue, margin or commission: millionths."),
        field("unit_amount", &T::unit_amount, "Of the basis quantity: for one unit."),
        field("flat_amount", &T::flat_amount, "Of the basis fixed."),
    };
};

template <>
struct Fields<commissions::RuleForm> {
    using F = commissions::RuleForm;
    static constexpr std::string_view name = "NewCommissionRule";
    static constexpr auto list = FieldList{
        field("program_id", &F::program_id, "The default program when absent."),
        field("scope", &F::scope, "Whom it is for; the whole program when absent."),
        field("scope_id", &F::scope_id, "The group, link (for code) or enrolment."),
        field("name", &F::name, "What people call it."),
        field("priority", &F::priority, "The highest wins among equally specific ones; 0."),
        field("event_kind", &F::event_kind, "For which events; the program's trigger."),
        field("level", &F::level, "1: who is credited; 2, 3: those who referred that partner."),
        field("conditions", &F::conditions, "A tree of and, or, not and tests of fields."),
        field("currency", &F::currency, "The program's."),
        field("basis", &F::basis, "What the rate is taken of."),
        field("unit", &F::unit, "Of the basis quantity."),
        field("rate_ppm", &F::rate_ppm, "Of revenue, margin or commission: 10 % is 100,000."),
        field("unit_amount", &F::unit_amount, "Of the basis quantity: for one unit."),
        field("flat_amount", &F::flat_amount, "Of the basis fixed: for each event."),
        field("min_amount", &F::min_amount, "At least so much, where anything is earned."),
        field("max_amount", &F::max_amount, "At most so much for one event."),
        field("tier_mode", &F::tier_mode, "marginal: each slice at its rate; whole: all at one."),
        field("tier_timing", &F::tier_timing, "Whether an event counts for its own rate."),
        field("tier_measure", &F::tier_measure, "What is counted: the basis, or customers."),
        field("tier_period", &F::tier_period, "For how long it is counted; a month."),
        field("tiers", &F::tiers, "Instead of one rate."),
        field("cap_customer", &F::cap_customer, "The most for one customer."),
        field("cap_partner_period", &F::cap_partner_period, "The most for one partner a period."),
        field("cap_period", &F::cap_period, "That period; a month."),
        field("budget", &F::budget, "The most that the rule ever pays."),
        field("duration_months", &F::duration_months, "From the customer's first on."),
        field("effective_from", &F::effective_from, "From when on events count; now."),
    };
};

template <>
struct Fields<commissions::TierView> {
    using T = commissions::TierView;
    static constexpr std::string_view name = "Tier";
    static constexpr auto list = FieldList{
        field("from", &T::from, "From where on."),
        field("rate_ppm", &T::rate_ppm, "Millionths."),
        field("unit_amount", &T::unit_amount, "For one unit."),
        field("flat_amount", &T::flat_amount, "For each event."),
    };
};

template <>
struct Fields<commissions::RuleView> {
    using V = commissions::RuleView;
    static constexpr std::string_view name = "CommissionRule";
    static constexpr auto list = FieldList{
        field("id", &V::id, "The rule; its versions have the same."),
        field("version", &V::version, "Counts from 1."),
        field("program_id", &V::program_id, "Whose rule it is."),
        field("scope", &V::scope, "Whom it is for."),
        field("scope_id", &V::scope_id, "The program, group, link or enrolment."),
        field("name", &V::name, "What people call it."),
        field("priority", &V::priority, "The highest wins among equally specific ones."),
        field("event_kind", &V::event_kind, "For which events."),
        field("level", &V::level, "1: who is credited; 2, 3: those who referred that partner."),
        field("conditions", &V::conditions, "When it is for an event."),
        field("currency", &V::currency, "Of its amounts."),
        field("basis", &V::basis, "What the rate is taken of."),
        field("unit", &V::unit, "Of the basis quantity."),
        field("rate_ppm", &V::rate_ppm, "Millionths."),
        field("unit_amount", &V::unit_amount, "For one unit."),
        field("flat_amount", &V::flat_amount, "For each event."),
        field("min_amount", &V::min_amount, "At least so much."),
        field("max_amount", &V::max_amount, "At most so much."),
        field("tier_mode", &V::tier_mode, "How tiers pay."),
        field("tier_timing", &V::tier_timing, "Whether an event counts for its own rate."),
        field("tier_measure", &V::tier_measure, "What tiers count."),
        field("tier_period", &V::tier_period, "For how long."),
        field("tiers", &V::tiers, "Instead of one rate; empty: none."),
        field("cap_customer", &V::cap_customer, "The most for one customer."),
        field("cap_partner_period", &V::cap_partner_period, "The most for one partner a period."),
        field("cap_period", &V::cap_period, "That period."),
        field("budget", &V::budget, "The most that the rule ever pays."),
        field("duration_months", &V::duration_months, "From the customer's first on."),
        field("effective_from", &V::effective_from, "From when on events count."),
        field("is_retired", &V::is_retired, "From then on it is for nothing."),
        field("sentence", &V::sentence, "The same as a sentence."),
        field("created_at", &V::created_at, "When the version was made."),
        field("created_by", &V::created_by, "Who made it."),
    };
};

/// The version in force, and all versions beside it.
template <>
struct Json<commissions::RuleDetail> {
    static json::value write(const commissions::RuleDetail& detail) {
        json::value object = Json<commissions::RuleView>::write(detail.rule);
        object.as_object()["versions"] =
            Json<std::vector<commissions::RuleView>>::write(detail.versions);
        return object;
    }
    static json::object describe(Components& components) {
        const json::object rule = Json<commissions::RuleView>::describe(components);
        constexpr const char* name = "CommissionRuleDetail";
        if (!components.contains(name)) {
            json::object shape = components.at("CommissionRule").as_object();
            shape["properties"].as_object()["versions"] =
                json::object{{"type", "array"},
                             {"items", rule},
                             {"description", "All of its versions, the newest first."}};
            components[name] = std::move(shape);
        }
        return {{"$ref", std::string("#/components/schemas/") + name}};
    }
};

template <>
struct Fields<commissions::RuleFilter> {
    using F = commissions::RuleFilter;
    static constexpr std::string_view name = "CommissionRuleFilter";
    static constexpr auto list = FieldList{
        field("program_id", &F::program_id, "Of this program."),
        field("scope", &F::scope, "For these."),
        field("event_kind", &F::event_kind, "For these events."),
        field("is_retired", &F::is_retired, "Whether they are given up."),
        field("limit", &F::limit, "How many at most."),
        field("cursor", &F::cursor, "The next_cursor of the page before."),
    };
};

template <>
struct Fields<commissions::NewRate> {
    using R = commissions::NewRate;
    static constexpr std::string_view name = "NewExchangeRate";
    static constexpr auto list = FieldList{
        field("from_currency", &R::from_currency, "Of what one unit …"),
        field("to_currency", &R::to_currency, "… is worth in this."),
        field("day", &R::day, "From the start of which day (UTC) on."),
        field("rate", &R::rate, "A decimal, kept as it is."),
    };
};

template <>
struct Fields<commissions::StoredRate> {
    using R = commissions::StoredRate;
    static constexpr std::string_view name = "ExchangeRate";
    static constexpr auto list =
        joined(FieldList{field("id", &R::id, "The rate.")}, Fields<commissions::NewRate>::list,
               FieldList{field("created_at", &R::created_at, "When it was told."),
                         field("created_by", &R::created_by, "Who told it.")});
};

template <>
struct Fields<commissions::RateFilter> {
    using F = commissions::RateFilter;
    static constexpr std::string_view name = "ExchangeRateFilter";
    static constexpr auto list = FieldList{
        field("from_currency", &F::from_currency, "From this currency."),
        field("to_currency", &F::to_currency, "To this currency."),
        field("limit", &F::limit, "How many at most."),
        field("cursor", &F::cursor, "The next_cursor of the page before."),
    };
};

template <>
struct Fields<commissions::NewTrial> {
    using T = commissions::NewTrial;
    static constexpr std::string_view name = "NewTrial";
    static constexpr auto list = FieldList{
        field("rule", &T::rule, "A draft, as for POST /commission-rules."),
        field("replaces", &T::replaces,
              "As the next version of this rule; else beside the others."),
        field("from", &T::from, "Conversions that occurred from then on; a year before `to`."),
        field("to", &T::to, "… and before that; now."),
    };
};

template <>
struct Fields<commissions::TrialPartner> {
    using P = commissions::TrialPartner;
    static constexpr std::string_view name = "TrialPartner";
    static constexpr auto list = FieldList{
        field("user_id", &P::user_id, "The partner."),
        field("user_name", &P::user_name, "Its name."),
        field("amount_now", &P::amount_now, "What it has by the rules there are."),
        field("amount_then", &P::amount_then, "What it would have with the draft."),
        field("difference", &P::difference, "The second less the first."),
        field("commissions_now", &P::commissions_now, "How many commissions."),
        field("commissions_then", &P::commissions_then, "How many with the draft."),
    };
};

template <>
struct Fields<commissions::TrialResult> {
    using R = commissions::TrialResult;
    static constexpr std::string_view name = "TrialResult";
    static constexpr auto list = FieldList{
        field("conversions", &R::conversions, "How many were computed."),
        field("refused", &R::refused, "How many have no exchange rate and were left out."),
        field("partners", &R::partners, "How many partners earn."),
        field("amount_now", &R::amount_now, "All by the rules there are."),
        field("amount_then", &R::amount_then, "All with the draft."),
        field("difference", &R::difference, "The second less the first."),
        field("by_partner", &R::by_partner, "The largest differences first, at most 500."),
    };
};

template <>
struct Fields<commissions::Trial> {
    using T = commissions::Trial;
    static constexpr std::string_view name = "Trial";
    static constexpr auto list = FieldList{
        field("id", &T::id, "The trial."),
        field("program_id", &T::program_id, "Of which program."),
        field("rule", &T::rule, "The draft."),
        field("replaces", &T::replaces, "Whose next version it would be."),
        field("from", &T::from, "Conversions that occurred from then on …"),
        field("to", &T::to, "… and before that."),
        field("status", &T::status, "How far it is."),
        field("progress_done", &T::progress_done, "How many conversions were read."),
        field("progress_total", &T::progress_total, "Of how many."),
        field("result", &T::result, "A TrialResult, once it is done."),
        field("error", &T::error, "Why it failed."),
        field("created_at", &T::created_at, "When it was asked for."),
        field("ended_at", &T::ended_at, "When it was done."),
    };
};

}  // namespace referral::schema

#pragma once

/// What a program promises to pay, as data. A version in force never changes: a change is a new
/// version with its own start.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/id.hpp"
#include "base/money.hpp"
#include "base/names.hpp"
#include "base/problem.hpp"
#include "base/time.hpp"
#include "commissions/calendar.hpp"
#include "commissions/condition.hpp"
#include "commissions/facts.hpp"

namespace referral::commissions {

struct RuleTag {
    static constexpr std::string_view prefix = "rul";
};
using RuleId = Id<RuleTag>;

/// What a rate is taken of. `margin` is revenue less cost, never below 0; `commission` is what
/// level 1 earns.
enum class Basis { revenue, margin, quantity, fixed, commission };

/// What an amount of the basis earns. The basis says in which unit: millionths of revenue, margin
/// and commission (10 % is 100,000); millionths of the currency for one unit of quantity (0.0125 is
/// 12,500); minor units of the currency for `fixed`.
struct Rate {
    std::int64_t value = 0;
    friend bool operator==(Rate, Rate) = default;
};

/// `marginal`: each slice, or each event, has its own rate. `whole`: the period has one rate, and
/// what was posted before is adjusted to it.
enum class TierMode { marginal, whole };

/// Whether an event is part of what decides about its own rate.
enum class TierTiming { before, after };

/// What leads from one tier to the next: the rule's basis, or how many distinct customers came.
enum class TierMeasure { basis, customers };

/// Holds from `from` on: minor units of the rule's currency, thousandths of a unit, or customers.
struct Tier {
    std::int64_t from = 0;
    Rate rate;
    friend bool operator==(const Tier&, const Tier&) = default;
};

struct Tiers {
    TierMode mode = TierMode::marginal;
    TierTiming timing = TierTiming::after;
    TierMeasure measure = TierMeasure::basis;
    Period period = Period::month;
    std::vector<Tier> steps;  ///< 1 to `steps_max`; the first begins at 0, each later one higher.
    friend bool operator==(const Tiers&, const Tiers&) = default;

    static constexpr std::size_t steps_max = 10;
};

/// Whether what a rule gives of a period is known only at the period's end.
inline bool is_whole(const std::optional<Tiers>& tiers) {
    return tiers && tiers->mode == TierMode::whole;
}

/// The most that a partner gets by a rule in each period.
struct PartnerCap {
    std::int64_t amount = 0;
    Period period = Period::month;
    friend bool operator==(const PartnerCap&, const PartnerCap&) = default;
};

/// Whom a rule is for, the least specific first; an enrolment and a code are equally specific.
enum class ScopeKind { program, group, code, enrolment };

/// `id` is that of the program, group, link or enrolment.
struct Scope {
    ScopeKind kind = ScopeKind::program;
    std::int64_t id = 0;
};

/// One version of a rule. Amounts are minor units of `currency`, which is the program's.
struct RuleVersion {
    RuleId id;
    int version = 1;
    Instant effective_from;
    bool is_retired = false;  ///< From `effective_from` on the rule is for nothing.
    std::string name;

    Scope scope;
    int priority = 0;  ///< The highest wins among rules of equally specific scopes.
    EventKind event_kind = EventKind::delivered;
    int level = 1;  ///< 1 to 3: for the partner credited, or those who referred it.
    std::optional<Condition> conditions;

    Currency currency;
    Basis basis = Basis::revenue;
    Unit unit = Unit::load;  ///< Of the basis `quantity`.
    Rate rate;               ///< Where there are no tiers.
    std::optional<Tiers> tiers;

    std::optional<std::int64_t> min_amount;  ///< Lifts a positive basis; nothing stays nothing.
    std::optional<std::int64_t> max_amount;
    std::optional<std::int64_t> cap_customer;  ///< For all conversions of one customer.
    std::optional<PartnerCap> cap_partner_period;
    std::optional<std::int64_t> budget;  ///< For all that the rule ever pays.
    /// For how long a customer counts from the first qualifying conversion; nothing: for ever.
    std::optional<int> duration_months;

    /// Whether what one conversion earns depends on others of the same customer …
    bool links_customers() const { return cap_customer || duration_months; }
    /// … of the same partner …
    bool links_partners() const { return tiers || cap_partner_period; }
    /// … or of everybody.
    bool links_all() const { return budget.has_value(); }
};

/// Every field that is wrong, by its name: "max_amount", "tiers.1.from". None: the rule is good.
std::vector<FieldError> errors_of(const RuleVersion& rule);

/// The rule as a sentence for people: "10 % of the margin, at least USD 10.00, for each delivered
/// event if the mode is ftl."
std::string sentence(const RuleVersion& rule);

/// A rate as people write it: "10 %", "USD 0.0125 per mile", "USD 25.00".
std::string rate_text(Rate rate, const RuleVersion& rule);

/// An amount of the rule's currency: "USD 25.00".
std::string money_text(std::int64_t minor, const RuleVersion& rule);

/// What tiers count: "USD 5000.00", "100 loads", "11 customers", "3 events".
std::string volume_text(std::int64_t volume, const RuleVersion& rule);

}  // namespace referral::commissions

template <>
struct referral::Names<referral::commissions::Basis> {
    using Basis = commissions::Basis;
    static constexpr std::array<std::pair<Basis, std::string_view>, 5> list{
        {{Basis::revenue, "revenue"},
         {Basis::margin, "margin"},
         {Basis::quantity, "quantity"},
         {Basis::fixed, "fixed"},
         {Basis::commission, "commission"}}};
};

template <>
struct referral::Names<referral::commissions::TierMode> {
    using Mode = commissions::TierMode;
    static constexpr std::array<std::pair<Mode, std::string_view>, 2> list{
        {{Mode::marginal, "marginal"}, {Mode::whole, "whole"}}};
};

template <>
struct referral::Names<referral::commissions::TierTiming> {
    using Timing = commissions::TierTiming;
    static constexpr std::array<std::pair<Timing, std::string_view>, 2> list{
        {{Timing::before, "before"}, {Timing::after, "after"}}};
};

template <>
struct referral::Names<referral::commissions::TierMeasure> {
    using Measure = commissions::TierMeasure;
    static constexpr std::array<std::pair<Measure, std::string_view>, 2> list{
        {{Measure::basis, "basis"}, {Measure::customers, "customers"}}};
};

template <>
struct referral::Names<referral::commissions::ScopeKind> {
    using Kind = commissions::ScopeKind;
    static constexpr std::array<std::pair<Kind, std::string_view>, 4> list{
        {{Kind::program, "program"},
         {Kind::group, "group"},
         {Kind::code, "code"},
         {Kind::enrolment, "enrolment"}}};
};

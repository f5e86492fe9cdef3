#pragma once

/// How a commission was computed, step by step, for people and for programs.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>

#include "base/check.hpp"
#include "base/ratio.hpp"
#include "commissions/rule.hpp"
#include "platform/schema/json.hpp"

namespace referral::commissions {

/// Why a commission is less than its rate says; of several the last that took something.
enum class Reason {
    reversed,            ///< Nothing is left of the conversion.
    other_unit,          ///< The quantity counts something else than the rule pays for.
    term_over,           ///< The customer's months are over, or had not begun.
    cap_customer,        ///< The rule has paid all that it pays for one customer.
    cap_partner_period,  ///< … for one partner in the period.
    budget               ///< … at all; or the program's budget is used up.
};

/// What a window is for.
enum class WindowKind { term, tiers, cap_partner_period };

/// The steps, in the order in which they are taken. Amounts are minor units of the rule's currency
/// unless something else is said.
struct FactsStep {
    EventKind kind;
    Unit unit;
    Instant occurred_at;
    std::int64_t revenue, cost, quantity;  ///< As in Facts, in the facts' currency.
};
struct RuleStep {
    RuleId id;
    int version;
    Instant effective_from;
};
struct WindowStep {
    WindowKind kind;
    bool contains;  ///< Whether the conversion falls into it.
    Span span;
};
struct NothingStep {
    Reason reason;
};
/// `amount` is in the facts' currency for revenue and margin, in thousandths for quantity.
struct BasisStep {
    Basis basis;
    std::int64_t amount;
};
struct ExchangeStep {
    Ratio rate, converted;
};
/// The tier that `volume` of the period reaches.
struct TierStep {
    std::int64_t volume, from;
    Rate rate;
};
/// What of the basis falls into the tier that begins at `from`.
struct SliceStep {
    std::int64_t from;
    Rate rate;
    Ratio amount;
};
struct RateStep {
    Rate rate;
};
struct BonusStep {
    std::int64_t ppm;
};
struct RoundingStep {
    Ratio exact;
    std::int64_t rounded;
};
struct LimitStep {
    bool is_minimum;
    std::int64_t limit, amount;
};
/// `used` is what was paid by other conversions, `amount` what is left of this one.
struct CapStep {
    Reason cap;
    std::int64_t limit, used, amount;
};
struct SplitStep {
    std::int64_t weight, weights, total, part;
};
struct PostStep {
    std::int64_t amount, posted, difference;
};

using Step = std::variant<FactsStep, RuleStep, WindowStep, NothingStep, BasisStep, ExchangeStep,
                          TierStep, SliceStep, RateStep, BonusStep, RoundingStep, LimitStep,
                          CapStep, SplitStep, PostStep>;

/// The steps of one calculation. It holds all that there can be without allocating.
class Trace {
public:
    void add(const Step& step) {
        CHECK(count_ < steps_max);
        steps_[count_++] = step;
    }
    std::span<const Step> steps() const { return {steps_.data(), count_}; }

    /// The first step of a kind, or nothing.
    template <class Kind>
    const Kind* find() const {
        for (const Step& step : steps())
            if (const Kind* found = std::get_if<Kind>(&step)) return found;
        return nullptr;
    }

    static constexpr std::size_t steps_max = 32;

private:
    std::array<Step, steps_max> steps_{};
    std::size_t count_ = 0;
};

/// One line a step, in English. `rule` is the version that was computed with, `currency` that of
/// the facts.
std::string text_of(const Trace& trace, const RuleVersion& rule, const Currency& currency);

/// A list with an object for each step: `step` says its kind; amounts are decimals.
schema::json::array to_json(const Trace& trace, const RuleVersion& rule, const Currency& currency);

}  // namespace referral::commissions

template <>
struct referral::Names<referral::commissions::Reason> {
    using Reason = commissions::Reason;
    static constexpr std::array<std::pair<Reason, std::string_view>, 6> list{
        {{Reason::reversed, "reversed"},
         {Reason::other_unit, "other_unit"},
         {Reason::term_over, "term_over"},
         {Reason::cap_customer, "cap_customer"},
         {Reason::cap_partner_period, "cap_partner_period"},
         {Reason::budget, "budget"}}};
};

template <>
struct referral::Names<referral::commissions::WindowKind> {
    using Kind = commissions::WindowKind;
    static constexpr std::array<std::pair<Kind, std::string_view>, 3> list{
        {{Kind::term, "term"},
         {Kind::tiers, "tiers"},
         {Kind::cap_partner_period, "cap_partner_period"}}};
};

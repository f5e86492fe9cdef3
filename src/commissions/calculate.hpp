#pragma once

#include <cstdint>
#include <optional>

#include "commissions/facts.hpp"
#include "commissions/rule.hpp"
#include "commissions/trace.hpp"

namespace referral::commissions {

/// What the rule has done so far, without the conversion in hand. Amounts are minor units of the
/// rule's currency.
struct State {
    /// What was posted for this conversion and partner; what is posted next is the difference.
    std::int64_t posted = 0;
    /// When the customer's first qualifying conversion occurred; nothing: this is it.
    std::optional<Instant> first_at;
    /// What the tiers have counted in the period: of `marginal` before this conversion; of `whole`
    /// all others, or with the timing `before` all but the period's last conversion.
    std::int64_t volume = 0;
    /// Whether this conversion's customer adds one to `volume`, where customers are counted.
    bool is_new_customer = false;
    std::int64_t customer_earned = 0;        ///< By other conversions of the customer.
    std::int64_t partner_period_earned = 0;  ///< By the partner, in the period of the cap.
    std::int64_t budget_spent = 0;           ///< By all conversions.
    std::optional<std::int64_t> program_budget_left;
};

/// What a conversion earns its partner.
struct Calculation {
    std::int64_t amount = 0;      ///< Minor units of the rule's currency.
    std::int64_t difference = 0;  ///< `amount` less what was posted: what to post now.
    /// Whether the rule pays for the conversion at all, be it 0: its months are not over, and
    /// something is left of it.
    bool qualifies = false;
    /// What the conversion adds to a volume of the rule's basis: minor units of the rule's
    /// currency, thousandths of a unit, or 1.
    std::int64_t counted = 0;
    std::optional<Reason> reason;
    Trace trace;
};

/// Computes what `rule` pays for a conversion: basis, tier, rate, minimum and maximum, caps, split,
/// difference, with one rounding. A pure function; it allocates nothing unless the conversion is
/// divided or the result is refused. Does not ask whether the rule is for the conversion (see
/// Rules).
///
/// Refuses, as invalid: facts of 10^15 and more, results that large, a missing exchange rate.
Calculation calculate(const Facts& facts, const RuleVersion& rule, const State& state,
                      const Zone& zone);

}  // namespace referral::commissions

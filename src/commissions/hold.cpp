#include "commissions/hold.hpp"

#include <algorithm>

namespace referral::commissions {

Hold hold(const HoldFacts& facts, Instant now) {
    const auto missing = std::ranges::find_if(
        facts.triggers, [](const Trigger& trigger) { return !trigger.happened_at; });
    if (missing != facts.triggers.end())
        return {.waiting_for = WaitingFor::trigger, .missing = missing->kind};
    Instant last = Instant::min();
    for (const Trigger& trigger : facts.triggers) last = std::max(last, *trigger.happened_at);
    Hold hold;
    if (!facts.triggers.empty()) hold.until = last + std::chrono::days(facts.hold_days);
    if (facts.is_blocked)
        hold.waiting_for = WaitingFor::case_open;
    else if (!facts.is_enrolment_active)
        hold.waiting_for = WaitingFor::enrolment;
    else if (hold.until && now < *hold.until)
        hold.waiting_for = WaitingFor::days;
    return hold;
}

}  // namespace referral::commissions

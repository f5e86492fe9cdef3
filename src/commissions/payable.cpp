#include "commissions/payable.hpp"

#include <fmt/format.h>

namespace referral::commissions {

namespace {

std::string day_text(Instant at) { return to_text(std::chrono::floor<std::chrono::days>(at)); }

Payable waiting(const PayableFacts& facts, Instant now) {
    const Trigger trigger{facts.trigger, facts.triggered_at};
    const Hold found = hold({.triggers = std::span(&trigger, 1),
                             .hold_days = facts.hold_days,
                             .is_enrolment_active = facts.is_enrolled},
                            now);
    Payable result{.on = found.until};
    const std::string kind(name_of(facts.trigger));
    if (found.waiting_for == WaitingFor::trigger) {
        result.why_not = WhyNot::trigger;
        result.sentence = fmt::format(
            "Waits until the business reports that it was {}; payable {} "
            "days after that.",
            kind, facts.hold_days);
    } else if (found.waiting_for == WaitingFor::enrolment) {
        result.why_not = WhyNot::enrolment;
        result.sentence = "Waits: the partner does not take part in the program at present.";
    } else if (found.waiting_for == WaitingFor::days) {
        result.why_not = WhyNot::days;
        result.sentence =
            fmt::format("Payable on {}: {} days after it was {} on {}.", day_text(*found.until),
                        facts.hold_days, kind, day_text(*facts.triggered_at));
    } else if (takes_four_eyes(facts)) {
        result.why_not = WhyNot::four_eyes;
        result.sentence =
            fmt::format("Above the program's limit: {} of {} people have approved it.",
                        facts.approvals, approvals_wanted);
    } else {
        result.why_not = WhyNot::job;
        result.sentence = "The days are over; it is approved within minutes.";
    }
    return result;
}

}  // namespace

bool takes_four_eyes(const PayableFacts& facts) {
    return facts.four_eyes_above && facts.amount > *facts.four_eyes_above;
}

Payable payable(const PayableFacts& facts, Instant now) {
    switch (facts.status) {
        case Status::pending:
            if (facts.amount == 0)
                return {.why_not = WhyNot::nothing, .sentence = "There is nothing to pay."};
            return waiting(facts, now);
        case Status::held:
            return {.why_not = WhyNot::held, .sentence = "Held until somebody decides."};
        case Status::rejected:
            return {.why_not = WhyNot::rejected, .sentence = "Rejected; it will not be paid."};
        case Status::canceled:
            return {.why_not = WhyNot::canceled,
                    .sentence = "Canceled: nothing is left of the conversion, or it is another's."};
        case Status::approved:
            if (facts.amount == 0)
                return {.why_not = WhyNot::nothing, .sentence = "There is nothing to pay."};
            return {.on = facts.approved_at, .sentence = "Payable with the next payout."};
        case Status::in_payout:
            return {.on = facts.approved_at, .sentence = "In a payout on its way."};
        case Status::paid:
            return {.on = facts.approved_at, .sentence = "Paid."};
    }
    return {};
}

}  // namespace referral::commissions

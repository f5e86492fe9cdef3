#include "partners/enrolment.hpp"

namespace referral::partners {

namespace {

constexpr unsigned bit(EnrolmentStatus status) { return 1U << static_cast<unsigned>(status); }

/// From which states a step can be done, and where it leads.
struct Rule {
    EnrolmentStep step;
    unsigned from;
    EnrolmentStatus to;
};

using enum EnrolmentStatus;

// Whoever was turned down or has left may ask again; whoever was suspended or banned may not, and
// is let in again by who decided that.
constexpr Rule rules[] = {
    {EnrolmentStep::apply, bit(rejected) | bit(left), applied},
    {EnrolmentStep::accept, bit(invited), approved},
    {EnrolmentStep::approve, bit(applied) | bit(invited) | bit(rejected) | bit(left), approved},
    {EnrolmentStep::reject, bit(applied) | bit(invited), rejected},
    {EnrolmentStep::suspend, bit(approved), suspended},
    {EnrolmentStep::reinstate, bit(suspended) | bit(banned), approved},
    {EnrolmentStep::ban,
     bit(applied) | bit(invited) | bit(approved) | bit(rejected) | bit(suspended) | bit(left),
     banned},
    {EnrolmentStep::leave, bit(applied) | bit(invited) | bit(approved), left},
};

}  // namespace

std::optional<EnrolmentStatus> after(EnrolmentStep step, EnrolmentStatus from) {
    for (const Rule& rule : rules)
        if (rule.step == step && (rule.from & bit(from)) != 0) return rule.to;
    return std::nullopt;
}

bool needs_reason(EnrolmentStep step) {
    switch (step) {
        case EnrolmentStep::reject:
        case EnrolmentStep::suspend:
        case EnrolmentStep::ban:
            return true;
        case EnrolmentStep::apply:
        case EnrolmentStep::accept:
        case EnrolmentStep::approve:
        case EnrolmentStep::reinstate:
        case EnrolmentStep::leave:
            return false;
    }
    return true;
}

}  // namespace referral::partners

#pragma once

/// Until when a commission waits, and for what.

#include <cstdint>
#include <optional>
#include <span>

#include "base/names.hpp"
#include "base/time.hpp"
#include "commissions/facts.hpp"

namespace referral::commissions {

/// Something that must have happened before a commission is due, and when it did.
struct Trigger {
    EventKind kind = EventKind::delivered;
    std::optional<Instant> happened_at;
};

/// What a commission waits for; the first that fits.
enum class WaitingFor { trigger, case_open, enrolment, days };

/// What decides about approval.
struct HoldFacts {
    std::span<const Trigger> triggers;  ///< All of them must have happened.
    std::int64_t hold_days = 0;         ///< Days of 24 hours; 0 to 3,650.
    bool is_blocked = false;            ///< A fraud case or a dispute is open.
    bool is_enrolment_active = true;
};

struct Hold {
    /// When the days are over; nothing while a trigger is missing.
    std::optional<Instant> until;
    std::optional<WaitingFor> waiting_for;  ///< Nothing: it can be approved.
    /// Which trigger, where that is what it waits for.
    std::optional<EventKind> missing;
};

/// Whether a commission can be approved at `now`: every trigger's date and the days have passed,
/// nothing blocks it, and the enrolment is active.
Hold hold(const HoldFacts& facts, Instant now);

}  // namespace referral::commissions

template <>
struct referral::Names<referral::commissions::WaitingFor> {
    using WaitingFor = commissions::WaitingFor;
    static constexpr std::array<std::pair<WaitingFor, std::string_view>, 4> list{
        {{WaitingFor::trigger, "trigger"},
         {WaitingFor::case_open, "case_open"},
         {WaitingFor::enrolment, "enrolment"},
         {WaitingFor::days, "days"}}};
};

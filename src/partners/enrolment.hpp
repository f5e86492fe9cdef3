#pragma once

/// Partners in programs: the states of an enrolment, and what leads from one to another.

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "base/names.hpp"
#include "base/time.hpp"

namespace referral::partners {

/// A partner's state in the program. Only `approved` earns.
enum class EnrolmentStatus { applied, invited, approved, rejected, suspended, banned, left };

/// From when on a partner was in a state.
struct StatusChange {
    Instant since{};
    EnrolmentStatus status = EnrolmentStatus::approved;
};

/// What is done to an enrolment. A partner applies (again), accepts an invitation and leaves; staff
/// do the others.
enum class EnrolmentStep { apply, accept, approve, reject, suspend, reinstate, ban, leave };

/// The state that a step leads to, or nothing when it cannot be done in this one.
std::optional<EnrolmentStatus> after(EnrolmentStep step, EnrolmentStatus from);

/// Whether the step is against the partner, who is then owed a reason.
bool needs_reason(EnrolmentStep step);

}  // namespace referral::partners

template <>
struct referral::Names<referral::partners::EnrolmentStatus> {
    using Status = partners::EnrolmentStatus;
    static constexpr std::array<std::pair<Status, std::string_view>, 7> list{
        {{Status::applied, "applied"},
         {Status::invited, "invited"},
         {Status::approved, "approved"},
         {Status::rejected, "rejected"},
         {Status::suspended, "suspended"},
         {Status::banned, "banned"},
         {Status::left, "left"}}};
};

template <>
struct referral::Names<referral::partners::EnrolmentStep> {
    using Step = partners::EnrolmentStep;
    static constexpr std::array<std::pair<Step, std::string_view>, 8> list{
        {{Step::apply, "apply"},
         {Step::accept, "accept"},
         {Step::approve, "approve"},
         {Step::reject, "reject"},
         {Step::suspend, "suspend"},
         {Step::reinstate, "reinstate"},
         {Step::ban, "ban"},
         {Step::leave, "leave"}}};
};

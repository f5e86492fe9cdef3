#pragma once

/// Partners in programs: the states of an enrolment.

#include <array>
#include <string_view>
#include <utility>

#include "base/names.hpp"
#include "base/time.hpp"

namespace referral::partners {

/// A partner's state in the program.
enum class EnrolmentStatus { applied, invited, approved, rejected, suspended, banned, left };

/// From when on a partner was in a state.
struct StatusChange {
    Instant since{};
    EnrolmentStatus status = EnrolmentStatus::approved;
};

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

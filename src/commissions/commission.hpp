#pragma once

/// A commission, for every file of this folder.

#include "base/id.hpp"
#include "commissions/calculate.hpp"
#include "commissions/exchange_rates.hpp"
#include "commissions/hold.hpp"
#include "commissions/states.hpp"
#include "conversions/conversions.hpp"

namespace referral::commissions {

struct CommissionTag {
    static constexpr std::string_view prefix = "com";
};
using CommissionId = Id<CommissionTag>;

using accounts::UserId;
using programs::ProgramId;

}  // namespace referral::commissions

#pragma once

/// What "the same facts" means: a hash over everything that a report says, as it is understood and
/// not as it is written ("39.0" is "39.00").

#include <string>

#include "conversions/reports.hpp"

namespace referral::conversions {

/// SHA-256 in hexadecimal.
std::string facts_hash(const NewConversion& report);
std::string facts_hash(const NewAdjustment& report);

}  // namespace referral::conversions

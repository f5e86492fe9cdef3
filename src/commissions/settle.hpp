#pragma once

/// From a conversion and whose it is to commissions, postings and history.

#include <vector>

#include "audit/audit.hpp"
#include "commissions/books.hpp"
#include "conversions/conversions.hpp"

namespace referral::commissions {

/// Makes or changes the commissions of a conversion so that what is posted is what facts,
/// attribution and rules say now; differences of others whose tiers and caps it moves are posted
/// with it. Called again with the same, it changes nothing. A commission keeps the rule version and
/// the exchange rate that it began with. Gives all commissions of the conversion, the oldest first.
/// Refuses: invalid (currency: no exchange rate for the day; amounts too large), conflict
/// (posted_at: the accounting period is closed).
std::vector<conversions::Earned> settle(db::Transaction& tx, const conversions::Outcome& outcome,
                                        const audit::Actor& actor, Instant now);

/// The same commissions, only looked at.
std::vector<conversions::Earned> earned_by(db::Transaction& tx, conversions::ConversionId id);

/// What whoever stores conversions is given.
conversions::Commissions for_conversions();

/// The facts of a conversion as rules see them. `metadata` holds what the result points to, and
/// must outlive it, as the conversion.
Facts facts_of(const conversions::Conversion& conversion, std::vector<Metadatum>& metadata);

/// Whether the rules ask if the customer is new.
bool ask_customer(const std::vector<RuleVersion>& rules);

}  // namespace referral::commissions

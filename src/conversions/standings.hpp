#pragma once

/// What programs, partners and leads say to attribution.

#include <vector>

#include "conversions/attribution.hpp"
#include "customers/customers.hpp"
#include "platform/db/transaction.hpp"

namespace referral::conversions {

/// The version of the program's policy in force at an instant.
Policy policy_of(db::Transaction& tx, programs::ProgramId program, Instant at);

/// What is known of everybody with a claim.
std::vector<Standing> standings_of(db::Transaction& tx, programs::ProgramId program,
                                   const customers::Identified& customer,
                                   const std::vector<Claim>& claims);

/// Adds the leads on the customer's account.
void add_leads(db::Transaction& tx, programs::ProgramId program,
               const customers::Identified& customer, std::vector<Claim>& claims);

/// Tells the lead, if one decided, that a sale came of it.
void convert_lead(db::Transaction& tx, programs::ProgramId program, customers::CustomerId customer,
                  const Attribution& attribution, Instant now);

/// Whether the partner is approved in the program at an instant.
bool earns(db::Transaction& tx, programs::ProgramId program, UserId partner, Instant at);

}  // namespace referral::conversions

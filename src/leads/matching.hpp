#pragma once

/// By what leads, customers and companies are found to be the same.

#include <optional>
#include <string>
#include <vector>

#include "leads/leads.hpp"

namespace referral::leads {

/// What a company or a contact is recognised by.
struct Marks {
    std::optional<CustomerId> customer{};
    std::optional<AccountId> account{};
    std::optional<std::string> mailbox{};
    std::vector<std::string> domains{};
    std::optional<std::string> mc_number{};
    std::optional<std::string> dot_number{};
};

/// Of an address the domain, unless everybody can have one there.
std::optional<Domain> business_domain(const Email& email);

/// What the lead says, and what is known of its account, if there is one.
Marks marks_of(db::Transaction& tx, const Lead& lead);

/// What is known of a customer and its account.
Marks marks_of(db::Transaction& tx, CustomerId customer);

/// Makes the company and, where there is an address, the contact known, and gives their marks.
Marks identified(db::Transaction& tx, const Lead& lead, Instant now);

/// The leads of a program with one of these marks, the oldest first.
std::vector<Lead> matching(db::Transaction& tx, ProgramId program, const Marks& marks,
                           std::int64_t limit);

}  // namespace referral::leads

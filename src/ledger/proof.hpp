#pragma once

/// Deriving again what must be true of the ledger, from its entries.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/db/transaction.hpp"

namespace referral::ledger {

/// What was found of one invariant.
struct Invariant {
    std::string_view name;     ///< "I1"
    std::string_view meaning;  ///< "entries of a transaction sum to 0 per currency"
    std::int64_t checked = 0;  ///< Transactions, accounts, currencies or periods.
    std::int64_t wrong = 0;
    std::optional<std::string> first;  ///< The first wrong one: its number, or its name.
};

/// I1, I2, I3, I6, I7, I8 and I9, each from a state of its own that is consistent, while others
/// post. `tx` is read only. Throws db::Error.
std::vector<Invariant> prove(db::Transaction& tx);

}  // namespace referral::ledger

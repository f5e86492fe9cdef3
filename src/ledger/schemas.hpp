#pragma once

/// Rows of the ledger by the names of their columns.

#include "ledger/ledger.hpp"
#include "platform/schema/json.hpp"

template <>
struct referral::schema::Fields<referral::ledger::TrialBalanceRow> {
    using T = ledger::TrialBalanceRow;
    static constexpr std::string_view name = "TrialBalanceRow";
    static constexpr auto list =
        std::tuple{field("account", &T::account, "The kind of account"),
                   field("currency", &T::currency, "The currency"),
                   field("debits", &T::debits, "Sum of the debits in minor units"),
                   field("credits", &T::credits, "Sum of the credits in minor units")};
};

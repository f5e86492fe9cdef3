#pragma once

/// Decisions as they are stored: made, compared with the one in force, written.

#include <optional>

#include "conversions/evidence.hpp"
#include "conversions/rows.hpp"
#include "customers/customers.hpp"
#include "platform/db/transaction.hpp"

namespace referral::conversions {

/// Clocks of others may be ahead.
inline constexpr std::chrono::minutes clock_ahead_max{5};

/// A decision, and what it is about.
struct Decided {
    ConversionId id;
    CustomerId customer_id;
    ProgramId program_id;
    Instant occurred_at{};
    const Attribution& attribution;
};

/// The attribution in force, or nothing where none was ever stored.
std::optional<Attribution> in_force(db::Transaction& tx, ConversionId id);

/// Stores a first decision: the row, the credits, the locks.
void store_first(db::Transaction& tx, const Decided& decided, Cause cause,
                 std::optional<std::int64_t> by, Instant now);

/// Puts a decision in the place of the one in force.
void replace(db::Transaction& tx, const Decided& decided, Cause cause,
             std::optional<std::int64_t> by, Instant now);

/// Whether both say the same of everything.
bool same(const Attribution& a, const Attribution& b);

/// The evidence that a stored conversion was told with.
Evidence stored_evidence(db::Transaction& tx, const StoredConversion& conversion);

/// Adds a conversion's evidence to what is known of its customer.
void store_evidence(db::Transaction& tx, const Evidence& evidence, ConversionId id,
                    CustomerId customer, Instant occurred_at);

}  // namespace referral::conversions

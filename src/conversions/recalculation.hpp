#pragma once

/// Work on other conversions that one conversion causes, done by jobs afterwards.

#include "conversions/rows.hpp"
#include "platform/db/transaction.hpp"

namespace referral::conversions {

/// Has everything of the customer decided again, or of everybody of the account. Asked for several
/// times at once it is done once.
void recalculate_later(db::Transaction& tx, CustomerId customer, Instant now);
void recalculate_later(db::Transaction& tx, customers::AccountId account, Instant now);

/// Has the click looked for that a conversion was told with, with growing pauses, for a week.
void look_for_click_later(db::Transaction& tx, ConversionId id, std::int64_t tries, Instant now);

}  // namespace referral::conversions

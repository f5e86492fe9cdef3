#pragma once

/// What currencies were worth in each other, by day.

#include <optional>
#include <string>
#include <vector>

#include "accounts/accounts.hpp"
#include "base/id.hpp"
#include "base/money.hpp"
#include "base/time.hpp"
#include "platform/db/transaction.hpp"
#include "platform/http/fwd.hpp"
#include "platform/schema/cursor.hpp"
#include "platform/schema/json.hpp"

namespace referral::commissions {

struct RateTag {
    static constexpr std::string_view prefix = "fxr";
};
using RateId = Id<RateTag>;

/// What one unit of `from_currency` is worth in `to_currency` from the start of `day` (UTC) on,
/// until a later day has another rate.
struct NewRate {
    Currency from_currency, to_currency;
    Day day{};
    ExchangeRate rate;
};

struct StoredRate : NewRate {
    RateId id;
    Instant created_at{};
    std::optional<accounts::UserId> created_by{};
};

/// Which rates are listed, the newest day first.
struct RateFilter {
    std::optional<Currency> from_currency{}, to_currency{};
    std::optional<schema::Whole<1, 200>> limit{};  ///< 50 when absent.
    std::optional<schema::Cursor> cursor{};
};

struct RatePage {
    std::vector<StoredRate> rates;
    std::optional<std::string> next_cursor;
};

/// Adds a rate; the same again changes nothing. Refuses: invalid (to_currency), conflict (day:
/// has another rate already, which commissions may have been computed with).
StoredRate add_rate(db::Transaction& tx, const NewRate& wanted, accounts::UserId by, Instant now);

/// Refuses: invalid (cursor).
RatePage list_rates(db::Transaction& tx, const RateFilter& filter);

/// The rate of the newest day that is not after `at`, or nothing.
std::optional<ExchangeRate> rate_at(db::Transaction& tx, const Currency& from, const Currency& to,
                                    Instant at);

}  // namespace referral::commissions

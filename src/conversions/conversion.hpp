#pragma once

/// A conversion as it stands now: what the business reported, with all later changes.

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "accounts/accounts.hpp"
#include "base/id.hpp"
#include "base/money.hpp"
#include "base/time.hpp"
#include "base/trade.hpp"
#include "customers/customers.hpp"
#include "programs/programs.hpp"

namespace referral::conversions {

using customers::CustomerId;
using programs::ProgramId;

struct ConversionTag {
    static constexpr std::string_view prefix = "cnv";
};
using ConversionId = Id<ConversionTag>;

/// The business's own words about a conversion, by key.
using Metadata = std::map<std::string, std::string>;

/// `revenue`, `cost` and `quantity` are sums of the conversion and its adjustments, and may be
/// negative when more was given back than there was.
struct Conversion {
    ConversionId id;
    ProgramId program_id;
    EventKind kind = EventKind::delivered;
    std::string source;
    std::string external_id;
    std::string line;  ///< "": the whole document.
    Instant occurred_at{};
    Instant received_at{};  ///< Decides nothing but the accounting period.
    Currency currency;
    std::int64_t revenue = 0;       ///< Minor units of `currency`.
    std::int64_t cost = 0;          ///< Minor units of `currency`.
    std::int64_t quantity = 1'000;  ///< Thousandths of `unit`.
    Unit unit = Unit::load;
    std::optional<Mode> mode{};
    std::string lane;  ///< "" if unknown.
    CustomerId customer_id;
    std::string customer_country;  ///< ISO 3166-1 alpha-2; "" if unknown.
    Metadata metadata{};
    /// Nothing is left of it: canceled, written off, or all of its revenue was given back.
    bool is_reversed = false;
    /// Counts its adjustments: of two readings the one with more is the later one.
    std::int64_t adjustments = 0;
};

}  // namespace referral::conversions

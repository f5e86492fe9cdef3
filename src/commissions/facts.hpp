#pragma once

/// What happened, and what is known of the one who is paid for it: what a commission is made of.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/money.hpp"
#include "base/ratio.hpp"
#include "base/time.hpp"
#include "base/trade.hpp"

namespace referral::commissions {

/// One of the business's own words about a conversion.
struct Metadatum {
    std::string_view key, value;
};

/// A conversion as it stands now, with all its adjustments, for one partner. It is read and not
/// kept: texts and lists belong to the caller.
struct Facts {
    EventKind kind = EventKind::delivered;
    Instant occurred_at;
    Currency currency;
    std::int64_t revenue = 0;   ///< Minor units of `currency`, less what was given back.
    std::int64_t cost = 0;      ///< Minor units of `currency`.
    std::int64_t quantity = 0;  ///< Thousandths of `unit`.
    Unit unit = Unit::load;
    std::optional<Mode> mode;
    std::string_view lane;              ///< "" if unknown.
    std::string_view customer_country;  ///< ISO 3166-1 alpha-2; "" if unknown.
    bool is_returning = false;          ///< The customer has a qualifying conversion before this.
    std::span<const Metadatum> metadata;
    /// Nothing is left of it: canceled, or all was given back. It then earns nothing, by any rule.
    bool is_reversed = false;

    /// What one unit of `currency` is worth in the rule's; kept with the conversion, so that a
    /// later change is computed with the same. Not asked for where the currencies are the same.
    std::optional<ExchangeRate> exchange_rate;
    /// Added to every rate: what the tier of the partner brings, 10 % being 100,000.
    std::int64_t bonus_ppm = 0;
    /// How attribution divides the conversion, the earliest touch first, and which part is meant.
    /// None: all of it.
    std::span<const std::int64_t> weights;
    std::size_t own_weight = 0;

    /// 1 for the partner credited, 2 for who referred that partner, 3 for one step more.
    int level = 1;
    /// What level 1 earns, its own part, in minor units of the rule's currency: the basis
    /// `commission`, which is not divided again.
    std::int64_t commission = 0;
};

/// `minor` units of the facts' currency in minor units of `to`, exact. Refuses, as invalid, a
/// missing exchange rate.
Ratio converted(std::int64_t minor, const Facts& facts, const Currency& to);

/// An amount that is no whole number of minor units as a decimal: 12345.6 cents are "123.456".
std::string exact_text(const Ratio& minor, const Currency& currency);

}  // namespace referral::commissions

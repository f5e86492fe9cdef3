#pragma once

/// A draft of a rule as a sentence, what is wrong with it, and what a sample order would earn.

#include <optional>
#include <string>
#include <vector>

#include "base/country.hpp"
#include "commissions/stored_rules.hpp"

namespace referral::commissions {

/// An order as it could be.
struct Sample {
    std::optional<EventKind> event_kind{};
    std::optional<Instant> occurred_at{};
    std::optional<Currency> currency{};
    std::optional<Decimal> revenue{}, cost{}, quantity{};
    std::optional<Unit> unit{};
    std::optional<Mode> mode{};
    std::optional<std::string> lane{};
    std::optional<Country> customer_country{};
    std::optional<bool> is_returning{};
    std::optional<schema::json::object> metadata{};
    std::optional<ExchangeRate> exchange_rate{};
    std::optional<Decimal> commission{};
    std::optional<Decimal> volume{};
};

struct PreviewForm {
    schema::json::object rule;
    std::optional<Sample> sample{};
};

struct PreviewError {
    std::string field, message;
};

struct Preview {
    std::vector<PreviewError> errors{};
    std::optional<std::string> sentence{};
    std::optional<bool> applies{};
    std::optional<std::string> why_not{};
    std::optional<std::string> amount{};
    std::optional<Currency> currency{};
    std::vector<std::string> sentences{};
    std::optional<schema::json::value> steps{};
};

/// Never refuses the draft: what is wrong with it is the answer.
Preview preview(db::Transaction& tx, const PreviewForm& form, Instant now);

}  // namespace referral::commissions

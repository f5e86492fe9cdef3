#pragma once

/// Trials and what they read, as rows of the database.

#include "commissions/trials.hpp"

namespace referral::commissions {

/// A draft as it is kept: a version, by the words of the database.
struct StoredTrial {
    TrialId id;
    ProgramId program_id;
    schema::json::value rule;
    std::optional<RuleId> replaces{};
    Instant occurred_from{}, occurred_to{};
    TrialStatus status = TrialStatus::waiting;
    std::int64_t progress_done = 0, progress_total = 0;
    std::optional<schema::json::value> result{};
    std::optional<std::string> error{};
    Instant created_at{};
    std::optional<accounts::UserId> created_by{};
    std::optional<Instant> ended_at{};
};

/// A conversion with its credits, without what no rule asks for.
struct PastConversion {
    std::int64_t id = 0;
    EventKind kind = EventKind::delivered;
    Instant occurred_at{};
    Currency currency;
    std::int64_t revenue = 0, cost = 0, quantity = 0;
    Unit unit = Unit::load;
    std::optional<Mode> mode{};
    std::string lane;
    std::int64_t customer_id = 0;
    std::string customer_country;
    std::optional<std::string> metadata{};  ///< JSON; nothing when no rule asks.
    bool is_reversed = false;
    std::vector<std::int64_t> partners{}, weights{}, links{};  ///< 0: no link.
};

}  // namespace referral::commissions

namespace referral::schema {

template <>
struct Fields<commissions::StoredTrial> {
    using S = commissions::StoredTrial;
    static constexpr std::string_view name = "StoredTrial";
    static constexpr auto list = FieldList{field("id", &S::id, ""),
                                           field("program_id", &S::program_id, ""),
                                           field("rule", &S::rule, ""),
                                           field("replaces", &S::replaces, ""),
                                           field("occurred_from", &S::occurred_from, ""),
                                           field("occurred_to", &S::occurred_to, ""),
                                           field("status", &S::status, ""),
                                           field("progress_done", &S::progress_done, ""),
                                           field("progress_total", &S::progress_total, ""),
                                           field("result", &S::result, ""),
                                           field("error", &S::error, ""),
                                           field("created_at", &S::created_at, ""),
                                           field("created_by", &S::created_by, ""),
                                           field("ended_at", &S::ended_at, "")};
};

template <>
struct Fields<commissions::PastConversion> {
    using P = commissions::PastConversion;
    static constexpr std::string_view name = "PastConversion";
    static constexpr auto list = FieldList{field("id", &P::id, ""),
                                           field("kind", &P::kind, ""),
                                           field("occurred_at", &P::occurred_at, ""),
                                           field("currency", &P::currency, ""),
                                           field("revenue", &P::revenue, ""),
                                           field("cost", &P::cost, ""),
                                           field("quantity", &P::quantity, ""),
                                           field("unit", &P::unit, ""),
                                           field("mode", &P::mode, ""),
                                           field("lane", &P::lane, ""),
                                           field("customer_id", &P::customer_id, ""),
                                           field("customer_country", &P::customer_country, ""),
                                           field("metadata", &P::metadata, ""),
                                           field("is_reversed", &P::is_reversed, ""),
                                           field("partners", &P::partners, ""),
                                           field("weights", &P::weights, ""),
                                           field("links", &P::links, "")};
};

}  // namespace referral::schema

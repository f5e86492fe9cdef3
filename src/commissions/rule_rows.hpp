#pragma once

/// Rule versions as rows of the database.

#include "commissions/stored_rules.hpp"

namespace referral::commissions {

struct StoredTier {
    std::int64_t from = 0, rate = 0;
};

struct StoredTiers {
    TierMode mode = TierMode::marginal;
    TierTiming timing = TierTiming::after;
    TierMeasure measure = TierMeasure::basis;
    Period period = Period::month;
    std::vector<StoredTier> steps;
};

/// A version with what stands beside it; `currency` is the program's.
struct StoredVersion {
    RuleId rule_id;
    std::int64_t version = 1;
    ProgramId program_id;
    Currency currency;
    Instant effective_from{};
    bool is_retired = false;
    std::string name;
    ScopeKind scope = ScopeKind::program;
    std::int64_t scope_id = 0;
    std::int64_t priority = 0;
    EventKind event_kind = EventKind::delivered;
    std::int64_t level = 1;
    std::optional<schema::json::value> conditions{};
    Basis basis = Basis::revenue;
    Unit unit = Unit::load;
    std::int64_t rate = 0;
    std::optional<StoredTiers> tiers{};
    std::optional<std::int64_t> min_amount{}, max_amount{}, cap_customer{}, cap_partner_period{};
    Period cap_period = Period::month;
    std::optional<std::int64_t> budget{}, duration_months{};
    Instant created_at{};
    std::optional<UserId> created_by{};
};

StoredVersion stored(const RuleVersion& rule, ProgramId program);
RuleVersion loaded(const StoredVersion& row);
RuleView view_of(const StoredVersion& row);

}  // namespace referral::commissions

namespace referral::schema {

template <>
struct Fields<commissions::StoredTier> {
    using T = commissions::StoredTier;
    static constexpr std::string_view name = "StoredTier";
    static constexpr auto list =
        FieldList{field("from", &T::from, ""), field("rate", &T::rate, "")};
};

template <>
struct Fields<commissions::StoredTiers> {
    using T = commissions::StoredTiers;
    static constexpr std::string_view name = "StoredTiers";
    static constexpr auto list =
        FieldList{field("mode", &T::mode, ""), field("timing", &T::timing, ""),
                  field("measure", &T::measure, ""), field("period", &T::period, ""),
                  field("steps", &T::steps, "")};
};

template <>
struct Fields<commissions::StoredVersion> {
    using S = commissions::StoredVersion;
    static constexpr std::string_view name = "StoredVersion";
    static constexpr auto list = FieldList{
        field("rule_id", &S::rule_id, ""),
        field("version", &S::version, ""),
        field("program_id", &S::program_id, ""),
        field("currency", &S::currency, ""),
        field("effective_from", &S::effective_from, ""),
        field("is_retired", &S::is_retired, ""),
        field("name", &S::name, ""),
        field("scope", &S::scope, ""),
        field("scope_id", &S::scope_id, ""),
        field("priority", &S::priority, ""),
        field("event_kind", &S::event_kind, ""),
        field("level", &S::level, ""),
        field("conditions", &S::conditions, ""),
        field("basis", &S::basis, ""),
        field("unit", &S::unit, ""),
        field("rate", &S::rate, ""),
        field("tiers", &S::tiers, ""),
        field("min_amount", &S::min_amount, ""),
        field("max_amount", &S::max_amount, ""),
        field("cap_customer", &S::cap_customer, ""),
        field("cap_partner_period", &S::cap_partner_period, ""),
        field("cap_period", &S::cap_period, ""),
        field("budget", &S::budget, ""),
        field("duration_months", &S::duration_months, ""),
        field("created_at", &S::created_at, ""),
        field("created_by", &S::created_by, ""),
    };
};

}  // namespace referral::schema

#pragma once

/// Commissions as rows of the database.

#include "commissions/group.hpp"
#include "commissions/listed.hpp"
#include "commissions/shares.hpp"
#include "platform/schema/json.hpp"

namespace referral::schema {

template <>
struct Fields<commissions::Member> {
    using M = commissions::Member;
    static constexpr std::string_view name = "Member";
    static constexpr auto list = FieldList{field("id", &M::id, ""),
                                           field("conversion_id", &M::conversion_id, ""),
                                           field("customer_id", &M::customer_id, ""),
                                           field("user_id", &M::user_id, ""),
                                           field("credited_id", &M::credited_id, ""),
                                           field("level", &M::level, ""),
                                           field("rule_id", &M::rule_id, ""),
                                           field("occurred_at", &M::occurred_at, "")};
};

template <>
struct Fields<commissions::Budget> {
    using B = commissions::Budget;
    static constexpr std::string_view name = "Budget";
    static constexpr auto list =
        FieldList{field("rule", &B::rule, ""), field("spent", &B::spent, ""),
                  field("unsplit", &B::unsplit, ""), field("computed_with", &B::computed_with, ""),
                  field("has_cut", &B::has_cut, "")};
};

template <>
struct Fields<commissions::CommissionRow> {
    using R = commissions::CommissionRow;
    static constexpr std::string_view name = "CommissionRow";
    static constexpr auto list = FieldList{field("id", &R::id, ""),
                                           field("conversion_id", &R::conversion_id, ""),
                                           field("customer_id", &R::customer_id, ""),
                                           field("user_id", &R::user_id, ""),
                                           field("credited_id", &R::credited_id, ""),
                                           field("level", &R::level, ""),
                                           field("rule_id", &R::rule_id, ""),
                                           field("rule_version", &R::rule_version, ""),
                                           field("event_kind", &R::event_kind, ""),
                                           field("occurred_at", &R::occurred_at, ""),
                                           field("facts_currency", &R::facts_currency, ""),
                                           field("revenue", &R::revenue, ""),
                                           field("cost", &R::cost, ""),
                                           field("quantity", &R::quantity, ""),
                                           field("unit", &R::unit, ""),
                                           field("is_reversed", &R::is_reversed, ""),
                                           field("exchange_rate", &R::exchange_rate, ""),
                                           field("weights", &R::weights, ""),
                                           field("own_weight", &R::own_weight, ""),
                                           field("computed", &R::computed, ""),
                                           field("manual", &R::manual, ""),
                                           field("amount", &R::amount, ""),
                                           field("reason", &R::reason, ""),
                                           field("qualifies", &R::qualifies, ""),
                                           field("counted", &R::counted, ""),
                                           field("status", &R::status, ""),
                                           field("held_from", &R::held_from, ""),
                                           field("is_accrued", &R::is_accrued, ""),
                                           field("level_one", &R::level_one, "")};
};

template <>
struct Fields<commissions::OwnCommission> {
    using O = commissions::OwnCommission;
    static constexpr std::string_view name = "OwnCommission";
    static constexpr auto list = FieldList{field("id", &O::id, ""),
                                           field("user_id", &O::user_id, ""),
                                           field("credited_id", &O::credited_id, ""),
                                           field("level", &O::level, ""),
                                           field("rule_id", &O::rule_id, ""),
                                           field("rule_version", &O::rule_version, ""),
                                           field("exchange_rate", &O::exchange_rate, ""),
                                           field("currency", &O::currency, ""),
                                           field("amount", &O::amount, ""),
                                           field("status", &O::status, "")};
};

}  // namespace referral::schema

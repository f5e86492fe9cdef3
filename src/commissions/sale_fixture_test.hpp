#pragma once

/// Sales on a database of their own: partners, a program, rules, and conversions as they are
/// stored, with whose they are.

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "commissions/commissions.hpp"
#include "commissions/schemas.hpp"
#include "ledger/ledger.hpp"
#include "partners/partners.hpp"
#include "testing/database_test.hpp"

namespace referral::commissions {

namespace test_sql {

using db::Nothing, db::Query;

inline constexpr Query<Nothing(std::int64_t)> insert_users{R"sql(
    insert into users (email, name, role, created_at, updated_at)
    select 'p' || n || '@example.com', 'P' || n,
           case when n <= 8 then 'partner' else 'finance' end, now(), now()
    from generate_series(1, $1::bigint) n
)sql"};

inline constexpr Query<Nothing(std::int64_t)> insert_customers{R"sql(
    insert into customers (external_id, first_seen_at, created_at, updated_at)
    select 'C' || n, now(), now(), now() from generate_series(1, $1::bigint) n
)sql"};

inline constexpr Query<conversions::ConversionId(programs::ProgramId, EventKind, std::string,
                                                 Instant, Currency, std::int64_t, std::int64_t,
                                                 std::int64_t, Unit, std::int64_t, bool)>
    insert_conversion{R"sql(
    insert into conversions (program_id, kind, source, external_id, line, occurred_at, received_at,
                             currency, revenue, cost, quantity, unit, lane, customer_id,
                             customer_country, metadata, facts_hash, is_reversed, program_is_given,
                             is_organic)
    values ($1, $2, 'tms', $3, '', $4, $4, $5, $6, $7, $8, $9, '', $10, '', '{}',
            sha256('x'), $11, true, false)
    returning id
)sql"};

inline constexpr Query<Nothing(conversions::ConversionId, std::int64_t, std::int64_t, std::int64_t,
                               bool)>
    change_conversion{R"sql(
    update conversions set revenue = $2, cost = $3, quantity = $4, is_reversed = $5 where id = $1
)sql"};

inline constexpr Query<Nothing(programs::ProgramId, std::optional<std::int64_t>,
                               std::optional<std::int64_t>, std::int64_t)>
    set_program{R"sql(
    update programs set budget = $2, four_eyes_above = $3, hold_days = $4 where id = $1
)sql"};

/// Budgets whose sums are not those of their commissions (0: the program's).
inline constexpr Query<RuleId()> wrong_budgets{R"sql(
    select b.rule_id
    from commission_budgets b
    where b.spent <> (select coalesce(sum(c.computed), 0) from commissions c
                      where c.program_id = b.program_id
                        and (b.rule_id = 0 or c.rule_id = b.rule_id))
    order by b.rule_id
    limit 100
)sql"};

inline constexpr Query<Nothing(programs::ProgramId, UserId, Instant)> suspend_or_not{R"sql(
    with changed as (
        update enrolments
        set status = case status when 'approved' then 'suspended' else 'approved' end,
            since = $3, updated_at = $3
        where program_id = $1 and user_id = $2
        returning id, status
    )
    insert into enrolment_changes (enrolment_id, since, counts_from, status)
    select id, $3, $3, status from changed
)sql"};

inline constexpr Query<Nothing(std::int64_t, std::int64_t)> set_referrer{R"sql(
    insert into partner_referrers (user_id, referred_by, counts_from) values ($1, $2, 'epoch')
)sql"};

}  // namespace test_sql

inline Instant moment(std::string_view text) { return parse_instant(text).value(); }

class Sales {
public:
    static constexpr UserId finance{9}, other_finance{10};

    Sales() {
        db::Transaction tx(database_.pool());
        programs::ensure_default(tx, start_);
        program_ = programs::default_program(tx);
        tx.run_for_effect(test_sql::insert_users, 12);
        tx.run_for_effect(test_sql::insert_customers, 40);
        for (std::int64_t partner = 1; partner <= 8; ++partner)
            partners::enrol(tx, {.partner = {partner}, .program = program_.id}, std::nullopt,
                            start_);
        tx.commit();
    }

    /// A rule by its JSON, with a name and a start if it says none.
    RuleId rule(std::string_view json) {
        schema::json::value value = schema::parse(json);
        auto& object = value.as_object();
        if (!object.contains("name")) object["name"] = "Standard";
        if (!object.contains("effective_from")) object["effective_from"] = "2026-01-01T00:00:00Z";
        db::Transaction tx(database_.pool());
        const RuleDetail made = create_rule(tx, schema::read<RuleForm>(value), finance, start_);
        tx.commit();
        return made.rule.id;
    }

    /// An outcome that is not stored yet: a delivered load, credited to partner 1.
    conversions::Outcome load(std::int64_t revenue, std::int64_t cost = 0) {
        conversions::Outcome sale;
        sale.conversion.program_id = program_.id;
        sale.conversion.source = "tms";
        sale.conversion.external_id = "load-" + std::to_string(++loads_);
        sale.conversion.occurred_at = moment("2026-03-10T12:00:00Z") + std::chrono::hours(loads_);
        sale.conversion.revenue = revenue;
        sale.conversion.cost = cost;
        sale.conversion.customer_id = {1};
        credit(sale, {{1, 1'000'000}});
        return sale;
    }

    static void credit(conversions::Outcome& sale,
                       const std::vector<std::pair<std::int64_t, std::int64_t>>& weights) {
        sale.attribution.credits.clear();
        for (const auto& [partner, weight] : weights)
            sale.attribution.credits.push_back(
                {.partner = {partner}, .weight_ppm = weight, .link_id = {}});
    }

    /// Stores and settles it; what its commissions come to, in their order.
    std::vector<std::int64_t> report(conversions::Outcome& sale) {
        db::Transaction tx(database_.pool());
        conversions::Conversion& c = sale.conversion;
        if (c.id.value == 0)
            c.id = tx.one(test_sql::insert_conversion, c.program_id, c.kind, c.external_id,
                          c.occurred_at, c.currency, c.revenue, c.cost, c.quantity, c.unit,
                          c.customer_id.value, c.is_reversed);
        else
            tx.run_for_effect(test_sql::change_conversion, c.id, c.revenue, c.cost, c.quantity,
                              c.is_reversed);
        std::vector<std::int64_t> amounts;
        for (const auto& earned : settle(tx, sale, {.job = "test"}, now_))
            amounts.push_back(earned.amount.minor);
        tx.commit();
        return amounts;
    }

    std::vector<Commission> listed(const CommissionFilter& filter = {}) {
        db::Transaction tx(database_.pool());
        auto page = list(tx, filter, std::nullopt, now_).commissions;
        std::ranges::reverse(page);
        return page;
    }

    Commission commission_of(const conversions::Outcome& sale) {
        return listed({.conversion_id = sale.conversion.id}).at(0);
    }

    /// Pending, held, payable, in transit and paid.
    std::vector<std::int64_t> has(std::int64_t partner = 1) {
        db::Transaction tx(database_.pool());
        const auto b = ledger::balances(tx, {partner}, program_.currency);
        return {b.pending.minor, b.held.minor, b.payable.minor, b.in_transit.minor, b.paid.minor};
    }

    /// Names of invariants that do not hold; what was posted is chained first.
    std::string broken() {
        ledger::extend_chain(database_.pool());
        db::Transaction tx(database_.pool());
        std::string names;
        for (const auto& found : ledger::prove(tx))
            if (found.wrong > 0)
                names += std::string(found.name) + ' ' + found.first.value_or("") + ' ';
        return names;
    }

    void set_program(std::optional<std::int64_t> budget, std::optional<std::int64_t> four_eyes = {},
                     std::int64_t hold_days = 30) {
        db::Transaction tx(database_.pool());
        tx.run_for_effect(test_sql::set_program, program_.id, budget, four_eyes, hold_days);
        program_ = programs::get(tx, program_.id);
        tx.commit();
    }

    void refers(std::int64_t referrer, std::int64_t partner) {
        db::Transaction tx(database_.pool());
        tx.run_for_effect(test_sql::set_referrer, partner, referrer);
        tx.commit();
    }

    /// Does something as somebody, and commits it.
    template <class Act>
    void as(UserId user, const Act& act) {
        db::Transaction tx(database_.pool());
        act(tx, audit::Actor{.user_id = user.value, .request_id = "test"});
        tx.commit();
    }

    const Instant start_ = moment("2026-01-01T00:00:00Z");
    Instant now_ = moment("2026-08-01T12:00:00Z");
    testing::Database database_;
    programs::Program program_;
    int loads_ = 0;
};

class SalesTest : public ::testing::Test, public Sales {};

}  // namespace referral::commissions

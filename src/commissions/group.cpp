#include "commissions/group.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "commissions/commission_queries.hpp"

namespace referral::commissions {

namespace {

/// Weeks cut months; months make quarters, and those years.
Period longest(const std::set<Period>& periods) {
    if (periods.empty()) return Period::week;
    const bool mixed = periods.size() > 1 && periods.contains(Period::week);
    return mixed ? Period::always : *periods.rbegin();
}

}  // namespace

RuleLinks links_of(std::span<const RuleVersion> versions) {
    RuleLinks links;
    std::set<Period> periods;
    for (const RuleVersion& version : versions) {
        links.customers |= version.links_customers();
        links.partners |= version.links_partners();
        links.all |= version.links_all();
        if (version.tiers) periods.insert(version.tiers->period);
        if (version.cap_partner_period) periods.insert(version.cap_partner_period->period);
    }
    links.period = longest(periods);
    return links;
}

std::int64_t unsplit_max(std::span<const std::int64_t> weights, std::size_t own,
                         std::int64_t amount) {
    if (weights.size() < 2) return 0;
    CHECK(own < weights.size());
    if (weights[own] == 0) return minor_max;
    const Int128 sum = std::accumulate(weights.begin(), weights.end(), Int128{0});
    // `split` gives each part more than its exact share less one.
    const Int128 whole = ((Int128{amount} + 1) * sum + weights[own] - 1) / weights[own];
    return static_cast<std::int64_t>(std::min<Int128>(whole - amount, minor_max));
}

/// Everything that depends on the conversions of some commissions, directly or not.
class Group::Closure {
public:
    /// Whether what shares a budget depends on each other.
    enum class Budgets { follow, leave };

    Closure(Group& group, const std::vector<CommissionId>& seeds, Budgets budgets)
        : group_(group), tx_(group.tx_), budgets_(budgets), seeds_(tx_.all(sql::members, seeds)) {
        add(seeds_);
        while (!todo_.empty()) {
            const std::vector<Member> round = std::exchange(todo_, {});
            std::map<RuleId, std::vector<Member>> by_rule;
            for (const Member& member : round) by_rule[member.rule_id].push_back(member);
            for (const auto& [rule, members] : by_rule) rules_.insert(rule);
            group_.load_versions(rules_);
            for (const auto& [rule, members] : by_rule) follow(rule, members);
            follow_levels(round);
        }
    }

    std::vector<CommissionId> ids() const { return {ids_.begin(), ids_.end()}; }
    const std::vector<Member>& seeds() const { return seeds_; }
    const std::set<RuleId>& rules() const { return rules_; }

private:
    void add(const std::vector<Member>& members) {
        for (const Member& member : members)
            if (ids_.insert(member.id).second) todo_.push_back(member);
    }

    void follow(RuleId rule, const std::vector<Member>& members) {
        const RuleLinks links = links_of(group_.versions_of(rule));
        if (links.all && budgets_ == Budgets::follow) {
            if (whole_rules_.insert(rule).second) add(tx_.all(sql::members_of_rule, rule));
            return;
        }
        if (links.customers) follow_customers(rule, members);
        if (links.partners) follow_partners(rule, members, links.period);
    }

    void follow_customers(RuleId rule, const std::vector<Member>& members) {
        std::vector<std::int64_t> wanted;
        for (const Member& member : members)
            if (customers_.insert({rule, member.customer_id.value}).second)
                wanted.push_back(member.customer_id.value);
        if (!wanted.empty()) add(tx_.all(sql::members_of_customers, rule, wanted));
    }

    void follow_partners(RuleId rule, const std::vector<Member>& members, Period period) {
        std::vector<std::int64_t> partners;
        std::vector<Instant> begins, ends;
        for (const Member& member : members) {
            const Span span = period_of(member.occurred_at, period, group_.zone_);
            if (!partners_.insert({rule, member.user_id, span.begin}).second) continue;
            partners.push_back(member.user_id.value);
            begins.push_back(std::max(span.begin, first_instant));
            ends.push_back(std::min(span.end, latest));
        }
        if (!partners.empty()) add(tx_.all(sql::members_of_partners, rule, partners, begins, ends));
    }

    /// What levels 2 and 3 earn of what level 1 does.
    void follow_levels(const std::vector<Member>& members) {
        std::vector<std::int64_t> conversions;
        for (const Member& member : members)
            if (member.level == 1) conversions.push_back(member.conversion_id.value);
        if (!conversions.empty()) add(tx_.all(sql::followers, conversions));
    }

    // What PostgreSQL keeps: periods without end go on for ever.
    static constexpr Instant latest{std::chrono::sys_days{std::chrono::year{9999} / 12 / 31}};

    Group& group_;
    db::Transaction& tx_;
    const Budgets budgets_;
    const std::vector<Member> seeds_;
    std::set<CommissionId> ids_;
    std::vector<Member> todo_;
    std::set<RuleId> rules_, whole_rules_;
    std::set<std::pair<RuleId, std::int64_t>> customers_;
    std::set<std::tuple<RuleId, UserId, Instant>> partners_;
};

void Group::load_versions(const std::set<RuleId>& rules) {
    std::vector<RuleId> missing;
    for (const RuleId rule : rules)
        if (!versions_.contains(rule)) missing.push_back(rule);
    if (missing.empty()) return;
    for (RuleVersion& version : versions(tx_, missing))
        versions_[version.id].push_back(std::move(version));
}

const std::vector<RuleVersion>& Group::versions_of(RuleId rule) {
    load_versions({rule});
    return versions_.at(rule);
}

const RuleVersion& Group::version_of(const CommissionRow& row) {
    const auto& all = versions_of(row.rule_id);
    const auto found = std::ranges::find(all, row.rule_version, &RuleVersion::version);
    CHECK(found != all.end());
    return *found;
}

bool Group::is_linked(const std::set<RuleId>& rules) {
    if (program_.budget) return true;
    load_versions(rules);
    return std::ranges::any_of(rules,
                               [&](RuleId rule) { return links_of(versions_of(rule)).any(); });
}

void Group::load(const std::vector<CommissionId>& ids) {
    rows_ = tx_.all(purpose_ == For::change ? sql::rows : sql::rows_to_read, ids);
    std::set<RuleId> rules;
    for (const CommissionRow& row : rows_) rules.insert(row.rule_id);
    load_versions(rules);
}

void Group::compute_all(const std::vector<CommissionId>& seeds,
                        std::optional<CommissionId> nothing) {
    load(program_.budget ? tx_.all(sql::ids_of_program, program_.id)
                         : Closure(*this, seeds, Closure::Budgets::follow).ids());
    earned_ = replay(events(nothing), zone_, program_.budget);
}

void Group::compute(const std::vector<CommissionId>& seeds, std::optional<CommissionId> nothing) {
    if (purpose_ == For::reading) return compute_all(seeds, nothing);
    const Closure closure(*this, seeds, Closure::Budgets::leave);
    const std::vector<Budget> budgets = budgets_of(closure.rules());
    // A budget that has enough for everything cuts nothing, whatever the order.
    if (std::ranges::all_of(budgets, [&](const Budget& each) { return has_room(each); })) {
        load(closure.ids());
        earned_ = replay(events(nothing), zone_, program_.budget);
        if (!std::ranges::all_of(budgets, [&](const Budget& each) { return still_has_room(each); }))
            compute_all(seeds, nothing);
    } else if (comes_last(closure.seeds(), closure.rules(), budgets)) {
        load(closure.ids());
        earned_ = replay(events_after_others(closure.seeds()[0].conversion_id, nothing), zone_,
                         program_.budget,
                         spent_by_others(budgets, [](const CommissionRow&) { return true; }));
    } else {
        compute_all(seeds, nothing);
    }
    for (const Budget& budget : budgets)
        if (budget.is_of_program() && budget.computed_with != program_.budget)
            tx_.run_for_effect(sql::set_computed_with, program_.id, program_.budget);
}

std::vector<Budget> Group::budgets_of(const std::set<RuleId>& rules) {
    std::vector<RuleId> wanted;
    if (program_.budget) wanted.push_back(whole_program);
    for (const RuleId rule : rules)
        if (links_of(versions_of(rule)).all) wanted.push_back(rule);
    if (wanted.empty()) return {};
    std::vector<Budget> budgets = tx_.all(sql::budgets, program_.id, wanted);
    CHECK(budgets.size() == wanted.size());
    return budgets;
}

std::int64_t Group::limit_of(const Budget& budget) {
    if (budget.is_of_program()) return *program_.budget;
    std::int64_t limit = minor_max;
    for (const RuleVersion& version : versions_of(budget.rule))
        limit = std::min(limit, version.budget.value_or(minor_max));
    return limit;
}

bool Group::has_room(const Budget& budget) {
    return !budget.has_cut && budget.spent + budget.unsplit <= limit_of(budget);
}

/// With the rows as they are computed now.
bool Group::still_has_room(const Budget& budget) {
    std::int64_t spent = budget.spent, unsplit = budget.unsplit;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        const CommissionRow& row = rows_[i];
        if (!budget.pays(row.rule_id)) continue;
        const Earned& earned = earned_[i];
        if (earned.reason == Reason::budget) return false;
        spent += earned.amount - row.computed;
        if (earned.qualifies)
            unsplit = std::max(
                unsplit,
                unsplit_max(row.weights, static_cast<std::size_t>(row.own_weight), earned.amount));
    }
    return spent + unsplit <= limit_of(budget);
}

/// What budgets have spent on other commissions than the rows; `is_in` tells of a row whether
/// `Budget::spent` has it.
Spent Group::spent_by_others(const std::vector<Budget>& budgets,
                             const std::function<bool(const CommissionRow&)>& is_in) const {
    Spent spent;
    for (const Budget& budget : budgets) {
        std::int64_t left = budget.spent;
        for (const CommissionRow& row : rows_)
            if (budget.pays(row.rule_id) && is_in(row)) left -= row.computed;
        (budget.is_of_program() ? spent.program : spent.rules[budget.rule]) = left;
    }
    return spent;
}

/// Whether nothing else becomes another by what becomes of the seeds: they are one conversion, none
/// occurred later, and all others are as the budgets of today have it.
bool Group::comes_last(const std::vector<Member>& seeds, const std::set<RuleId>& rules,
                       const std::vector<Budget>& budgets) {
    if (seeds.empty()) return false;
    const Member& first = seeds.front();
    const bool is_one = std::ranges::all_of(
        seeds, [&](const Member& seed) { return seed.conversion_id == first.conversion_id; });
    const bool is_whole_anywhere = std::ranges::any_of(rules, [&](RuleId rule) {
        return std::ranges::any_of(
            versions_of(rule), [](const RuleVersion& version) { return is_whole(version.tiers); });
    });
    const bool is_current = std::ranges::all_of(budgets, [&](const Budget& budget) {
        return !budget.is_of_program() || budget.computed_with == program_.budget;
    });
    return is_one && !is_whole_anywhere && is_current &&
           !tx_.one(sql::has_later, program_.id, first.occurred_at, first.conversion_id);
}

Event event_of(const CommissionRow& row, const RuleVersion& rule, bool is_nothing) {
    // What was given back beyond what there was is nothing, not a debt.
    return {.conversion = row.conversion_id.value,
            .customer = row.customer_id.value,
            .partner = row.user_id.value,
            .facts = {.kind = row.event_kind,
                      .occurred_at = row.occurred_at,
                      .currency = row.facts_currency,
                      .revenue = std::max<std::int64_t>(row.revenue, 0),
                      .cost = row.cost,
                      .quantity = std::max<std::int64_t>(row.quantity, 0),
                      .unit = row.unit,
                      .is_reversed = is_nothing,
                      .exchange_rate = row.exchange_rate,
                      .weights = row.weights,
                      .own_weight = static_cast<std::size_t>(row.own_weight),
                      .level = static_cast<int>(row.level),
                      .commission = row.level_one.value_or(0)},
            .posted = row.computed,
            .rule = &rule,
            .credited = row.credited_id.value};
}

std::vector<Event> Group::events(std::optional<CommissionId> nothing) {
    std::vector<Event> list;
    list.reserve(rows_.size());
    for (const CommissionRow& row : rows_)
        list.push_back(event_of(row, version_of(row), row.is_nothing() || row.id == nothing));
    return list;
}

std::vector<Event> Group::events_after_others(conversions::ConversionId conversion,
                                              std::optional<CommissionId> nothing) {
    std::vector<Event> list = events(nothing);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        const CommissionRow& row = rows_[i];
        if (row.conversion_id != conversion)
            list[i].known = Earned{.amount = row.computed,
                                   .reason = row.reason,
                                   .qualifies = row.qualifies,
                                   .counted = row.counted};
    }
    return list;
}

Calculation Group::explain(CommissionId id) {
    const Closure closure(*this, {id}, Closure::Budgets::leave);
    load(closure.ids());
    const auto row = std::ranges::find(rows_, id, &CommissionRow::id);
    CHECK(row != rows_.end());
    std::vector<Budget> budgets = budgets_of(closure.rules());
    for (Budget& budget : budgets)
        budget.spent = tx_.one(sql::spent_before, program_.id, budget.rule, row->occurred_at,
                               row->conversion_id);
    const auto is_before = [&](const CommissionRow& other) {
        return std::tie(other.occurred_at, other.conversion_id) <
               std::tie(row->occurred_at, row->conversion_id);
    };
    return commissions::explain(events_after_others(row->conversion_id),
                                static_cast<std::size_t>(row - rows_.begin()), zone_,
                                program_.budget, spent_by_others(budgets, is_before));
}

void lock_dependent(db::Transaction& tx, programs::ProgramId program) {
    tx.one(sql::lock_dependent, program);
}

void lock_partners(db::Transaction& tx, const std::set<UserId>& partners) {
    if (!partners.empty())
        tx.one(sql::lock_partners, std::vector<UserId>(partners.begin(), partners.end()));
}

}  // namespace referral::commissions

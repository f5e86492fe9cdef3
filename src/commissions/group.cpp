#include "commissions/group.hpp"

#include <algorithm>
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

/// Everything that depends on some commissions, directly or not.
class Group::Closure {
public:
    explicit Closure(Group& group) : group_(group), tx_(group.tx_) {}

    std::vector<CommissionId> of(const std::vector<CommissionId>& seeds) {
        add(tx_.all(sql::members, seeds));
        while (!todo_.empty()) {
            const std::vector<Member> round = std::exchange(todo_, {});
            std::map<RuleId, std::vector<Member>> by_rule;
            for (const Member& member : round) by_rule[member.rule_id].push_back(member);
            std::set<RuleId> rules;
            for (const auto& [rule, members] : by_rule) rules.insert(rule);
            group_.load_versions(rules);
            for (const auto& [rule, members] : by_rule) follow(rule, members);
            follow_levels(round);
        }
        return {ids_.begin(), ids_.end()};
    }

private:
    void add(const std::vector<Member>& members) {
        for (const Member& member : members)
            if (ids_.insert(member.id).second) todo_.push_back(member);
    }

    void follow(RuleId rule, const std::vector<Member>& members) {
        const RuleLinks links = links_of(group_.versions_of(rule));
        if (links.all) {
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
            begins.push_back(std::max(span.begin, earliest));
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
    static constexpr Instant earliest{std::chrono::sys_days{std::chrono::year{1} / 1 / 1}};
    static constexpr Instant latest{std::chrono::sys_days{std::chrono::year{9999} / 12 / 31}};

    Group& group_;
    db::Transaction& tx_;
    std::set<CommissionId> ids_;
    std::vector<Member> todo_;
    std::set<RuleId> whole_rules_;
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

void Group::compute(const std::vector<CommissionId>& seeds, std::optional<CommissionId> nothing) {
    std::vector<CommissionId> ids;
    if (program_.budget)
        ids = tx_.all(sql::ids_of_program, program_.id);
    else
        ids = Closure(*this).of(seeds);
    rows_ = tx_.all(purpose_ == For::change ? sql::rows : sql::rows_to_read, ids);
    std::set<RuleId> rules;
    for (const CommissionRow& row : rows_) rules.insert(row.rule_id);
    load_versions(rules);
    earned_ = replay(events(nothing), zone_, program_.budget);
}

std::vector<Event> Group::events(std::optional<CommissionId> nothing) {
    std::vector<Event> list;
    list.reserve(rows_.size());
    for (const CommissionRow& row : rows_) {
        Event& event = list.emplace_back();
        event.conversion = row.conversion_id.value;
        event.customer = row.customer_id.value;
        event.partner = row.user_id.value;
        event.credited = row.credited_id.value;
        event.rule = &version_of(row);
        event.posted = row.computed;
        // What was given back beyond what there was is nothing, not a debt.
        event.facts = {.kind = row.event_kind,
                       .occurred_at = row.occurred_at,
                       .currency = row.facts_currency,
                       .revenue = std::max<std::int64_t>(row.revenue, 0),
                       .cost = row.cost,
                       .quantity = std::max<std::int64_t>(row.quantity, 0),
                       .unit = row.unit,
                       .is_reversed = row.is_nothing() || row.id == nothing,
                       .exchange_rate = row.exchange_rate,
                       .weights = row.weights,
                       .own_weight = static_cast<std::size_t>(row.own_weight),
                       .level = static_cast<int>(row.level),
                       .commission = row.level_one.value_or(0)};
    }
    return list;
}

Calculation Group::explain(CommissionId id) {
    const auto found = std::ranges::find(rows_, id, &CommissionRow::id);
    CHECK(found != rows_.end());
    const std::vector<Event> all = events(std::nullopt);
    return commissions::explain(all, static_cast<std::size_t>(found - rows_.begin()), zone_,
                                program_.budget);
}

void lock_dependent(db::Transaction& tx, programs::ProgramId program) {
    tx.one(sql::lock_dependent, program);
}

void lock_partners(db::Transaction& tx, const std::set<UserId>& partners) {
    if (!partners.empty())
        tx.one(sql::lock_partners, std::vector<UserId>(partners.begin(), partners.end()));
}

}  // namespace referral::commissions

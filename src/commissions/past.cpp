#include "commissions/past.hpp"

#include <algorithm>

#include "commissions/settle.hpp"
#include "commissions/shares.hpp"
#include "commissions/trial_queries.hpp"

namespace referral::commissions {

namespace {

bool asks_metadata(const Condition& condition) {
    if (condition.joint == Joint::test) return condition.field == Field::metadata;
    return std::ranges::any_of(condition.parts, asks_metadata);
}

/// How many partners are asked for at once.
constexpr std::size_t memberships_max = 1'000;

}  // namespace

Asked asked_by(const std::vector<RuleVersion>& rules) {
    return {.metadata = std::ranges::any_of(rules,
                                            [](const RuleVersion& rule) {
                                                return rule.conditions &&
                                                       asks_metadata(*rule.conditions);
                                            }),
            .customers = ask_customer(rules),
            .levels =
                std::ranges::any_of(rules, [](const RuleVersion& rule) { return rule.level > 1; })};
}

Past::Past(db::Pool& pool, const programs::Program& program, Instant from, Instant to, Asked asked)
    : pool_(pool), program_(program), from_(from), to_(to), asked_(asked) {
    load();
}

void Past::load() {
    db::Transaction tx(pool_);
    for (const auto& [currency, day, rate] : tx.all(sql::rates_to, program_.currency))
        rates_[currency.text()].emplace_back(day, rate);
    if (asked_.levels)
        for (const auto& [user, referred_by, since] : tx.all(sql::referrers))
            referrers_[user.value].push_back({since, referred_by ? referred_by->value : 0});
    if (asked_.customers)
        for (const std::int64_t customer :
             tx.all(sql::known_customers, program_.id, program_.trigger, from_))
            known_before_.insert(customer);
}

std::int64_t Past::count() {
    db::Transaction tx(pool_);
    return tx.one(sql::count_past, program_.id, from_, to_);
}

std::int64_t Past::for_each(const std::function<void(const Case&)>& see,
                            const std::function<void(std::int64_t)>& between) {
    known_customers_ = known_before_;
    Instant reached = from_;
    std::int64_t last = 0, seen = 0, left_out = 0;
    Case one;
    while (true) {
        std::vector<PastConversion> page;
        {
            db::Transaction tx(pool_);
            page = tx.all(sql::past, program_.id, reached, last, to_, asked_.metadata);
            load_memberships(tx, page);
        }
        if (page.empty()) return left_out;
        for (const PastConversion& row : page) {
            if (read(row, one))
                see(one);
            else
                ++left_out;
            if (asked_.customers && row.kind == program_.trigger && !row.is_reversed)
                known_customers_.insert(row.customer_id);
        }
        reached = page.back().occurred_at;
        last = page.back().id;
        seen += static_cast<std::int64_t>(page.size());
        between(seen);
    }
}

void Past::load_memberships(db::Transaction& tx, const std::vector<PastConversion>& page) {
    std::vector<UserId> unknown;
    const auto want = [&](std::int64_t user) {
        if (user != 0 && memberships_.try_emplace(user).second) unknown.push_back({user});
    };
    for (const PastConversion& row : page)
        for (const std::int64_t user : row.partners) {
            want(user);
            if (!asked_.levels) continue;
            const std::int64_t second = referrer(user, row.occurred_at);
            want(second);
            want(referrer(second, row.occurred_at));
        }
    for (std::size_t begin = 0; begin < unknown.size(); begin += memberships_max) {
        const std::size_t end = std::min(unknown.size(), begin + memberships_max);
        const std::vector<UserId> some(unknown.begin() + static_cast<std::ptrdiff_t>(begin),
                                       unknown.begin() + static_cast<std::ptrdiff_t>(end));
        for (partners::Membership& found : partners::memberships(tx, program_.id, some))
            memberships_[found.partner.value] = std::move(found);
    }
}

bool Past::read(const PastConversion& row, Case& one) {
    one.conversion = row.id;
    one.customer = row.customer_id;
    one.program = program_.id.value;
    one.candidates.clear();
    one.weights = row.weights;
    std::optional<ExchangeRate> exchange;
    if (row.currency != program_.currency && !row.partners.empty()) {
        exchange = rate(row.currency, row.occurred_at);
        if (!exchange) return false;
    }
    read_metadata(row);
    one.facts = {.kind = row.kind,
                 .occurred_at = row.occurred_at,
                 .currency = row.currency,
                 .revenue = std::max<std::int64_t>(row.revenue, 0),
                 .cost = row.cost,
                 .quantity = std::max<std::int64_t>(row.quantity, 0),
                 .unit = row.unit,
                 .mode = row.mode,
                 .lane = row.lane,
                 .customer_country = row.customer_country,
                 .is_returning = known_customers_.contains(row.customer_id),
                 .metadata = metadata_,
                 .is_reversed = row.is_reversed,
                 .exchange_rate = exchange};
    for (std::size_t i = 0; i < row.partners.size(); ++i) add_candidates(row, i, one);
    return true;
}

void Past::read_metadata(const PastConversion& row) {
    texts_.clear();
    metadata_.clear();
    if (!row.metadata || *row.metadata == "{}") return;
    const schema::json::value parsed = schema::parse(*row.metadata);
    for (const auto& member : parsed.as_object())
        if (const auto* text = member.value().if_string())
            texts_.emplace_back(std::string(member.key()), std::string(text->data(), text->size()));
    for (const auto& [key, value] : texts_) metadata_.push_back({key, value});
}

void Past::add_candidates(const PastConversion& row, std::size_t credit, Case& one) {
    std::int64_t user = row.partners[credit];
    const int levels = asked_.levels ? static_cast<int>(levels_max) : 1;
    for (int level = 1; level <= levels && user != 0; ++level) {
        Candidate candidate{.credited = row.partners[credit],
                            .earner = user,
                            .level = level,
                            .code = row.links[credit],
                            .own_weight = credit,
                            .is_active = level == 1};
        if (const auto& membership = memberships_.at(user)) {
            candidate.enrolment = membership->id.value;
            if (const auto group = membership->group_at(row.occurred_at))
                candidate.group = group->value;
            if (membership->status_at(row.occurred_at) == partners::EnrolmentStatus::approved)
                candidate.is_active = true;
        }
        one.candidates.push_back(candidate);
        if (asked_.levels) user = referrer(user, row.occurred_at);
    }
}

std::int64_t Past::referrer(std::int64_t user, Instant at) const {
    const auto found = referrers_.find(user);
    if (found == referrers_.end()) return 0;
    std::int64_t newest = 0;
    for (const Referrer& each : found->second)
        if (each.since <= at) newest = each.user;
    return newest;
}

std::optional<ExchangeRate> Past::rate(const Currency& from, Instant at) const {
    const auto found = rates_.find(from.text());
    if (found == rates_.end()) return std::nullopt;
    const Day day = std::chrono::floor<std::chrono::days>(at);
    const auto later =
        std::ranges::upper_bound(found->second, day, {}, &std::pair<Day, ExchangeRate>::first);
    if (later == found->second.begin()) return std::nullopt;
    return std::prev(later)->second;
}

}  // namespace referral::commissions

#include "commissions/settle.hpp"

#include <algorithm>

#include "commissions/commission_queries.hpp"
#include "commissions/shares.hpp"

namespace referral::commissions {

namespace {

using conversions::Conversion, conversions::Outcome;

/// The life of a document, in order; a commission for a later event does not wait for an earlier
/// one that nobody reported.
constexpr std::array<EventKind, 4> life{EventKind::booked, EventKind::delivered,
                                        EventKind::invoiced, EventKind::paid};
/// These are no part of a document's life: they are due when they occur.
constexpr std::array<EventKind, 3> alone{EventKind::lead, EventKind::signup, EventKind::custom};

std::vector<std::string> names(std::span<const EventKind> kinds) {
    std::vector<std::string> list;
    for (const EventKind kind : kinds) list.emplace_back(name_of(kind));
    return list;
}

std::vector<std::string> later_than(EventKind kind) {
    const auto found = std::ranges::find(life, kind);
    if (found == life.end()) return {};
    return names(std::span(found + 1, life.end()));
}

/// One conversion on its way to its commissions.
class Settlement {
public:
    Settlement(db::Transaction& tx, const Outcome& outcome, const audit::Actor& actor, Instant now)
        : tx_(tx),
          conversion_(outcome.conversion),
          actor_(actor),
          now_(now),
          program_(programs::get(tx, outcome.conversion.program_id)),
          zone_(program_.timezone),
          shares_(shares_of(tx, outcome)) {}

    std::vector<conversions::Earned> run() {
        own_ = tx_.all(sql::of_conversion, conversion_.id);
        choose_rules();
        Group group(tx_, program_, zone_);
        if (group.is_linked(rules_)) {
            lock_dependent(tx_, program_.id);
            own_ = tx_.all(sql::of_conversion, conversion_.id);
        }
        store();
        // Before anything is posted: whoever waits for a row holds no partner.
        tx_.run_for_effect(sql::find_triggers, program_.id, conversion_.source,
                           conversion_.external_id, program_.trigger, names(alone),
                           later_than(program_.trigger));
        if (!seeds_.empty()) post(group);
        return earned_by(tx_, conversion_.id);
    }

private:
    /// What a share is to be paid by.
    struct Promise {
        const Share* share = nullptr;
        RuleId rule;
        std::int64_t version = 1;
        std::optional<ExchangeRate> exchange_rate;
    };

    void choose_rules() {
        for (const OwnCommission& own : own_)
            if (own.status != Status::canceled) rules_.insert(own.rule_id);
        for (const Share& share : shares_) {
            if (find_live(own_, share) || conversion_.is_reversed) continue;
            if (const OwnCommission* former = find_former(own_, share))
                promises_.push_back(
                    {&share, former->rule_id, former->rule_version, former->exchange_rate});
            else if (share.is_active)
                if (const RuleVersion* rule = select(share))
                    promises_.push_back({&share, rule->id, rule->version, exchange_rate()});
        }
        for (const Promise& promise : promises_) rules_.insert(promise.rule);
    }

    const RuleVersion* select(const Share& share) {
        if (!asked_) {
            const auto versions = versions_at(tx_, program_.id, conversion_.occurred_at,
                                              scopes_of(shares_, program_.id));
            facts_ = facts_of(conversion_, metadata_);
            if (ask_customer(versions)) facts_.is_returning = is_returning(tx_, conversion_);
            asked_.emplace(versions);
            if (!versions.empty()) facts_.exchange_rate = exchange_rate();
        }
        facts_.level = static_cast<int>(share.level);
        return asked_->select(facts_, place_of(share, program_.id));
    }

    /// Of the day on which the conversion occurred. Refuses: invalid (currency).
    std::optional<ExchangeRate> exchange_rate() {
        if (conversion_.currency == program_.currency) return std::nullopt;
        if (!exchange_rate_)
            exchange_rate_ =
                rate_at(tx_, conversion_.currency, program_.currency, conversion_.occurred_at);
        if (!exchange_rate_)
            throw invalid("currency", "has no exchange rate to " + program_.currency.text() +
                                          " for " + to_text(conversion_.occurred_at));
        return exchange_rate_;
    }

    /// Brings rows up to the facts: new ones, those that are left, those that are others' now.
    void store() {
        for (const Promise& promise : promises_) insert(promise);
        for (const OwnCommission& own : own_) {
            if (own.status == Status::canceled) continue;
            seeds_.push_back(own.id);
            if (const Share* share = find_share(shares_, own))
                set_facts(own.id, *share);
            else
                tx_.run_for_effect(sql::set_reversed, own.id);
        }
        seeds_.insert(seeds_.end(), new_.begin(), new_.end());
    }

    void insert(const Promise& promise) {
        const Share& share = *promise.share;
        const bool is_due = conversion_.kind == program_.trigger ||
                            std::ranges::find(alone, conversion_.kind) != alone.end();
        new_.insert(tx_.one(
            sql::insert, conversion_.id, program_.id, conversion_.customer_id, share.earner,
            share.credited, share.level, promise.rule, promise.version, program_.currency,
            conversion_.kind, conversion_.occurred_at, conversion_.currency, conversion_.revenue,
            conversion_.cost, conversion_.quantity, conversion_.unit, promise.exchange_rate,
            share.weights, share.own_weight,
            is_due ? std::optional(conversion_.occurred_at) : std::nullopt, now_, actor_.user_id));
    }

    void set_facts(CommissionId id, const Share& share) {
        tx_.run_for_effect(sql::set_facts, id, conversion_.revenue, conversion_.cost,
                           conversion_.quantity, conversion_.unit, conversion_.is_reversed,
                           share.weights, share.own_weight);
    }

    void post(Group& group) {
        group.compute(seeds_);
        Books books(tx_, program_, actor_, now_);
        for (std::size_t i = 0; i < group.rows().size(); ++i) {
            const CommissionRow& row = group.rows()[i];
            books.add(recomputed(row, group.earned()[i], new_.contains(row.id)));
        }
        books.write();
    }

    db::Transaction& tx_;
    const Conversion& conversion_;
    const audit::Actor& actor_;
    const Instant now_;
    const programs::Program program_;
    const Zone zone_;
    const std::vector<Share> shares_;
    std::vector<OwnCommission> own_;
    std::vector<Promise> promises_;
    std::set<RuleId> rules_;
    std::vector<CommissionId> seeds_;
    std::set<CommissionId> new_;
    std::optional<Rules> asked_;
    Facts facts_;
    std::vector<Metadatum> metadata_;
    std::optional<ExchangeRate> exchange_rate_;
};

bool asks_customer(const Condition& condition) {
    if (condition.joint == Joint::test) return condition.field == Field::customer;
    return std::ranges::any_of(condition.parts, asks_customer);
}

}  // namespace

bool ask_customer(const std::vector<RuleVersion>& rules) {
    return std::ranges::any_of(rules, [](const RuleVersion& rule) {
        return rule.conditions && asks_customer(*rule.conditions);
    });
}

Facts facts_of(const Conversion& conversion, std::vector<Metadatum>& metadata) {
    metadata.clear();
    for (const auto& [key, value] : conversion.metadata) metadata.push_back({key, value});
    return {.kind = conversion.kind,
            .occurred_at = conversion.occurred_at,
            .currency = conversion.currency,
            .revenue = std::max<std::int64_t>(conversion.revenue, 0),
            .cost = conversion.cost,
            .quantity = std::max<std::int64_t>(conversion.quantity, 0),
            .unit = conversion.unit,
            .mode = conversion.mode,
            .lane = conversion.lane,
            .customer_country = conversion.customer_country,
            .metadata = metadata,
            .is_reversed = conversion.is_reversed};
}

std::vector<conversions::Earned> settle(db::Transaction& tx, const Outcome& outcome,
                                        const audit::Actor& actor, Instant now) {
    return Settlement(tx, outcome, actor, now).run();
}

std::vector<conversions::Earned> earned_by(db::Transaction& tx, conversions::ConversionId id) {
    std::vector<conversions::Earned> list;
    for (const OwnCommission& own : tx.all(sql::of_conversion, id))
        list.push_back({.id = own.id.text(),
                        .user_id = own.user_id,
                        .level = static_cast<int>(own.level),
                        .amount = {own.amount, own.currency},
                        .status = std::string(name_of(own.status))});
    return list;
}

conversions::Commissions for_conversions() { return {.settle = settle, .earned_by = earned_by}; }

}  // namespace referral::commissions

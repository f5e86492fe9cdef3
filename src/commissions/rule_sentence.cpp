#include <fmt/format.h>

#include "commissions/rule.hpp"

namespace referral::commissions {

namespace {

std::string of_basis(Basis basis) {
    switch (basis) {
        case Basis::revenue:
            return " of the revenue";
        case Basis::margin:
            return " of the margin";
        case Basis::commission:
            return " of what level 1 earns";
        case Basis::quantity:
        case Basis::fixed:
            break;
    }
    return {};
}

std::string_view in_period(Period period) {
    switch (period) {
        case Period::week:
            return "a week";
        case Period::month:
            return "a month";
        case Period::quarter:
            return "a quarter";
        case Period::year:
            return "a year";
        case Period::always:
            return "all";
    }
    return {};
}

std::string how_tiers_pay(const Tiers& tiers) {
    const bool is_after = tiers.timing == TierTiming::after;
    if (tiers.mode == TierMode::whole)
        return is_after ? ", all at the rate reached" : ", all at the rate reached before the last";
    if (is_after && tiers.measure == TierMeasure::basis) return ", each slice at its rate";
    return is_after ? ", each event at the rate reached with it"
                    : ", each event at the rate reached before it";
}

/// "5 % of the revenue, 8 % from USD 5000.00 on in a month, each slice at its rate".
std::string earning(const RuleVersion& rule) {
    if (!rule.tiers) return rate_text(rule.rate, rule) + of_basis(rule.basis);
    std::string text;
    for (const Tier& tier : rule.tiers->steps) {
        if (text.empty())
            text = rate_text(tier.rate, rule) + of_basis(rule.basis);
        else
            text += fmt::format(", {} from {} on", rate_text(tier.rate, rule),
                                volume_text(tier.from, rule));
    }
    return fmt::format("{} in {}{}", text, in_period(rule.tiers->period),
                       how_tiers_pay(*rule.tiers));
}

std::string caps(const RuleVersion& rule) {
    std::string text;
    const auto add = [&](std::int64_t amount, const std::string& whom) {
        text += (text.empty() ? " At most " : ", ") + money_text(amount, rule) + whom;
    };
    if (rule.cap_customer) add(*rule.cap_customer, " for one customer");
    if (rule.cap_partner_period)
        add(rule.cap_partner_period->amount,
            fmt::format(" for one partner in {}", in_period(rule.cap_partner_period->period)));
    if (rule.budget) add(*rule.budget, " for the whole rule");
    return text.empty() ? text : text + '.';
}

}  // namespace

std::string money_text(std::int64_t minor, const RuleVersion& rule) {
    return rule.currency.text() + ' ' + to_text(Money{minor, rule.currency});
}

std::string rate_text(Rate rate, const RuleVersion& rule) {
    constexpr std::int64_t micro = 1'000'000;
    switch (rule.basis) {
        case Basis::revenue:
        case Basis::margin:
        case Basis::commission:
            return Ratio(rate.value, micro / 100).text() + " %";
        case Basis::quantity: {
            const std::int64_t micro_per_minor = micro / rule.currency.unit();
            const std::string amount =
                rate.value % micro_per_minor == 0
                    ? money_text(rate.value / micro_per_minor, rule)
                    : rule.currency.text() + ' ' + Ratio(rate.value, micro).text();
            return fmt::format("{} per {}", amount, name_of(rule.unit));
        }
        case Basis::fixed:
            return money_text(rate.value, rule);
    }
    return {};
}

std::string volume_text(std::int64_t volume, const RuleVersion& rule) {
    const auto counted = [](const std::string& number, std::string_view noun) {
        return fmt::format("{} {}{}", number, noun, number == "1" ? "" : "s");
    };
    if (rule.tiers && rule.tiers->measure == TierMeasure::customers)
        return counted(std::to_string(volume), "customer");
    if (rule.basis == Basis::quantity)
        return counted(Ratio(volume, 1'000).text(), name_of(rule.unit));
    if (rule.basis == Basis::fixed) return counted(std::to_string(volume), "event");
    return money_text(volume, rule);
}

std::string sentence(const RuleVersion& rule) {
    std::string text = "Pays " + earning(rule);
    if (rule.min_amount) text += ", at least " + money_text(*rule.min_amount, rule);
    if (rule.max_amount)
        text +=
            (rule.min_amount ? " and at most " : ", at most ") + money_text(*rule.max_amount, rule);
    if (rule.min_amount || rule.max_amount) text += ',';
    text += fmt::format(" for each {} event", name_of(rule.event_kind));
    if (rule.level > 1) text += fmt::format(" to the partner of level {}", rule.level);
    if (rule.conditions) text += " if " + sentence(*rule.conditions, rule.currency);
    text += '.' + caps(rule);
    if (rule.duration_months)
        text += fmt::format(" For {} months from the customer's first.", *rule.duration_months);
    return text;
}

}  // namespace referral::commissions

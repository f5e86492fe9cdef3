#include <fmt/format.h>

#include "commissions/trace.hpp"

namespace referral::commissions {

namespace {

std::string_view words(Reason reason) {
    switch (reason) {
        case Reason::reversed:
            return "nothing is left of the conversion";
        case Reason::other_unit:
            return "the quantity counts another unit";
        case Reason::term_over:
            return "it is outside the customer's months";
        case Reason::cap_customer:
            return "Most for one customer";
        case Reason::cap_partner_period:
            return "Most for the partner in the period";
        case Reason::budget:
            return "Budget";
    }
    return {};
}

std::string_view words(WindowKind kind) {
    switch (kind) {
        case WindowKind::term:
            return "Months of the customer";
        case WindowKind::tiers:
            return "Period of the tiers";
        case WindowKind::cap_partner_period:
            return "Period of the partner's cap";
    }
    return {};
}

struct TextLine {
    const RuleVersion& rule;
    const Currency& currency;

    std::string money(std::int64_t minor) const { return money_text(minor, rule); }
    std::string fact(std::int64_t minor) const {
        return currency.text() + ' ' + to_text(Money{minor, currency});
    }
    std::string exact(const Ratio& minor) const {
        return rule.currency.text() + ' ' + exact_text(minor, rule.currency);
    }
    /// An exact amount of the basis, as tiers count it.
    std::string slice(const Ratio& amount) const {
        if (rule.basis == Basis::quantity) return (amount * Ratio(1, 1'000)).text();
        return rule.basis == Basis::fixed ? amount.text() : exact(amount);
    }

    std::string operator()(const FactsStep& step) const {
        std::string text =
            fmt::format("Facts: {} at {}, revenue {}, cost {}", name_of(step.kind),
                        to_text(step.occurred_at), fact(step.revenue), fact(step.cost));
        if (step.quantity != 0)
            text += fmt::format(", quantity {} ({})", Ratio(step.quantity, 1'000).text(),
                                name_of(step.unit));
        return text;
    }
    std::string operator()(const RuleStep& step) const {
        return fmt::format("Rule \"{}\", version {}, in force since {}", rule.name, step.version,
                           to_text(step.effective_from));
    }
    std::string operator()(const WindowStep& step) const {
        if (step.span.begin == Instant::min())
            return fmt::format("{}: without end", words(step.kind));
        return fmt::format("{}: from {} until before {}: {}", words(step.kind),
                           to_text(step.span.begin), to_text(step.span.end),
                           step.contains ? "inside" : "outside");
    }
    std::string operator()(const NothingStep& step) const {
        return fmt::format("Nothing is due: {}", words(step.reason));
    }
    std::string operator()(const BasisStep& step) const {
        switch (step.basis) {
            case Basis::revenue:
            case Basis::margin:
                return fmt::format("Basis: {} {}", name_of(step.basis), fact(step.amount));
            case Basis::quantity:
                return fmt::format("Basis: quantity {} ({})", Ratio(step.amount, 1'000).text(),
                                   name_of(rule.unit));
            case Basis::fixed:
                return "Basis: once for the event";
            case Basis::commission:
                return fmt::format("Basis: commission of level 1 {}", money(step.amount));
        }
        return {};
    }
    std::string operator()(const ExchangeStep& step) const {
        return fmt::format("Exchange: × {} = {}", step.rate.text(), exact(step.converted));
    }
    std::string operator()(const TierStep& step) const {
        return fmt::format("Tier: {} reach the one from {}: {}", volume_text(step.volume, rule),
                           volume_text(step.from, rule), rate_text(step.rate, rule));
    }
    std::string operator()(const SliceStep& step) const {
        return fmt::format("Slice from {}: {} × {}", volume_text(step.from, rule),
                           slice(step.amount), rate_text(step.rate, rule));
    }
    std::string operator()(const RateStep& step) const {
        return fmt::format("Rate: {}", rate_text(step.rate, rule));
    }
    std::string operator()(const BonusStep& step) const {
        return fmt::format("Bonus of the partner's tier: {} % more",
                           Ratio(step.ppm, 10'000).text());
    }
    std::string operator()(const RoundingStep& step) const {
        return fmt::format("Rounding, half away from zero: {} to {}", exact(step.exact),
                           money(step.rounded));
    }
    std::string operator()(const LimitStep& step) const {
        return fmt::format("{} {}: {}", step.is_minimum ? "Minimum" : "Maximum", money(step.limit),
                           money(step.amount));
    }
    std::string operator()(const CapStep& step) const {
        return fmt::format("{}: {}, of which {} are used: {}", words(step.cap), money(step.limit),
                           money(step.used), money(step.amount));
    }
    std::string operator()(const SplitStep& step) const {
        return fmt::format("Split: {} of {} parts of {}: {}", step.weight, step.weights,
                           money(step.total), money(step.part));
    }
    std::string operator()(const PostStep& step) const {
        return fmt::format("Result: {}, posted before {}, to post {}", money(step.amount),
                           money(step.posted), money(step.difference));
    }
};

}  // namespace

std::string text_of(const Trace& trace, const RuleVersion& rule, const Currency& currency) {
    std::string text;
    for (const Step& step : trace.steps())
        text += std::visit(TextLine{rule, currency}, step) + '\n';
    return text;
}

}  // namespace referral::commissions

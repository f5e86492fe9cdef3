#include "commissions/trace.hpp"

namespace referral::commissions {

namespace {

namespace json = schema::json;

/// A decimal: amounts and quantities never travel as JSON's numbers.
json::string text(const std::string& value) { return json::string(value); }

json::string quantity(std::int64_t thousandths) { return text(Ratio(thousandths, 1'000).text()); }

json::value end(Instant at) {
    const bool is_open = at == Instant::min() || at == Instant::max();
    return is_open ? json::value(nullptr) : json::value(text(to_text(at)));
}

struct Writer {
    const RuleVersion& rule;
    const Currency& currency;

    json::string money(std::int64_t minor) const {
        return text(to_text(Money{minor, rule.currency}));
    }
    json::string fact(std::int64_t minor) const { return text(to_text(Money{minor, currency})); }
    json::string exact(const Ratio& minor) const { return text(exact_text(minor, rule.currency)); }
    json::string rate(Rate rate) const { return text(rate_text(rate, rule)); }
    json::string volume(std::int64_t volume) const { return text(volume_text(volume, rule)); }

    json::object operator()(const FactsStep& step) const {
        return {{"step", "facts"},
                {"event_kind", json::string(name_of(step.kind))},
                {"occurred_at", text(to_text(step.occurred_at))},
                {"currency", text(currency.text())},
                {"revenue", fact(step.revenue)},
                {"cost", fact(step.cost)},
                {"quantity", quantity(step.quantity)},
                {"unit", json::string(name_of(step.unit))}};
    }
    json::object operator()(const RuleStep& step) const {
        return {{"step", "rule"},
                {"rule_id", text(step.id.text())},
                {"name", text(rule.name)},
                {"version", step.version},
                {"effective_from", text(to_text(step.effective_from))},
                {"currency", text(rule.currency.text())}};
    }
    json::object operator()(const WindowStep& step) const {
        return {{"step", "window"},
                {"window", json::string(name_of(step.kind))},
                {"from", end(step.span.begin)},
                {"until", end(step.span.end)},
                {"inside", step.contains}};
    }
    json::object operator()(const NothingStep& step) const {
        return {{"step", "nothing"}, {"reason", json::string(name_of(step.reason))}};
    }
    json::object operator()(const BasisStep& step) const {
        const bool is_of_facts = step.basis == Basis::revenue || step.basis == Basis::margin;
        return {{"step", "basis"},
                {"basis", json::string(name_of(step.basis))},
                {"amount", step.basis == Basis::quantity ? quantity(step.amount)
                           : step.basis == Basis::fixed  ? text(std::to_string(step.amount))
                           : is_of_facts                 ? fact(step.amount)
                                                         : money(step.amount)}};
    }
    json::object operator()(const ExchangeStep& step) const {
        return {{"step", "exchange"},
                {"exchange_rate", text(step.rate.text())},
                {"amount", exact(step.converted)}};
    }
    json::object operator()(const TierStep& step) const {
        return {{"step", "tier"},
                {"volume", volume(step.volume)},
                {"from", volume(step.from)},
                {"rate", rate(step.rate)}};
    }
    json::object operator()(const SliceStep& step) const {
        const bool is_money = rule.basis != Basis::quantity && rule.basis != Basis::fixed;
        const std::int64_t unit = rule.basis == Basis::quantity ? 1'000 : 1;
        return {
            {"step", "slice"},
            {"from", volume(step.from)},
            {"amount", is_money ? exact(step.amount) : text((step.amount * Ratio(1, unit)).text())},
            {"rate", rate(step.rate)}};
    }
    json::object operator()(const RateStep& step) const {
        return {{"step", "rate"}, {"rate", rate(step.rate)}};
    }
    json::object operator()(const BonusStep& step) const {
        return {{"step", "bonus"}, {"bonus_ppm", step.ppm}};
    }
    json::object operator()(const RoundingStep& step) const {
        return {{"step", "rounding"},
                {"exact", exact(step.exact)},
                {"rounded", money(step.rounded)},
                {"mode", "half_away_from_zero"}};
    }
    json::object operator()(const LimitStep& step) const {
        return {{"step", step.is_minimum ? "minimum" : "maximum"},
                {"limit", money(step.limit)},
                {"amount", money(step.amount)}};
    }
    json::object operator()(const CapStep& step) const {
        return {{"step", "cap"},
                {"cap", json::string(name_of(step.cap))},
                {"limit", money(step.limit)},
                {"used", money(step.used)},
                {"amount", money(step.amount)}};
    }
    json::object operator()(const SplitStep& step) const {
        return {{"step", "split"},
                {"weight", step.weight},
                {"weights", step.weights},
                {"total", money(step.total)},
                {"amount", money(step.part)}};
    }
    json::object operator()(const PostStep& step) const {
        return {{"step", "post"},
                {"amount", money(step.amount)},
                {"posted", money(step.posted)},
                {"difference", money(step.difference)}};
    }
};

}  // namespace

json::array to_json(const Trace& trace, const RuleVersion& rule, const Currency& currency) {
    json::array list;
    list.reserve(trace.steps().size());
    for (const Step& step : trace.steps()) list.push_back(std::visit(Writer{rule, currency}, step));
    return list;
}

}  // namespace referral::commissions

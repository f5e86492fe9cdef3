#include "commissions/condition.hpp"

namespace referral::commissions {

namespace {

std::string money(std::int64_t minor, const Currency& currency) {
    return currency.text() + ' ' + to_text(Money{minor, currency});
}

std::string subject(const Condition& condition) {
    switch (condition.field) {
        case Field::event_kind:
            return "the event";
        case Field::mode:
            return "the mode";
        case Field::lane:
            return "the lane";
        case Field::amount:
            return "the amount";
        case Field::customer_country:
            return "the customer's country";
        case Field::customer:
            return "the customer";
        case Field::metadata:
            return '"' + condition.key + '"';
    }
    return {};
}

/// " is ftl or ltl", " is neither ftl nor ltl".
std::string values(const Condition& condition, bool negated) {
    const bool quoted = condition.field == Field::lane || condition.field == Field::metadata;
    const bool several = condition.values.size() > 1;
    std::string text = !negated ? " is " : several ? " is neither " : " is not ";
    for (std::size_t i = 0; i < condition.values.size(); ++i) {
        if (i > 0) text += i + 1 < condition.values.size() ? ", " : negated ? " nor " : " or ";
        text += quoted ? '"' + condition.values[i] + '"' : condition.values[i];
    }
    return text;
}

std::string test(const Condition& condition, const Currency& currency, bool negated) {
    if (condition.field != Field::amount) return subject(condition) + values(condition, negated);
    const auto bound = [&](const char* words, const std::optional<std::int64_t>& minor) {
        return minor ? words + money(*minor, currency) : std::string();
    };
    std::string text = subject(condition);
    if (negated) {
        text += bound(" is below ", condition.at_least);
        if (condition.at_least && condition.below) text += " or";
        return text + bound(" is at least ", condition.below);
    }
    text += bound(" is at least ", condition.at_least);
    if (condition.at_least && condition.below) text += " and";
    return text + bound(" is below ", condition.below);
}

}  // namespace

std::string sentence(const Condition& condition, const Currency& currency) {
    const auto nested = [&](const Condition& part) {
        const bool is_list = part.joint == Joint::all || part.joint == Joint::any;
        const std::string text = sentence(part, currency);
        return is_list && part.parts.size() > 1 ? '(' + text + ')' : text;
    };
    if (condition.joint == Joint::test) return test(condition, currency, false);
    if (condition.joint == Joint::negation) {
        const Condition& part = condition.parts.front();
        if (part.joint == Joint::test) return test(part, currency, true);
        return "it is not so that " + nested(part);
    }
    std::string text;
    for (const Condition& part : condition.parts) {
        if (!text.empty()) text += condition.joint == Joint::all ? ", and " : ", or ";
        text += nested(part);
    }
    return text;
}

}  // namespace referral::commissions

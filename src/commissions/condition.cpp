#include "commissions/condition.hpp"

#include <algorithm>

namespace referral::commissions {

namespace {

char folded(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_same_text(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, folded, folded);
}

bool test(const Condition& condition, const Facts& facts, const Currency& currency) {
    const auto is_listed = [&](std::string_view text) {
        return !text.empty() && std::ranges::find(condition.values, text) != condition.values.end();
    };
    const auto is_said = [&](std::string_view text) {
        const auto same = [&](const std::string& value) { return is_same_text(value, text); };
        return !text.empty() && std::ranges::any_of(condition.values, same);
    };
    switch (condition.field) {
        case Field::event_kind:
            return is_listed(name_of(facts.kind));
        case Field::mode:
            return facts.mode && is_listed(name_of(*facts.mode));
        case Field::lane:
            return is_said(facts.lane);
        case Field::amount: {
            const Ratio amount = converted(facts.revenue, facts, currency);
            return (!condition.at_least || amount >= Ratio(*condition.at_least)) &&
                   (!condition.below || amount < Ratio(*condition.below));
        }
        case Field::customer_country:
            return is_listed(facts.customer_country);
        case Field::customer:
            return is_listed(facts.is_returning ? "returning" : "new");
        case Field::metadata:
            return std::ranges::any_of(facts.metadata, [&](const Metadatum& datum) {
                return datum.key == condition.key && is_said(datum.value);
            });
    }
    return false;
}

}  // namespace

bool holds(const Condition& condition, const Facts& facts, const Currency& currency) {
    const auto part_holds = [&](const Condition& part) { return holds(part, facts, currency); };
    switch (condition.joint) {
        case Joint::test:
            return test(condition, facts, currency);
        case Joint::all:
            return std::ranges::all_of(condition.parts, part_holds);
        case Joint::any:
            return std::ranges::any_of(condition.parts, part_holds);
        case Joint::negation:
            return std::ranges::none_of(condition.parts, part_holds);
    }
    return false;
}

const Condition* obstacle(const Condition& condition, const Facts& facts,
                          const Currency& currency) {
    if (holds(condition, facts, currency)) return nullptr;
    if (condition.joint == Joint::all)
        for (const Condition& part : condition.parts)
            if (const Condition* found = obstacle(part, facts, currency)) return found;
    return &condition;
}

std::size_t count_tests(const Condition& condition) {
    if (condition.joint == Joint::test) return 1;
    std::size_t count = 0;
    for (const Condition& part : condition.parts) count += count_tests(part);
    return count;
}

}  // namespace referral::commissions

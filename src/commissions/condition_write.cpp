#include "commissions/condition.hpp"

namespace referral::commissions {

namespace {

namespace json = schema::json;

json::object test_to_json(const Condition& test, const Currency& currency) {
    json::object object{{"field", json::string(name_of(test.field))}};
    if (test.field == Field::amount) {
        if (test.at_least)
            object["at_least"] = json::string(to_text(Money{*test.at_least, currency}));
        if (test.below) object["below"] = json::string(to_text(Money{*test.below, currency}));
        return object;
    }
    if (test.field == Field::metadata) object["key"] = json::string(test.key);
    json::array values;
    for (const std::string& value : test.values) values.push_back(json::string(value));
    object["is"] = values.size() == 1 ? values.front() : json::value(values);
    return object;
}

}  // namespace

json::value to_json(const Condition& condition, const Currency& currency) {
    json::array parts;
    for (const Condition& part : condition.parts) parts.push_back(to_json(part, currency));
    switch (condition.joint) {
        case Joint::test:
            return test_to_json(condition, currency);
        case Joint::all:
            return json::object{{"and", std::move(parts)}};
        case Joint::any:
            return json::object{{"or", std::move(parts)}};
        case Joint::negation:
            return json::object{{"not", parts.front()}};
    }
    return nullptr;
}

}  // namespace referral::commissions

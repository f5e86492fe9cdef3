#pragma once

/// When a rule is for an event, as data: and, or, not, and tests of facts.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/money.hpp"
#include "base/names.hpp"
#include "commissions/facts.hpp"
#include "platform/schema/json.hpp"

namespace referral::commissions {

/// What a test looks at; the words are those of JSON.
enum class Field { event_kind, mode, lane, amount, customer_country, customer, metadata };

/// How parts make a whole; `test` has no parts.
enum class Joint { test, all, any, negation };

/// A tree of conditions. In JSON:
///
///     {"and": [{"field": "mode", "is": ["ftl", "ltl"]},
///              {"field": "amount", "at_least": "100.00", "below": "5000.00"},
///              {"or": [{"field": "customer", "is": "new"},
///                      {"field": "metadata", "key": "equipment", "is": "reefer"}]},
///              {"not": {"field": "lane", "is": "CHI-DAL"}}]}
///
/// `is` is a text or a list of texts of which one must be equal; lanes and metadata are compared
/// without regard to ASCII case. `amount` is the revenue in the rule's currency. A fact that is
/// unknown equals nothing.
struct Condition {
    Joint joint = Joint::test;
    std::vector<Condition> parts;  ///< Of `all` and `any` one or more, of `negation` one.

    Field field = Field::event_kind;
    std::string key;                              ///< Of metadata.
    std::vector<std::string> values;              ///< Of all fields but `amount`.
    std::optional<std::int64_t> at_least, below;  ///< Of `amount`; minor units.

    static constexpr std::size_t depth_max = 6, tests_max = 50, values_max = 100, text_max = 100;
};

/// Reads a tree. What is wrong is added to `reading` by the path of its field:
/// "conditions.and.1.is". Amounts are decimals of `currency`.
std::optional<Condition> read_condition(const schema::json::value& from, const Currency& currency,
                                        schema::Reading& reading);

/// The tree as `read_condition` reads it.
schema::json::value to_json(const Condition& condition, const Currency& currency);

/// Whether the condition holds for a conversion; amounts are compared exactly in `currency`.
bool holds(const Condition& condition, const Facts& facts, const Currency& currency);

/// The smallest part that is why the condition does not hold, or nothing if it holds.
const Condition* obstacle(const Condition& condition, const Facts& facts, const Currency& currency);

/// How many tests there are: the more, the more specific.
std::size_t count_tests(const Condition& condition);

/// "the mode is ftl or ltl, and the amount is at least USD 100.00". Reads on from "if".
std::string sentence(const Condition& condition, const Currency& currency);

}  // namespace referral::commissions

template <>
struct referral::Names<referral::commissions::Field> {
    using Field = commissions::Field;
    static constexpr std::array<std::pair<Field, std::string_view>, 7> list{
        {{Field::event_kind, "event_kind"},
         {Field::mode, "mode"},
         {Field::lane, "lane"},
         {Field::amount, "amount"},
         {Field::customer_country, "customer_country"},
         {Field::customer, "customer"},
         {Field::metadata, "metadata"}}};
};

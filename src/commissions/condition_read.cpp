#include <algorithm>
#include <span>

#include "base/country.hpp"
#include "base/text.hpp"
#include "commissions/condition.hpp"

namespace referral::commissions {

namespace {

namespace json = schema::json;
using schema::Json, schema::Reading;

std::string_view view(const json::string& text) { return {text.data(), text.size()}; }

/// Refuses the members of `object` that are not in `known`.
void refuse_others(const json::object& object, std::span<const std::string_view> known,
                   const Reading& reading) {
    for (const auto& member : object) {
        const std::string_view key(member.key().data(), member.key().size());
        if (std::ranges::find(known, key) == known.end())
            reading.at(key).refuse("is not known here");
    }
}

std::string words_of(const auto& list) {
    std::string words;
    for (const auto& [value, name] : list) words += (words.empty() ? "" : ", ") + std::string(name);
    return words;
}

/// Puts `text` into the form in which facts are compared with it, or says what it must be.
std::optional<std::string> wrong_value(Field field, std::string& text) {
    switch (field) {
        case Field::event_kind:
            if (named<EventKind>(text)) return std::nullopt;
            return "must be one of: " + words_of(Names<EventKind>::list);
        case Field::mode:
            if (named<Mode>(text)) return std::nullopt;
            return "must be one of: " + words_of(Names<Mode>::list);
        case Field::customer:
            if (text == "new" || text == "returning") return std::nullopt;
            return "must be one of: new, returning";
        case Field::customer_country:
            if (Country::parse(text)) return std::nullopt;
            return "must be " + std::string(Country::rule);
        case Field::lane:
        case Field::metadata: {
            const auto line = Line<Condition::text_max>::parse(text);
            if (!line) return "must be " + Line<Condition::text_max>::rule;
            text = line->text();
            return std::nullopt;
        }
        case Field::amount:
            break;
    }
    return "is not known here";
}

class TreeReader {
public:
    explicit TreeReader(const Currency& currency) : currency_(currency) {}

    bool read(const json::value& from, Condition& to, Reading reading, std::size_t depth) {
        const auto* object = from.if_object();
        if (!object) return reading.refuse("must be an object");
        if (depth > Condition::depth_max)
            return reading.refuse("is nested deeper than " + std::to_string(Condition::depth_max) +
                                  " levels");
        if (object->contains("field")) return read_test(*object, to, reading);
        for (const auto& [name, joint] :
             {std::pair{"and", Joint::all}, std::pair{"or", Joint::any}})
            if (const auto* parts = object->if_contains(name)) {
                refuse_others(*object, std::array<std::string_view, 1>{name}, reading);
                to.joint = joint;
                return read_parts(*parts, to, reading.at(name), depth);
            }
        if (const auto* part = object->if_contains("not")) {
            refuse_others(*object, std::array<std::string_view, 1>{"not"}, reading);
            to.joint = Joint::negation;
            return read(*part, to.parts.emplace_back(), reading.at("not"), depth + 1);
        }
        return reading.refuse("must have one of: and, or, not, field");
    }

private:
    bool read_parts(const json::value& from, Condition& to, Reading reading, std::size_t depth) {
        const auto* list = from.if_array();
        if (!list || list->empty()) return reading.refuse("must be a list that is not empty");
        if (list->size() > Condition::tests_max) return refuse_size(reading);
        for (std::size_t i = 0; i < list->size() && tests_ <= Condition::tests_max; ++i)
            read((*list)[i], to.parts.emplace_back(), reading.at(std::to_string(i)), depth + 1);
        return true;
    }

    bool read_test(const json::object& object, Condition& to, Reading reading) {
        if (++tests_ > Condition::tests_max) return refuse_size(reading);
        Reading field = reading.at("field");
        if (!Json<Field>::read(object.at("field"), to.field, field)) return false;
        if (to.field == Field::amount) return read_bounds(object, to, reading);
        if (to.field == Field::metadata) {
            refuse_others(object, std::array<std::string_view, 3>{"field", "key", "is"}, reading);
            const auto* key = object.if_contains("key");
            const auto* text = key ? key->if_string() : nullptr;
            const auto line = text ? Line<Condition::text_max>::parse(view(*text)) : std::nullopt;
            if (!line)
                return reading.at("key").refuse("must be " + Line<Condition::text_max>::rule);
            to.key = line->text();
        } else {
            refuse_others(object, std::array<std::string_view, 2>{"field", "is"}, reading);
        }
        const auto* values = object.if_contains("is");
        if (!values) return reading.at("is").refuse("is required");
        return read_values(*values, to, reading.at("is"));
    }

    static bool read_values(const json::value& from, Condition& to, Reading reading) {
        const auto* list = from.if_array();
        if (!list) return read_value(from, to, reading);
        if (list->empty() || list->size() > Condition::values_max)
            return reading.refuse("must have 1 to " + std::to_string(Condition::values_max) +
                                  " entries");
        for (std::size_t i = 0; i < list->size(); ++i)
            read_value((*list)[i], to, reading.at(std::to_string(i)));
        return true;
    }

    static bool read_value(const json::value& from, Condition& to, Reading reading) {
        const auto* text = from.if_string();
        if (!text) return reading.refuse("must be text");
        std::string value(view(*text));
        if (const auto wrong = wrong_value(to.field, value)) return reading.refuse(*wrong);
        to.values.push_back(std::move(value));
        return true;
    }

    bool read_bounds(const json::object& object, Condition& to, Reading reading) {
        refuse_others(object, std::array<std::string_view, 3>{"field", "at_least", "below"},
                      reading);
        const auto* at_least = object.if_contains("at_least");
        const auto* below = object.if_contains("below");
        if (!at_least && !below) return reading.refuse("must have at_least, below or both");
        if (at_least) read_amount(*at_least, to.at_least, reading.at("at_least"));
        if (below) read_amount(*below, to.below, reading.at("below"));
        if (to.at_least && to.below && *to.at_least >= *to.below)
            return reading.at("below").refuse("must be more than at_least");
        return true;
    }

    bool read_amount(const json::value& from, std::optional<std::int64_t>& to, Reading reading) {
        const auto* text = from.if_string();
        const auto money = text ? parse_money(view(*text), currency_) : std::nullopt;
        if (!money) return reading.refuse("must be an amount of " + currency_.text());
        to = money->minor;
        return true;
    }

    static bool refuse_size(Reading& reading) {
        return reading.refuse("makes more than " + std::to_string(Condition::tests_max) +
                              " conditions");
    }

    const Currency& currency_;
    std::size_t tests_ = 0;
};

}  // namespace

std::optional<Condition> read_condition(const json::value& from, const Currency& currency,
                                        Reading& reading) {
    const std::size_t errors_before = reading.errors.size();
    Condition condition;
    TreeReader(currency).read(from, condition, reading, 1);
    if (reading.errors.size() > errors_before) return std::nullopt;
    return condition;
}

}  // namespace referral::commissions

#pragma once

/// How each type is read from JSON, written to it and described in the OpenAPI document.

#include <boost/json.hpp>
#include <concepts>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/decimal.hpp"
#include "base/names.hpp"
#include "base/problem.hpp"
#include "base/time.hpp"
#include "platform/schema/fields.hpp"

namespace referral::schema {

namespace json = boost::json;

/// Where in the document a value is being read, and what was wrong so far.
struct Reading {
    std::vector<FieldError>& errors;
    std::string path;

    bool refuse(std::string why) {
        errors.push_back({path, std::move(why)});
        return false;
    }
    Reading at(std::string_view name) const {
        return {errors, path.empty() ? std::string(name) : path + '.' + std::string(name)};
    }
};

/// The shapes of named objects met while describing, by their names.
using Components = json::object;

/// A value type that checks itself: Url, Slug, LinkId.
template <class T>
concept Checked = requires(std::string_view text, const T& value) {
    { T::parse(text) } -> std::same_as<std::optional<T>>;
    { value.text() } -> std::convertible_to<std::string>;
};

/// read (false and an error when it does not fit), write, describe; specialised for every type.
template <class T>
struct Json;

/// A whole number between bounds.
template <std::int64_t min, std::int64_t max>
struct Whole {
    std::int64_t value = min;
    friend bool operator==(Whole, Whole) = default;
};

/// How many rows of a list somebody is shown who asks for so many: 50 when nothing is said.
inline std::int64_t rows_of(const std::optional<Whole<1, 200>>& limit) {
    return limit ? limit->value : 50;
}

template <>
struct Json<bool> {
    static bool read(const json::value& from, bool& to, Reading& reading);
    static json::value write(bool value) { return value; }
    static json::object describe(Components&) { return {{"type", "boolean"}}; }
};

template <>
struct Json<std::int64_t> {
    static bool read(const json::value& from, std::int64_t& to, Reading& reading);
    static json::value write(std::int64_t value) { return value; }
    static json::object describe(Components&) { return {{"type", "integer"}}; }
};

/// Reads a whole number between `min` and `max`.
bool read_whole(const json::value& from, std::int64_t min, std::int64_t max, std::int64_t& to,
                Reading& reading);

template <std::int64_t min, std::int64_t max>
struct Json<Whole<min, max>> {
    static bool read(const json::value& from, Whole<min, max>& to, Reading& reading) {
        return read_whole(from, min, max, to.value, reading);
    }
    static json::value write(Whole<min, max> value) { return value.value; }
    static json::object describe(Components&) {
        return {{"type", "integer"}, {"minimum", min}, {"maximum", max}};
    }
};

/// Plain text of at most 10,000 bytes of UTF-8. A request wants a type that says more, where it
/// can.
template <>
struct Json<std::string> {
    static bool read(const json::value& from, std::string& to, Reading& reading);
    static json::value write(const std::string& value) { return json::string(value); }
    static json::object describe(Components&) { return {{"type", "string"}}; }
};

template <>
struct Json<Instant> {
    static bool read(const json::value& from, Instant& to, Reading& reading);
    static json::value write(Instant value) { return json::string(to_text(value)); }
    static json::object describe(Components&) {
        return {{"type", "string"}, {"format", "date-time"}};
    }
};

template <>
struct Json<Day> {
    static bool read(const json::value& from, Day& to, Reading& reading);
    static json::value write(Day value) { return json::string(to_text(value)); }
    static json::object describe(Components&) { return {{"type", "string"}, {"format", "date"}}; }
};

/// Read from a string or from a whole number; other numbers would have been rounded on the way.
template <>
struct Json<Decimal> {
    static bool read(const json::value& from, Decimal& to, Reading& reading);
    static json::value write(const Decimal& value) { return json::string(value.text()); }
    static json::object describe(Components&) {
        return {{"type", json::array{"string", "integer"}}, {"x-rule", std::string(Decimal::rule)}};
    }
};

/// Any JSON, passed through.
template <>
struct Json<json::value> {
    static bool read(const json::value& from, json::value& to, Reading&) {
        to = from;
        return true;
    }
    static json::value write(const json::value& value) { return value; }
    static json::object describe(Components&) { return {}; }
};

template <Checked T>
struct Json<T> {
    static bool read(const json::value& from, T& to, Reading& reading) {
        if (const auto* text = from.if_string())
            if (auto parsed = T::parse({text->data(), text->size()})) {
                to = std::move(*parsed);
                return true;
            }
        return reading.refuse("must be " + rule());
    }
    static json::value write(const T& value) { return json::string(std::string(value.text())); }
    static json::object describe(Components&) { return {{"type", "string"}, {"x-rule", rule()}}; }

private:
    static std::string rule() {
        if constexpr (requires { T::rule; })
            return std::string(T::rule);
        else
            return "an id of the right kind";
    }
};

template <Named E>
struct Json<E> {
    static bool read(const json::value& from, E& to, Reading& reading) {
        if (const auto* text = from.if_string())
            if (const auto value = named<E>({text->data(), text->size()})) {
                to = *value;
                return true;
            }
        std::string words;
        for (const auto& [value, name] : Names<E>::list) {
            if (!words.empty()) words += ", ";
            words += name;
        }
        return reading.refuse("must be one of: " + words);
    }
    static json::value write(E value) { return json::string(name_of(value)); }
    static json::object describe(Components&) {
        json::array words;
        for (const auto& [value, name] : Names<E>::list) words.emplace_back(json::string(name));
        return {{"type", "string"}, {"enum", std::move(words)}};
    }
};

/// Lists hold at most 1,000 entries.
inline constexpr std::size_t list_length_max = 1'000;

template <class T>
struct Json<std::vector<T>> {
    static bool read(const json::value& from, std::vector<T>& to, Reading& reading) {
        const auto* list = from.if_array();
        if (!list) return reading.refuse("must be a list");
        if (list->size() > list_length_max) return reading.refuse("must have at most 1000 entries");
        bool good = true;
        for (std::size_t i = 0; i < list->size(); ++i) {
            Reading inner = reading.at(std::to_string(i));
            good = Json<T>::read((*list)[i], to.emplace_back(), inner) && good;
        }
        return good;
    }
    static json::value write(const std::vector<T>& values) {
        json::array list;
        list.reserve(values.size());
        for (const T& value : values) list.push_back(Json<T>::write(value));
        return list;
    }
    static json::object describe(Components& components) {
        return {{"type", "array"}, {"items", Json<T>::describe(components)}};
    }
};

/// An object whose keys are data.
template <class T>
struct Json<std::map<std::string, T>> {
    static json::value write(const std::map<std::string, T>& values) {
        json::object object;
        for (const auto& [key, value] : values) object[key] = Json<T>::write(value);
        return object;
    }
    static json::object describe(Components& components) {
        return {{"type", "object"}, {"additionalProperties", Json<T>::describe(components)}};
    }
};

/// null and absent are both "nothing". In a std::optional<std::optional<T>> they differ: absent
/// leaves the outer one empty (do not change), null the inner one (remove).
template <class T>
struct Json<std::optional<T>> {
    static bool read(const json::value& from, std::optional<T>& to, Reading& reading) {
        if constexpr (requires(T t) { t.has_value(); }) {
            return Json<T>::read(from, to.emplace(), reading);
        } else {
            if (from.is_null()) return true;
            return Json<T>::read(from, to.emplace(), reading);
        }
    }
    static json::value write(const std::optional<T>& value) {
        return value ? Json<T>::write(*value) : json::value(nullptr);
    }
    static json::object describe(Components& components) {
        json::object inner = Json<T>::describe(components);
        if (inner.contains("$ref")) return {{"anyOf", {inner, {{"type", "null"}}}}};
        // Of a std::optional<std::optional<T>> the inner one has said so.
        if constexpr (!requires(T t) { t.has_value(); })
            if (auto* type = inner.if_contains("type")) {
                if (!type->is_array()) *type = json::array{*type};
                type->as_array().emplace_back("null");
            }
        if (auto* words = inner.if_contains("enum"); words && words->is_array())
            words->as_array().emplace_back(nullptr);
        return inner;
    }
};

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

/// Any object, for whoever reads its members itself.
template <>
struct Json<json::object> {
    static bool read(const json::value& from, json::object& to, Reading& reading);
    static json::value write(const json::object& value) { return value; }
    static json::object describe(Components&) { return {{"type", "object"}}; }
};

/// What the OpenAPI document says of a field.
struct DescribedField {
    std::string_view name;
    std::string_view meaning;
    bool is_required;
    json::object (*describe)(Components&);
};

/// The fields of T as data, so that whoever describes them is compiled once and not for every type.
template <class T>
std::vector<DescribedField> described_fields() {
    return Fields<T>::list.apply([]<class... O, class... M>(const Field<O, M>&... field) {
        return std::vector<DescribedField>{
            {field.name, field.meaning, !is_optional<M>, &Json<M>::describe}...};
    });
}

/// The shape of an object with these fields.
json::object describe_object(const std::vector<DescribedField>& fields, Components& components);

/// An object by its Fields. Reading refuses every bad, missing and unknown member at once.
template <Described T>
struct Json<T> {
    static bool read(const json::value& from, T& to, Reading& reading) {
        const auto* object = from.if_object();
        if (!object) return reading.refuse("must be an object");
        const std::size_t errors_before = reading.errors.size();
        std::size_t known = 0;
        Fields<T>::list.apply(
            [&](const auto&... field) { (read_field(*object, field, to, reading, known), ...); });
        if (known != object->size()) refuse_unknown(*object, reading);
        return reading.errors.size() == errors_before;
    }
    static json::value write(const T& value) {
        json::object object;
        Fields<T>::list.apply(
            [&](const auto&... field) { (write_field(object, field, value), ...); });
        return object;
    }
    static json::object describe(Components& components) {
        const std::string_view name = Fields<T>::name;
        if (!components.contains(name)) {
            components[name] = nullptr;  // Breaks the circle of a type that contains itself.
            components[name] = describe_object(described_fields<T>(), components);
        }
        return {{"$ref", "#/components/schemas/" + std::string(name)}};
    }

private:
    /// A field may be one of a base, O.
    template <class O, class M>
    static void read_field(const json::object& object, const Field<O, M>& field, T& to,
                           Reading& reading, std::size_t& known) {
        const auto* found = object.if_contains({field.name.data(), field.name.size()});
        if (found) ++known;
        Reading inner = reading.at(field.name);
        if (found)
            Json<M>::read(*found, to.*field.member, inner);
        else if constexpr (!is_optional<M>)
            inner.refuse("is required");
    }
    template <class O, class M>
    static void write_field(json::object& object, const Field<O, M>& field, const T& from) {
        object[{field.name.data(), field.name.size()}] = Json<M>::write(from.*field.member);
    }
    static void refuse_unknown(const json::object& object, Reading& reading) {
        for (const auto& member : object) {
            const std::string_view key(member.key().data(), member.key().size());
            const bool known = Fields<T>::list.apply(
                [&](const auto&... field) { return ((field.name == key) || ...); });
            if (!known) reading.at(key).refuse("is not known here");
        }
    }
};

/// Parses `text` (UTF-8, at most 32 levels deep) or refuses it as malformed, saying where.
json::value parse(std::string_view text);

/// Reads an object or throws a Problem with every bad field.
template <class T>
T read(const json::value& from) {
    T value{};
    std::vector<FieldError> errors;
    Reading reading{errors, ""};
    Json<T>::read(from, value, reading);
    if (!errors.empty()) throw Problem(Refusal::invalid, std::move(errors));
    return value;
}

template <class T>
std::string text_of(const T& value) {
    return json::serialize(Json<T>::write(value));
}

}  // namespace referral::schema

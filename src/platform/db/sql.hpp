#pragma once

/// How each type stands in a statement's parameters and in rows: PostgreSQL's text format.

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip_address.hpp"
#include "base/names.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "platform/schema/json.hpp"

namespace referral::db {

/// A parameter or a value as text; nothing is NULL.
using Text = std::optional<std::string>;
using View = std::optional<std::string_view>;

/// Thrown when a column holds what its type cannot: the query and the row type differ. A bug.
struct Mismatch : std::logic_error {
    using std::logic_error::logic_error;
};

/// The text of a value that is not NULL, or Mismatch.
std::string_view required(View value);

template <class T>
struct Sql;

template <>
struct Sql<std::string> {
    static Text write(const std::string& value) { return value; }
    static std::string read(View value) { return std::string(required(value)); }
};

template <>
struct Sql<std::string_view> {
    static Text write(std::string_view value) { return std::string(value); }
};

template <>
struct Sql<bool> {
    static Text write(bool value) { return value ? "t" : "f"; }
    static bool read(View value) { return required(value) == "t"; }
};

template <std::integral T>
struct Sql<T> {
    static Text write(T value) { return std::to_string(value); }
    static T read(View value) {
        const auto number = parse_int(required(value));
        if (!number) throw Mismatch("no whole number: " + std::string(*value));
        return static_cast<T>(*number);
    }
};

template <>
struct Sql<double> {
    static double read(View value) { return std::stod(std::string(required(value))); }
};

template <>
struct Sql<Instant> {
    static Text write(Instant value) { return to_text(value); }
    static Instant read(View value);
};

template <>
struct Sql<Day> {
    static Text write(Day value) { return to_text(value); }
    static Day read(View value);
};

template <>
struct Sql<IpAddress> {
    static Text write(const IpAddress& value) { return value.text(); }
    static IpAddress read(View value);
};

template <std::int64_t min, std::int64_t max>
struct Sql<schema::Whole<min, max>> {
    static Text write(schema::Whole<min, max> value) { return std::to_string(value.value); }
    static schema::Whole<min, max> read(View value) { return {Sql<std::int64_t>::read(value)}; }
};

template <Named E>
struct Sql<E> {
    static Text write(E value) { return std::string(name_of(value)); }
    static E read(View value) {
        const auto found = named<E>(required(value));
        if (!found) throw Mismatch("no such word: " + std::string(*value));
        return *found;
    }
};

/// Ids stand as their number, other checked types as their text.
template <schema::Checked T>
struct Sql<T> {
    static Text write(const T& value) {
        if constexpr (requires { T::value; })
            return std::to_string(value.value);
        else
            return std::string(value.text());
    }
    static T read(View value) {
        if constexpr (requires { T::value; }) {
            return T{Sql<std::int64_t>::read(value)};
        } else {
            auto parsed = T::parse(required(value));
            if (!parsed) throw Mismatch("not as its type wants it: " + std::string(*value));
            return std::move(*parsed);
        }
    }
};

template <class T>
struct Sql<std::optional<T>> {
    static Text write(const std::optional<T>& value) {
        return value ? Sql<T>::write(*value) : std::nullopt;
    }
    static std::optional<T> read(View value) {
        if (!value) return std::nullopt;
        return Sql<T>::read(value);
    }
};

/// The elements of a one-dimensional array literal, `{a,"b c",NULL}`, and back.
std::vector<Text> read_array(std::string_view literal);
std::string write_array(const std::vector<Text>& elements);

/// An array column for plain elements, jsonb for objects.
template <class T>
struct Sql<std::vector<T>> {
    static Text write(const std::vector<T>& values) {
        if constexpr (schema::Described<T>) {
            return schema::text_of(values);
        } else {
            std::vector<Text> elements;
            elements.reserve(values.size());
            for (const T& value : values) elements.push_back(Sql<T>::write(value));
            return write_array(elements);
        }
    }
    static std::vector<T> read(View value) {
        if constexpr (schema::Described<T>) {
            return schema::read<std::vector<T>>(schema::parse(required(value)));
        } else {
            std::vector<T> values;
            for (const Text& element : read_array(required(value)))
                values.push_back(Sql<T>::read(element ? View(*element) : View()));
            return values;
        }
    }
};

/// Objects and JSON stand in jsonb columns.
template <schema::Described T>
struct Sql<T> {
    static Text write(const T& value) { return schema::text_of(value); }
    static T read(View value) { return schema::read<T>(schema::parse(required(value))); }
};

template <>
struct Sql<schema::json::value> {
    static Text write(const schema::json::value& value) { return schema::json::serialize(value); }
    static schema::json::value read(View value) { return schema::parse(required(value)); }
};

}  // namespace referral::db

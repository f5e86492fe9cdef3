#pragma once

/// One description of a type serves JSON, database rows and the OpenAPI document.

#include <cstddef>
#include <string_view>
#include <utility>

namespace referral::schema {

/// One member of an object: its name, where it lives and what it means.
template <class Object, class Member>
struct Field {
    std::string_view name;
    Member Object::*member;
    std::string_view meaning;
};

template <class Object, class Member>
consteval Field<Object, Member> field(std::string_view name, Member Object::*member,
                                      std::string_view meaning) {
    return {name, member, meaning};
}

namespace detail {

template <std::size_t place, class F>
struct Placed {
    F field;
};

template <class Places, class... F>
struct PlacedFields;

template <std::size_t... place, class... F>
struct PlacedFields<std::index_sequence<place...>, F...> : Placed<place, F>... {
    explicit constexpr PlacedFields(F... fields) : Placed<place, F>{fields}... {}

    template <class Visit>
    constexpr decltype(auto) apply(const Visit& visit) const {
        return visit(Placed<place, F>::field...);
    }
};

}  // namespace detail

/// Fields in their order. A std::tuple would do, but the checks of its constructors take the
/// compiler as long as all the rest of a description.
template <class... F>
struct FieldList : detail::PlacedFields<std::index_sequence_for<F...>, F...> {
    explicit constexpr FieldList(F... fields)
        : detail::PlacedFields<std::index_sequence_for<F...>, F...>(fields...) {}
};

/// The fields of all lists, one after the other.
template <class... F, class... Others>
constexpr auto joined(const FieldList<F...>& first, const Others&... others) {
    if constexpr (sizeof...(others) == 0)
        return first;
    else
        return first.apply([&](const auto&... mine) {
            return joined(others...).apply(
                [&](const auto&... theirs) { return FieldList(mine..., theirs...); });
        });
}

/// Specialised beside each type that crosses the wire, with `name` (the OpenAPI component) and
/// `list` (a FieldList of `field`s). The names are JSON names and column names alike.
template <class Object>
struct Fields;

template <class T>
concept Described = requires {
    Fields<T>::list;
};

}  // namespace referral::schema

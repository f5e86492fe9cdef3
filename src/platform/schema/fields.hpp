#pragma once

/// One description of a type serves JSON, database rows and the OpenAPI document.

#include <string_view>
#include <tuple>

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

/// Specialised beside each type that crosses the wire, with `name` (the OpenAPI component) and
/// `list` (a tuple of `field`s). The names are JSON names and column names alike.
template <class Object>
struct Fields;

template <class T>
concept Described = requires {
    Fields<T>::list;
};

}  // namespace referral::schema

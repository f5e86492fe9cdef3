#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace referral {

/// Specialised beside an enumeration: its values and the words for them in the API, the database
/// and on screens, as `static constexpr std::array list{std::pair{E::a, "a"}, …}`.
template <class E>
struct Names;

/// An enumeration that has words.
template <class E>
concept Named = requires {
    Names<E>::list;
};

template <Named E>
constexpr std::string_view name_of(E value) {
    for (const auto& [known, name] : Names<E>::list)
        if (known == value) return name;
    return "";
}

/// The value called `name`, or nothing.
template <Named E>
constexpr std::optional<E> named(std::string_view name) {
    for (const auto& [value, known] : Names<E>::list)
        if (known == name) return value;
    return std::nullopt;
}

}  // namespace referral

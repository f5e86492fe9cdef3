#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace referral {

/// A country's ISO 3166-1 alpha-2 code, in capitals.
class Country {
public:
    static constexpr std::string_view rule = "a country's code of two capital letters";
    static std::optional<Country> parse(std::string_view text) {
        constexpr std::size_t length = 2;
        const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
        if (text.size() != length || !std::ranges::all_of(text, is_capital)) return std::nullopt;
        return Country(std::string(text));
    }

    const std::string& text() const { return text_; }

    Country() = default;  // Only so that aggregates holding one can be built field by field.
    friend bool operator==(const Country&, const Country&) = default;

private:
    explicit Country(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

}  // namespace referral

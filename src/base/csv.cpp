#include "base/csv.hpp"

#include <algorithm>
#include <array>

namespace referral {

namespace {

/// How a formula begins. The last four are = + - @ as Japanese keyboards write them.
constexpr std::array<std::string_view, 11> formula_beginnings{
    "=",           "+", "-", "@", "\t", "\r", "\n", "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d",
    "\xef\xbc\xa0"};

bool begins_a_formula(std::string_view text) {
    return std::ranges::any_of(formula_beginnings,
                               [&](std::string_view begin) { return text.starts_with(begin); });
}

/// -?[0-9]+(.[0-9]+)?
bool is_decimal(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    const auto digits = [](std::string_view part) {
        return !part.empty() &&
               std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
    };
    const auto point = text.find('.');
    return digits(text.substr(0, point)) && (point == text.npos || digits(text.substr(point + 1)));
}

}  // namespace

void Csv::text(std::string_view text) { field(begins_a_formula(text) ? "'" : "", text); }

void Csv::number(std::string_view decimal) {
    if (!is_decimal(decimal)) return text(decimal);
    field("", decimal);
}

void Csv::field(std::string_view prefix, std::string_view text) {
    if (row_begun_) bytes_ += ',';
    row_begun_ = true;
    bytes_ += '"';
    bytes_ += prefix;
    for (const char c : text) {
        if (c == '"') bytes_ += '"';
        bytes_ += c;
    }
    bytes_ += '"';
}

void Csv::end_row() {
    bytes_ += "\r\n";
    row_begun_ = false;
}

}  // namespace referral

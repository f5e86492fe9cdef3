#pragma once

/// Short ways to write the facts of a decision down.

#include <string>

#include "conversions/attribution.hpp"

namespace referral::conversions {

inline constexpr UserId a{1}, b{2}, c{3}, d{4};

/// "03-01" is noon of that day of 2026; whole times stay what they are.
inline Instant on(const std::string& day) {
    return parse_instant(day.size() == 5 ? "2026-" + day + "T12:00:00Z" : day).value();
}

/// A click id of its own for each number, in the order of numbers.
inline ClickId click_number(std::uint8_t number) {
    ClickId id;
    id.bytes.back() = number;
    return id;
}

inline Claim click(UserId partner, const std::string& day, std::uint8_t number = 1) {
    return {.partner = partner, .made_at = on(day), .click_id = click_number(number)};
}

inline Claim lead(UserId partner, const std::string& day, const std::string& until) {
    return {.source = Source::lead, .partner = partner, .made_at = on(day), .until = on(until)};
}

inline Claim lock(UserId partner, const std::string& until, std::int64_t weight_ppm = 1'000'000) {
    return {.source = Source::lock,
            .partner = partner,
            .made_at = on("01-01"),
            .until = on(until),
            .weight_ppm = weight_ppm};
}

inline Claim claim(Source source, UserId partner, const std::string& day) {
    return {.source = source, .partner = partner, .made_at = on(day)};
}

/// A partner who was approved at the beginning of 2025, and what came of it.
inline Standing standing(UserId partner, std::vector<StatusChange> later = {}) {
    later.push_back({on("2025-01-01T00:00:00Z"), EnrolmentStatus::approved});
    return {.partner = partner, .changes = std::move(later)};
}

/// A conversion of `day`, with partners a to d in good standing.
inline AttributionFacts conversion(const std::string& day, std::vector<Claim> claims,
                                   Policy policy = {}) {
    return {.occurred_at = on(day),
            .policy = policy,
            .standings = {standing(a), standing(b), standing(c), standing(d)},
            .claims = std::move(claims)};
}

}  // namespace referral::conversions

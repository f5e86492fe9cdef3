#include "clicks/classify.hpp"

#include <algorithm>

namespace referral::clicks {

namespace {

constexpr char lowered(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool same(std::string_view text, std::string_view lower_case) {
    return std::ranges::equal(text, lower_case, {}, lowered);
}

/// Whether `word` begins `value` and ends there or before a parameter: Sec-Purpose is
/// "prefetch;prerender" for a prerendered page (https://wicg.github.io/nav-speculation).
bool names(std::string_view value, std::string_view word) {
    if (value.size() < word.size() || !same(value.substr(0, word.size()), word)) return false;
    return value.size() == word.size() ||
           std::string_view(";, \t").find(value[word.size()]) != std::string_view::npos;
}

}  // namespace

std::optional<Class> classify(const Facts& facts) noexcept {
    if (!facts.leads_somewhere) return Class::orphan;
    if (!facts.is_get) return Class::non_get;
    if (names(facts.sec_purpose, "prefetch") || names(facts.purpose, "prefetch") ||
        names(facts.moz, "prefetch"))
        return Class::prefetch;
    if (facts.declared_crawler) return Class::bot;
    if (!facts.sec_fetch_dest.empty() && !same(facts.sec_fetch_dest, "document"))
        return Class::embedded;
    if (facts.blocked) return Class::blocked;
    if (facts.self) return Class::self;
    return std::nullopt;
}

}  // namespace referral::clicks

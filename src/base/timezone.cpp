#include "base/timezone.hpp"

#include <algorithm>
#include <filesystem>

namespace referral {

std::optional<Timezone> Timezone::parse(std::string_view text) {
    const auto allowed = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-' || c == '+' || c == '/';
    };
    // Zones begin with a capital; the folder's own files ("posixrules", "tzdata.zi") do not, and
    // no name leads out of it.
    if (text.empty() || text.size() > 64 || text.front() < 'A' || text.front() > 'Z')
        return std::nullopt;
    if (!std::ranges::all_of(text, allowed) || text.find("//") != text.npos) return std::nullopt;
    std::error_code error;
    const auto file = std::filesystem::path("/usr/share/zoneinfo") / text;
    if (!std::filesystem::is_regular_file(file, error)) return std::nullopt;
    Timezone zone;
    zone.text_ = text;
    return zone;
}

}  // namespace referral

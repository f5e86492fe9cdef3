#include "accounts/browser.hpp"

#include <array>
#include <span>
#include <utility>

namespace referral::accounts {

namespace {

using Sign = std::pair<std::string_view, std::string_view>;

// The first that is found: Edge and Opera also say Chrome, Chrome also says Safari.
constexpr std::array names{Sign{"Edg", "Edge"},         Sign{"OPR/", "Opera"},
                           Sign{"Firefox/", "Firefox"}, Sign{"FxiOS/", "Firefox"},
                           Sign{"Chrome/", "Chrome"},   Sign{"CriOS/", "Chrome"},
                           Sign{"Safari/", "Safari"},   Sign{"curl/", "curl"}};
constexpr std::array systems{Sign{"Windows", "Windows"}, Sign{"iPhone", "iOS"},
                             Sign{"iPad", "iPadOS"},     Sign{"Android", "Android"},
                             Sign{"Mac OS X", "macOS"},  Sign{"CrOS", "ChromeOS"},
                             Sign{"Linux", "Linux"}};

std::optional<std::string> first_of(std::span<const Sign> signs, std::string_view text) {
    for (const auto& [sign, meaning] : signs)
        if (text.find(sign) != text.npos) return std::string(meaning);
    return std::nullopt;
}

}  // namespace

Browser Browser::of(std::string_view user_agent) {
    return {first_of(names, user_agent), first_of(systems, user_agent)};
}

}  // namespace referral::accounts

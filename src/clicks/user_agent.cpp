#include "clicks/user_agent.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace referral::clicks {

namespace {

constexpr std::size_t text_bytes_max = 64;

template <std::size_t n>
using Texts = std::array<std::string_view, n>;

// Marks of what is neither computer, phone nor tablet, though its system may be one's.
constexpr auto apart = std::to_array<std::string_view>(
    {"SmartTV", "SMART-TV",    "Smart TV",     "Smart-TV",    "Android TV",  "GoogleTV",
     "AppleTV", "Apple TV",    "HbbTV",        "NetCast",     "Web0S",       "BRAVIA",
     "; AFT",   "CrKey",       "Roku",         "PlayStation", "PLAYSTATION", "Nintendo",
     "Xbox",    "Apple Watch", "OculusBrowser"});

constexpr auto tablets =
    std::to_array<std::string_view>({"iPad", "Tablet", "PlayBook", "TouchPad", "Kindle"});

constexpr auto phone_systems = std::to_array<std::string_view>({"Android",
                                                                "Bada",
                                                                "BlackBerry OS",
                                                                "BREW",
                                                                "Brew MP",
                                                                "Firefox OS",
                                                                "iOS",
                                                                "KaiOS",
                                                                "Maemo",
                                                                "MeeGo",
                                                                "Nokia Series 30 Plus",
                                                                "Nokia Series 40",
                                                                "Sailfish",
                                                                "Symbian OS",
                                                                "Symbian^3",
                                                                "Symbian^3 Anna",
                                                                "Symbian^3 Belle",
                                                                "Tizen",
                                                                "webOS",
                                                                "Windows Mobile",
                                                                "Windows Phone"});

constexpr auto computer_systems = std::to_array<std::string_view>(
    {"Arch Linux", "BackTrack", "BSD",       "CentOS",  "Chrome OS", "Debian",
     "Fedora",     "FreeBSD",   "Gentoo",    "Kubuntu", "Linux",     "Linux Mint",
     "Lubuntu",    "Mac OS",    "Mac OS X",  "Mageia",  "Mandriva",  "NetBSD",
     "OpenBSD",    "openSUSE",  "PCLinuxOS", "Puppy",   "Red Hat",   "SerenityOS",
     "Slackware",  "Solaris",   "SUSE",      "Ubuntu",  "Windows"});

template <std::size_t n>
bool is_one_of(std::string_view name, const Texts<n>& names) {
    return std::ranges::find(names, name) != names.end();
}

bool holds(std::string_view text, std::string_view mark) { return text.find(mark) != text.npos; }

template <std::size_t n>
bool holds_one_of(std::string_view text, const Texts<n>& marks) {
    return std::ranges::any_of(marks, [&](std::string_view mark) { return holds(text, mark); });
}

bool is_browsing(std::string_view agent) {
    return agent.starts_with("Mozilla/") || agent.starts_with("Opera/");
}

// Windows computers with a pen say "Tablet PC". Android phones say "Mobile" and tablets do not
// (developer.chrome.com/docs/multidevice/user-agent), but only browsers keep to it, and Opera Mini,
// a phone's browser, does not.
bool is_tablet(const SystemName& system, std::string_view agent) {
    if (system.family == "Windows") return false;
    if (system.family == "BlackBerry Tablet OS" || holds_one_of(agent, tablets)) return true;
    return system.family == "Android" && agent.starts_with("Mozilla/") && !holds(agent, "Mobi") &&
           !holds(agent, "Opera Mini");
}

std::string stored(std::string_view text) {
    if (text == "Other") return {};
    return std::string(cut(cleaned(trimmed(text)), text_bytes_max));
}

std::string version(const SystemName& system) {
    std::string result = system.major;
    for (const std::string* part : {&system.minor, &system.patch, &system.patch_minor}) {
        if (part->empty()) break;
        result += '.';
        result += *part;
    }
    return result;
}

}  // namespace

DeviceType device_type(const DeviceName& device, const SystemName& system, std::string_view agent) {
    if (device.family == "Spider") return DeviceType::bot;
    if (holds_one_of(agent, apart)) return DeviceType::other;
    if (is_tablet(system, agent)) return DeviceType::tablet;
    if (is_one_of(system.family, phone_systems)) return DeviceType::mobile;
    const bool feature_phone =
        device.family == "Generic Feature Phone" || device.family == "Generic Smartphone";
    if (feature_phone || holds(agent, "MIDP") || holds(agent, "Opera Mini"))
        return DeviceType::mobile;
    if (is_browsing(agent) && is_one_of(system.family, computer_systems))
        return DeviceType::desktop;
    return DeviceType::other;
}

UserAgent describe(const UserAgentRules& rules, std::string_view agent) {
    agent = agent.substr(0, user_agent_bytes_max);
    const BrowserName browser = rules.browser(agent);
    const SystemName system = rules.system(agent);
    return {.device_type = device_type(rules.device(agent), system, agent),
            .browser = stored(browser.family),
            .browser_version = stored(browser.major),
            .os = stored(system.family),
            .os_version = stored(version(system))};
}

const UserAgent& UserAgents::find(std::string_view agent) {
    return cache_.find(agent.substr(0, user_agent_bytes_max),
                       [this](std::string_view shortened) { return describe(rules_, shortened); });
}

}  // namespace referral::clicks

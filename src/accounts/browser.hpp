#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace referral::accounts {

/// What a browser calls itself, for a list in which people recognise their own. Clicks are told
/// apart by uap-core's rules, which stand in a higher folder; here the few that people use do.
struct Browser {
    std::optional<std::string> name;
    std::optional<std::string> os;

    static Browser of(std::string_view user_agent);
};

}  // namespace referral::accounts

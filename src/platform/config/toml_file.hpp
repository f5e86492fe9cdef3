#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace referral::config {

struct TomlValue {
    std::string text;  // As an operator would write it in the environment; lists with commas.
    unsigned line;
};

struct TomlFile {
    std::map<std::string, TomlValue> values;  // By the name of the setting: "LISTEN".
    std::vector<std::string> errors;          // "line 3: …".
};

/// Reads `referral.toml`: lower-case keys without sections; texts, numbers, true, false and lists
/// of texts. Whether keys are settings is not looked at.
TomlFile parse_toml_file(std::string_view text);

}  // namespace referral::config

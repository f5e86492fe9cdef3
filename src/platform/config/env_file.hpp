#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace referral::config {

struct EnvFile {
    std::map<std::string, std::string> values;  // The last of equal names counts.
    std::vector<std::string> errors;            // "line 3: …".
};

/// Reads a `.env` file: NAME=value lines, `export` before the name allowed. A value stands bare (a
/// comment begins at " #"), in '…' as it is, or in "…" with \n, \" and \\. Nothing is expanded.
EnvFile parse_env_file(std::string_view text);

}  // namespace referral::config

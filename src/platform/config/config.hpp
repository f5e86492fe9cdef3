#pragma once

/// Reads the settings. From the strongest to the weakest: the command line, the environment,
/// `.env`, `referral.toml`, the default. In the environment and in `.env` a setting is NAME or
/// REFERRAL_NAME (which wins); in referral.toml it is a lower-case key without a section.

#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/config/settings.hpp"

namespace referral::config {

/// A file's name, for messages, and content.
struct Document {
    std::string name;
    std::string text;
};

/// Where settings are looked for. All is text: reading it and judging it are apart.
struct Sources {
    std::map<std::string, std::string> overrides;    // NAME → value, from the command line.
    std::map<std::string, std::string> environment;  // As the process has it.
    std::optional<Document> env_file;
    std::optional<Document> toml_file;
    std::filesystem::path root;  // Where node_modules/ and build/web/ are looked for.
    unsigned cores = 1;          // What "one per core" means.
};

/// The process's environment, `.env` and `config_file` of the working directory and the machine's
/// cores. A missing `.env` is nothing; so is a missing `config_file` unless `required`. Throws
/// std::runtime_error when a file cannot be read or is over 1 MiB.
Sources sources_here(const std::filesystem::path& config_file = "referral.toml",
                     bool required = false);

struct Loaded {
    Settings settings;
    std::vector<std::string> warnings;  // Ignored variables that look like a slip.
};

/// Thrown with everything that is wrong, a line each: setting, source, what it must be. Values of
/// secrets are not repeated.
class BadSettings : public std::runtime_error {
public:
    explicit BadSettings(std::vector<std::string> errors);
    const std::vector<std::string>& errors() const { return errors_; }

private:
    std::vector<std::string> errors_;
};

Loaded load(const Sources& sources);

/// Name and value of every setting, for the log; a secret is "(set)" or "".
std::vector<std::pair<std::string, std::string>> describe(const Settings& settings);

/// What SIGHUP changes.
struct Reload {
    Settings settings;                       // `now`, with the reloadable ones of `fresh`.
    std::vector<std::string> changed;        // Names of those that differed.
    std::vector<std::string> needs_restart;  // Names that differ but are only read at the start.
};
Reload reload(const Settings& now, const Settings& fresh);

/// docs/configuration.md.
std::string documentation();

/// Whether `name` ("LISTEN") is a setting: for the command line.
bool is_setting(std::string_view name);

}  // namespace referral::config

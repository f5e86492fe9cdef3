#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace referral::app {

inline constexpr std::string_view version = "0.1.0";

/// What the command line said.
struct Options {
    std::map<std::string, std::string> overrides;  ///< Settings by name.
    std::string config_file;                       ///< Empty: referral.toml, when there is one.
    std::filesystem::path program;                 ///< The running program's own file.
    bool demo = false;
    std::string anchors_file;  ///< Empty: those of the data folder.
};

// Each command answers the process's exit code: 0, 1 for what failed, 2 for wrong settings.

/// Runs the whole system until SIGINT or SIGTERM.
int serve(const Options& options);

/// Runs jobs and nothing else until SIGINT or SIGTERM.
int worker(const Options& options);

/// Applies migrations to the database and ends.
int migrate(const Options& options);

/// Follows the chain of audit logs, also while the program serves, and says in one line what it
/// found: 1 when something was changed.
int verify_audit(const Options& options);

/// The API's description.
int print_openapi();

/// The settings' description.
int print_config_docs();

}  // namespace referral::app

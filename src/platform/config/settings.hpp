#pragma once

/// Everything an operator can set, once checked. What each setting means, its bounds and default
/// stand in one table, settings_table.cpp; docs/configuration.md is made from it.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/ip_address.hpp"
#include "base/secret.hpp"

namespace referral::config {

/// Where to listen.
struct Endpoint {
    std::string host;  // A numeric address, without brackets.
    std::uint16_t port = 0;

    /// "127.0.0.1:8080" or "[::1]:8080".
    std::string text() const;

    /// Reads what `text` writes, or nothing. Names are not resolved.
    static std::optional<Endpoint> parse(std::string_view text);

    friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

enum class Durability { strict, relaxed };
enum class LogLevel { debug, info, warn, error };
enum class LogFormat { json, text };

/// The members bear the settings' names in lower case.
struct Settings {
    std::filesystem::path data_dir;
    Endpoint listen;
    std::optional<Endpoint> metrics_listen;  // Nothing: no metrics endpoint.
    std::string base_url;                    // Without a slash at its end.
    Secret database_url;                     // Empty: the private PostgreSQL.
    std::int64_t database_connections_max = 0;
    bool database_prepare = false;
    std::int64_t click_loops = 0;
    std::int64_t front_loops = 0;
    std::int64_t workers = 0;
    std::int64_t connections_max = 0;
    std::int64_t connections_per_address_max = 0;
    std::vector<IpBlock> trusted_proxies;
    std::filesystem::path tls_certificate;  // Empty: no TLS.
    std::filesystem::path tls_key;
    Durability click_durability = Durability::strict;
    std::int64_t journal_bytes_max = 0;
    std::int64_t journal_segment_bytes = 0;
    std::chrono::hours journal_keep_hours{0};
    std::int64_t click_ip_days = 0;
    std::int64_t duplicate_slots = 0;
    std::filesystem::path geoip_database;  // Empty: clicks have no place.
    std::filesystem::path asn_database;    // Empty: clicks have no network.
    std::filesystem::path user_agent_rules;
    std::filesystem::path crawler_rules;
    std::filesystem::path web_dir;
    Secret secret_key;  // Empty: the file DATA_DIR/secret.
    std::string admin_email;
    Secret admin_password;
    std::string run_as_user;
    LogLevel log_level = LogLevel::info;
    std::filesystem::path log_file;  // Empty: stderr.
    LogFormat log_format = LogFormat::json;
    std::chrono::minutes session_idle_minutes{0};
    std::chrono::hours session_hours{0};
    bool development = false;
    std::chrono::seconds drain_seconds{0};
};

}  // namespace referral::config

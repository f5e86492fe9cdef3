#pragma once

/// Everything an operator can set, once checked. What each setting means, its bounds and default
/// stand in one table, settings_table.cpp; docs/configuration.md is made from it.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip_address.hpp"
#include "base/names.hpp"
#include "base/secret.hpp"
#include "platform/log/log.hpp"

namespace referral::config {

/// Where to listen.
struct Endpoint {
    IpAddress address;
    std::uint16_t port = 0;

    /// "127.0.0.1:8080" or "[::1]:8080".
    std::string text() const;

    /// Reads what `text` writes; also "localhost" (127.0.0.1) and "*" (::, which takes IPv4 too) in
    /// place of the address. Other names are not resolved.
    static std::optional<Endpoint> parse(std::string_view text);

    friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

/// When a click is answered: once it is on the disk, or up to 20 ms before.
enum class Durability { strict, relaxed };

}  // namespace referral::config

template <>
struct referral::Names<referral::config::Durability> {
    using enum config::Durability;
    static constexpr std::array list{std::pair{strict, "strict"}, std::pair{relaxed, "relaxed"}};
};

namespace referral::config {

/// The members bear the settings' names in lower case.
struct Settings {
    std::filesystem::path data_dir;
    std::vector<Endpoint> listen;
    std::vector<Endpoint> tls_listen;
    std::vector<Endpoint> metrics_listen;  // Nothing: no metrics endpoint.
    std::string base_url;                  // Without a slash at its end.
    Secret database_url;                   // Empty: the private PostgreSQL.
    Secret database_owner_url;             // Empty: `database_url` for both.
    std::int64_t database_connections_max = 0;
    bool database_prepare = false;
    std::int64_t click_loops = 0;
    std::int64_t front_loops = 0;
    std::int64_t workers = 0;
    std::int64_t job_workers = 0;
    std::int64_t connections_max = 0;
    std::int64_t connections_per_address_max = 0;
    std::vector<IpBlock> trusted_proxies;
    std::filesystem::path tls_certificate;
    std::filesystem::path tls_key;
    Durability click_durability = Durability::strict;
    std::int64_t journal_bytes_max = 0;
    std::int64_t journal_segment_bytes = 0;
    std::chrono::hours journal_keep_hours{0};
    bool click_ingest = true;
    std::int64_t click_ip_days = 0;
    std::int64_t audit_keep_days = 0;
    std::int64_t duplicate_slots = 0;
    std::vector<std::filesystem::path> geoip_database;  // Nothing: clicks have no place.
    std::vector<std::filesystem::path> asn_database;    // IPv4 and IPv6, or nothing: no network.
    std::filesystem::path user_agent_rules;
    std::filesystem::path crawler_rules;
    std::filesystem::path common_passwords;
    std::filesystem::path web_dir;
    Secret secret_key;  // Empty: the file DATA_DIR/secret.
    std::string admin_email;
    Secret admin_password;
    std::string run_as_user;
    log::Level log_level = log::Level::info;
    std::filesystem::path log_file;  // Empty: stderr.
    log::Format log_format = log::Format::json;
    std::chrono::minutes session_idle_minutes{0};
    std::chrono::hours session_hours{0};
    std::string mail_server;     // Empty: mails are shown, not sent.
    std::int64_t mail_port = 0;  // 465 with MAIL_USE_SSL, 587 with MAIL_USE_TLS, else 25.
    bool mail_use_tls = true;    // STARTTLS.
    bool mail_use_ssl = false;   // TLS from the start; wins.
    std::string mail_username;   // Empty: no sign-in.
    Secret mail_password;
    std::string mail_default_sender;
    std::filesystem::path mail_ca;
    std::chrono::seconds mail_timeout_seconds{0};
    std::int64_t mail_keep_days = 0;
    bool development = false;
    std::string rate_limits;                // Changes to the table; http::rate_limits reads it.
    Secret redis_url;                       // Empty: each process counts alone.
    std::vector<std::string> cors_origins;  // In lower case, without a slash at the end.
    std::chrono::seconds drain_seconds{0};
};

}  // namespace referral::config

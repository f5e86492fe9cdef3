/// The table of all settings: the one place to add one, beside its member in settings.hpp.

#include <array>

#include "platform/config/setting.hpp"

namespace referral::config {

namespace {

constexpr std::int64_t kib = 1 << 10;
constexpr std::int64_t mib = 1 << 20;
constexpr std::int64_t gib = 1 << 30;
constexpr std::int64_t tib = gib * 1'024;

using S = Settings;

const std::array table{
    Setting{
        "DATA_DIR", Path{&S::data_dir, false}, "var", false,
        "Everything the program keeps: journal, private PostgreSQL, secret key. Made when missing.",
        "/var/lib/referral"},
    Setting{"LISTEN", Endpoints{&S::listen}, "127.0.0.1:8080", false,
            "Where HTTP is answered. Port 0 takes any free port.", "*:80"},
    Setting{"TLS_LISTEN", Endpoints{&S::tls_listen, true}, "", false,
            "Where HTTPS is answered; needs TLS_CERTIFICATE and TLS_KEY.", "*:443"},
    Setting{"TLS_CERTIFICATE", Path{&S::tls_certificate}, "", true,
            "PEM file with the certificate and those between it and the root.",
            "/etc/referral/chain.pem"},
    Setting{"TLS_KEY", Path{&S::tls_key}, "", true, "PEM file with the certificate's private key.",
            "/etc/referral/key.pem"},
    Setting{"METRICS_LISTEN", Endpoints{&S::metrics_listen, true}, "127.0.0.1:9464", false,
            "Where Prometheus reads /metrics. Empty: nowhere.", "10.0.0.5:9464"},
    Setting{
        "BASE_URL", WebAddress{&S::base_url}, "", false,
        "The address the public reaches this installation by: referral links begin with it, and "
        "cookies are marked secure when it is https. Empty: made from where it listens.",
        "https://go.example.com"},
    Setting{"TRUSTED_PROXIES", Blocks{&S::trusted_proxies}, "", false,
            "Proxies in front whose X-Forwarded-For and X-Forwarded-Proto are believed.",
            "10.0.0.0/8,192.0.2.7"},
    Setting{"WEB_DIR", Path{&S::web_dir}, "", false,
            "The built web pages. Empty: build/web of the program's folder, if there.",
            "/usr/share/referral/web"},

    Setting{"DATABASE_URL", Hidden{&S::database_url}, "", false,
            "A PostgreSQL of your own, version 15 or newer. Empty: the program runs a private one "
            "below DATA_DIR.",
            "postgresql://referral:password@db.example.com/referral"},
    Setting{"DATABASE_OWNER_URL", Hidden{&S::database_owner_url}, "", false,
            "The same PostgreSQL as the owner of the tables, for migrations only; the role of "
            "DATABASE_URL then gets rights on rows and none on tables. Empty: DATABASE_URL's role "
            "does both, which is warned about.",
            "postgresql://referral_owner:password@db.example.com/referral"},
    Setting{"DATABASE_CONNECTIONS_MAX",
            Count{&S::database_connections_max, 4, 1'000, "connections"}, "20", false,
            "Connections to PostgreSQL for requests; jobs have their own.", "40"},
    Setting{
        "DATABASE_PREPARE", Flag{&S::database_prepare}, "true", false,
        "Keep statements prepared on their connection. Turn off behind PgBouncer in transaction "
        "mode.",
        "false"},

    Setting{
        "RATE_LIMITS", Text{&S::rate_limits}, "", false,
        "Changes to the limits of requests: CLASS=COUNT/UNIT or CLASS.SCOPE=COUNT/UNIT:BURST, "
        "several separated by commas; off in place of a rate, or of all, limits nothing. Classes "
        "are read, write, sign-in, public, export and report (of conversions), scopes user, key, "
        "address and name, units s, min, h and day. Redirects are never limited.",
        "read=600/min,write.key=1200/min:300,public=off"},
    Setting{"REDIS_URL", Hidden{&S::redis_url}, "", false,
            "A Redis through which several processes share their limits. Empty, or while it is "
            "away: each counts alone.",
            "redis://:password@10.0.0.5:6379/0"},
    Setting{"CORS_ORIGINS", Origins{&S::cors_origins}, "", false,
            "Sites whose pages may call the API, with API keys only: cookies are never taken from "
            "other sites.",
            "https://app.example.com"},

    Setting{"CLICK_LOOPS", Count{&S::click_loops, 0, 64, "threads"}, "0", false,
            "Threads that answer redirects. 0: one per core.", "4"},
    Setting{"FRONT_LOOPS", Count{&S::front_loops, 0, 64, "threads"}, "0", false,
            "Threads that accept connections and serve all but redirects. 0: one for two cores.",
            "2"},
    Setting{
        "WORKERS", Count{&S::workers, 0, 1'000, "threads"}, "0", false,
        "Threads that handle requests to the API, but those that check a password, which have four "
        "of their own. 0: four per core, at least eight.",
        "32"},
    Setting{
        "JOB_WORKERS", Count{&S::job_workers, 0, 64, "threads"}, "2", false,
        "Threads that run jobs; each may take three connections to PostgreSQL, beside 13 for the "
        "process. 0: `serve` runs none, and processes `referral worker` do, each with a thread per "
        "core.",
        "8"},
    Setting{"CONNECTIONS_MAX", Count{&S::connections_max, 16, 1'000'000, "connections"}, "10000",
            false, "Clients connected at once; more are answered 503.", "50000"},
    Setting{"CONNECTIONS_PER_ADDRESS_MAX",
            Count{&S::connections_per_address_max, 1, 1'000'000, "connections"}, "1000", false,
            "Connections from one IPv4 address or IPv6 /64 at once; trusted proxies are exempt.",
            "200"},
    Setting{"DRAIN_SECONDS", Span<std::chrono::seconds>{&S::drain_seconds, 0, 600}, "5", true,
            "How long requests at work may take to end when the program is told to stop.", "5"},

    Setting{
        "CLICK_DURABILITY", Choice<Durability>{&S::click_durability}, "strict", false,
        "strict: a redirect is answered when its click is on the disk. relaxed: answered at once "
        "and written at most 20 ms later, so a crash can lose those clicks.",
        "relaxed"},
    Setting{"JOURNAL_BYTES_MAX", Bytes{&S::journal_bytes_max, 64 * mib, 16 * tib}, "8GiB", false,
            "Disk space for clicks that are not yet loaded or still kept; when it is used up, "
            "redirects go on and clicks are no longer counted.",
            "100GiB"},
    Setting{"JOURNAL_SEGMENT_BYTES", Bytes{&S::journal_segment_bytes, mib, gib}, "64MiB", false,
            "Size of one journal file. At most a quarter of JOURNAL_BYTES_MAX.", "16MiB"},
    Setting{"JOURNAL_KEEP_HOURS", Span<std::chrono::hours>{&S::journal_keep_hours, 0, 8'760}, "72",
            true,
            "How long loaded clicks stay in the journal: a database restored to an earlier moment "
            "gets them again.",
            "168"},
    Setting{"CLICK_INGEST", Flag{&S::click_ingest}, "true", false,
            "Whether this process loads its clicks into PostgreSQL. Turned off, they wait in the "
            "journal: for measurements, and for a database that must be left alone.",
            "false"},
    Setting{"CLICK_IP_DAYS", Count{&S::click_ip_days, 0, 365, "days"}, "30", true,
            "How long full IP addresses of visitors are kept; afterwards only their /24 or /48.",
            "7"},
    Setting{"DUPLICATE_SLOTS", Count{&S::duplicate_slots, kib, 1LL << 32, "places of 16 bytes"},
            "4194304", false,
            "How many visitor and link pairs are remembered to tell repeated clicks.", "67108864"},
    Setting{"GEOIP_DATABASE", Paths{&S::geoip_database}, "", false,
            "MaxMind format files that give the place of an address. Empty: DB-IP City Lite of the "
            "program's folder, if there.",
            "/usr/share/GeoIP/GeoLite2-City.mmdb"},
    Setting{"ASN_DATABASE", Paths{&S::asn_database, 2}, "", false,
            "CSV files that give the network of an address, IPv4 first. Empty: those of the "
            "program's folder, if there.",
            "/data/asn-ipv4.csv,/data/asn-ipv6.csv"},
    Setting{"USER_AGENT_RULES", Path{&S::user_agent_rules}, "", false,
            "uap-core's regexes.yaml. Empty: that of the program's folder.", "/data/regexes.yaml"},
    Setting{"CRAWLER_RULES", Path{&S::crawler_rules}, "", false,
            "crawler-user-agents.json. Empty: that of the program's folder.",
            "/data/crawler-user-agents.json"},

    Setting{"AUDIT_KEEP_DAYS", Count{&S::audit_keep_days, 1'096, 36'525, "days"}, "1096", true,
            "How long audit logs are kept; never less than three years.", "3650"},

    Setting{"SECRET_KEY", Hidden{&S::secret_key, 32}, "", false,
            "What sessions, visitors' cookies and tokens are signed with. Empty: a random key is "
            "made once and kept in DATA_DIR/secret.",
            "(64 random characters)"},
    Setting{"ADMIN_EMAIL", Text{&S::admin_email, 0, 254}, "", false,
            "Who administers a fresh installation.", "admin@example.com"},
    Setting{"ADMIN_PASSWORD", Hidden{&S::admin_password, 15}, "", false,
            "The first administrator's password, by the rules for all: 15 characters, not a common "
            "one, not made of names. Empty: a random one is made and shown once.",
            "(a long phrase)"},
    Setting{"SESSION_IDLE_MINUTES", Span<std::chrono::minutes>{&S::session_idle_minutes, 1, 43'200},
            "120", true, "A session ends after so long without a request.", "30"},
    Setting{"SESSION_HOURS", Span<std::chrono::hours>{&S::session_hours, 1, 8'760}, "24", true,
            "A session ends so long after the sign-in, used or not.", "8"},
    Setting{"COMMON_PASSWORDS", Path{&S::common_passwords}, "", false,
            "JSON list of passwords that nobody may choose. Empty: that of the program's folder.",
            "/data/passwords.json"},
    Setting{"RUN_AS_USER", Text{&S::run_as_user, 1, 32}, "postgres", false,
            "Who the program becomes when started as root, which PostgreSQL refuses.", "referral"},
    Setting{"MAIL_SERVER", Text{&S::mail_server, 0, 253}, "", false,
            "The SMTP server that takes our mails: a name or an address. Empty: mails are not sent "
            "but shown, in the log and on the page of mails.",
            "smtp.example.com"},
    Setting{"MAIL_PORT", Count{&S::mail_port, 0, 65'535, "the port"}, "0", false,
            "Its port. 0: 465 with MAIL_USE_SSL, 587 with MAIL_USE_TLS, 25 with neither.", "587"},
    Setting{"MAIL_USE_TLS", Flag{&S::mail_use_tls}, "true", false,
            "Encrypt by STARTTLS before anything is said; a server that cannot gets no mail.",
            "false"},
    Setting{"MAIL_USE_SSL", Flag{&S::mail_use_ssl}, "false", false,
            "Encrypt from the first byte, in place of MAIL_USE_TLS.", "true"},
    Setting{"MAIL_USERNAME", Text{&S::mail_username, 0, 320}, "", false,
            "Whom to sign in as at the server. Empty: nobody.", "referrals@example.com"},
    Setting{"MAIL_PASSWORD", Hidden{&S::mail_password}, "", false,
            "The password of MAIL_USERNAME. Sent over TLS, or to this machine.", "(a password)"},
    Setting{"MAIL_DEFAULT_SENDER", Mailbox{&S::mail_default_sender}, "", false,
            "Whom mails are from: an address, with or without a name. Empty: MAIL_USERNAME when it "
            "is an address, else no-reply at the host of BASE_URL.",
            "Acme Referrals <referrals@example.com>"},
    Setting{"MAIL_CA", Path{&S::mail_ca}, "", false,
            "PEM file of authorities to trust, for a server with a certificate of your own.",
            "/etc/referral/mail-ca.pem"},
    Setting{"MAIL_TIMEOUT_SECONDS", Span<std::chrono::seconds>{&S::mail_timeout_seconds, 1, 300},
            "30", false, "How long handing over one mail may take; connecting, at most 10 of them.",
            "60"},
    Setting{"MAIL_KEEP_DAYS", Count{&S::mail_keep_days, 1, 3'650, "days"}, "90", false,
            "How long the page of mails remembers a mail. Tokens are forgotten once it is sent.",
            "30"},
    Setting{"DEVELOPMENT", Flag{&S::development}, "false", false,
            "Allows links to http addresses of this machine. Never in production.", "true"},

    Setting{"LOG_LEVEL", Choice<log::Level>{&S::log_level}, "info", true,
            "The least important lines that are written.", "warn"},
    Setting{"LOG_FILE", Path{&S::log_file, false}, "", true,
            "Where the log is written, in files of 64 MiB of which six are kept. Empty: stderr.",
            "/var/log/referral.log"},
    Setting{"LOG_FORMAT", Choice<log::Format>{&S::log_format}, "json", true,
            "json: one object a line. text: for reading in a terminal.", "text"},
};

}  // namespace

std::span<const Setting> all_settings() { return table; }

}  // namespace referral::config

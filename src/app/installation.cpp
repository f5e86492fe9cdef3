#include "app/installation.hpp"

#include <cstdio>

#include "analytics/analytics.hpp"
#include "app/demo.hpp"
#include "app/limit_settings.hpp"
#include "app/log_settings.hpp"
#include "app/meters.hpp"
#include "app/routes.hpp"
#include "app/schema.hpp"
#include "app/secret_key.hpp"
#include "app/system_clock.hpp"
#include "base/text.hpp"
#include "ledger/ledger.hpp"
#include "platform/config/config.hpp"
#include "platform/http/route.hpp"
#include "platform/log/log.hpp"
#include "programs/programs.hpp"

namespace referral::app {

namespace {

using std::chrono_literals::operator""s, std::chrono_literals::operator""ms,
    std::chrono_literals::operator""min, std::chrono_literals::operator""h;

clicks::PageTemplate page(const StaticFiles& files, std::string_view name,
                          std::string_view otherwise) {
    return clicks::PageTemplate(files.text(name).value_or(otherwise));
}

/// What visitors see without a built web folder.
clicks::Pages pages(const StaticFiles& files) {
    return {
        .not_found = page(files, "public/not-found.html",
                          "<!doctype html><title>No such link</title><h1>There is no such link</h1>"
                          "%SUGGESTIONS%"),
        .gone = page(files, "public/gone.html",
                     "<!doctype html><title>Link ended</title><h1>This link has ended</h1>"),
        .password = page(files, "public/password.html",
                         "<!doctype html><title>Password</title><p>%MESSAGE%</p>"
                         "<form method=post action=/links/unlock><input type=hidden name=code "
                         "value=\"%CODE%\"><input type=password name=password></form>"),
    };
}

std::unique_ptr<journal::Journal> open_journal(const config::Settings& settings) {
    return std::make_unique<journal::Journal>(journal::Settings{
        .directory = settings.data_dir / "journal",
        .shards = static_cast<std::uint32_t>(settings.click_loops),
        .durability = settings.click_durability == config::Durability::strict
                          ? journal::Durability::strict
                          : journal::Durability::relaxed,
        .segment_bytes = static_cast<std::uint32_t>(settings.journal_segment_bytes),
        .bytes_max = static_cast<std::uint64_t>(settings.journal_bytes_max),
        .kept_after_loading = settings.journal_keep_hours,
        .clock = system_now});
}

std::vector<http::Endpoint> endpoints(const std::vector<config::Endpoint>& from, bool tls) {
    std::vector<http::Endpoint> list;
    for (const config::Endpoint& endpoint : from)
        list.push_back({endpoint.address, endpoint.port, tls});
    return list;
}

http::Settings server_settings(const config::Settings& settings) {
    http::Settings server{.clock = system_now,
                          .listen = endpoints(settings.listen, false),
                          .inherited = http::inherited_sockets(),
                          .trusted_proxies = settings.trusted_proxies,
                          .front_loops = static_cast<std::size_t>(settings.front_loops),
                          .pool_threads = static_cast<std::size_t>(settings.workers)};
    // A socket handed over by a supervisor replaces our own.
    if (!server.inherited.empty()) server.listen.clear();
    for (http::Endpoint& endpoint : endpoints(settings.tls_listen, true))
        server.listen.push_back(endpoint);
    if (!settings.tls_certificate.empty())
        server.tls = http::TlsFiles{settings.tls_certificate.string(), settings.tls_key.string()};
    server.limits.connections_max = static_cast<std::uint32_t>(settings.connections_max);
    server.limits.connections_per_client_max =
        static_cast<std::uint32_t>(settings.connections_per_address_max);
    return server;
}

constexpr auto database_patience = 120s;
constexpr std::size_t feed_connections = 3;
/// For the feed, ingest, and two processes `referral worker` beside this one.
constexpr std::size_t connections_apart = 40;
/// How long clicks in the journal keep a stop waiting; what is left is loaded at the next start.
constexpr auto loading_patience = 3s;

}  // namespace

Installation::Installation(const config::Settings& settings, bool demo)
    : settings_(settings),
      demo_(demo),
      clock_(system_now),
      files_(settings.web_dir),
      key_(secret_key(settings)),
      anchors_(settings.data_dir / "audit-anchors", key_),
      directory_(crypto::derived_sip(key_, "directory")),
      pages_(pages(files_)),
      unlock_cookies_(key_),
      unlock_form_(directory_, unlock_cookies_, pages_),
      limiter_(limiter_settings(settings, key_)),
      limits_(limit_table(settings), limiter_),
      links_({.public_url = Url::parse(settings.base_url).value(),
              .development = settings.development}),
      sales_(settings, [this](std::string_view typed) {
          links::Directory::Reader reader(directory_);
          return links::suggestions(reader, typed, clock_());
      }) {}

Installation::~Installation() { stop(); }

void Installation::start() {
    open_database();
    data_ = std::make_unique<DataFiles>(settings_);
    journal_ = open_journal(settings_);
    salts_ = std::make_unique<clicks::Salts>(settings_.data_dir / "journal", clock_());
    duplicates_ = std::make_unique<clicks::Duplicates>(
        clicks::Duplicates::Settings{
            .slots_max = static_cast<std::size_t>(settings_.duplicate_slots),
            .key = crypto::derived_sip(key_, "duplicates")},
        clock_());
    const bool links_at_hand = feed_->load_snapshot();
    if (!links_at_hand) {
        prepare_database();
        if (!feed_->wait_until_loaded(database_patience))
            throw std::runtime_error("the links could not be read from the database");
    }
    remember_clicks();
    open_servers();
    progress_.redirects = true;
    data_->wait();
    if (links_at_hand)
        preparing_ = std::thread([this] { keep_preparing(); });
    else
        begin_with_database();
}

void Installation::open_database() {
    const auto job_workers = static_cast<std::size_t>(settings_.job_workers);
    if (settings_.database_url.empty())
        cluster_ = std::make_unique<db::Cluster>(db::ClusterSettings{
            .data_dir = settings_.data_dir,
            .connections_max =
                static_cast<int>(static_cast<std::size_t>(settings_.database_connections_max) +
                                 connections_apart + Workforce::connections_for(job_workers))});
    urls_ = database_urls(settings_, cluster_ ? cluster_->conninfo() : "");
    const db::ConnectionSettings connection{.url = urls_.serving,
                                            .prepare = settings_.database_prepare};
    pool_ = std::make_unique<db::Pool>(
        connection, static_cast<std::size_t>(settings_.database_connections_max));
    feed_pool_ = std::make_unique<db::Pool>(connection, feed_connections);
    workforce_ = std::make_unique<Workforce>(settings_, connection, job_workers, clock_);
    workforce_->hear(*pool_);
    accounts_ = std::make_unique<accounts::Accounts>(
        *pool_, limits_,
        accounts::AccountSettings{.sessions = {.key = crypto::derived(key_, "accounts"),
                                               .idle_max = settings_.session_idle_minutes,
                                               .age_max = settings_.session_hours},
                                  .base_url = settings_.base_url,
                                  .common_passwords = settings_.common_passwords});
    feed_ = std::make_unique<links::DirectoryFeed>(
        directory_, *feed_pool_,
        links::DirectoryFeed::Settings{.snapshot = settings_.data_dir / "links.snapshot"});
}

void Installation::prepare_database() {
    if (cluster_) cluster_->wait_until_ready(database_patience);
    for (const std::string& name : prepare_schema(settings_, urls_))
        log::info("migrated", "a migration was applied", {{"migration", name}});
    first_sign_in_ = ensure_first_start(*pool_, settings_, accounts_->password_rules, clock_());
    if (demo_) demo_sign_in_ = fill_with_demo(*pool_, *journal_, sales_.conversions, clock_());
    feed_->start();
    progress_.database = true;
}

/// Until it works or the program stops: redirects go on meanwhile.
void Installation::keep_preparing() {
    for (auto pause = 100ms; !stopping_;
         pause = std::min<std::chrono::milliseconds>(2 * pause, 1s)) {
        try {
            prepare_database();
            begin_with_database();
            return;
        } catch (const std::exception& error) {
            log::warn("database_not_ready", "the database cannot be used yet",
                      {{"reason", error.what()}});
        }
        const auto end = std::chrono::steady_clock::now() + pause;
        while (!stopping_ && std::chrono::steady_clock::now() < end)
            std::this_thread::sleep_for(10ms);
    }
}

void Installation::begin_with_database() {
    ingest_ = std::make_unique<clicks::Ingest>(clicks::IngestParts{
        .journal = journal_.get(),
        .database = pool_->settings(),
        .places = data_->places(),
        .user_agents = &data_->user_agents(),
        .networks = data_->networks(),
        .live = &live_,
        .loaders = static_cast<std::uint32_t>(std::min<std::int64_t>(settings_.click_loops, 2)),
        .directory = clicks::directory_key(settings_.data_dir / "journal"),
        .clock = clock_});
    meter(metrics_, *ingest_, clock_);
    if (settings_.click_ingest) ingest_->start();
    if (demo_sign_in_) ingest_->wait_until_caught_up(database_patience);
    database_scheduler_ = std::make_unique<Scheduler>(database_tasks(), clock_);
    workforce_->start();
    announce();
}

/// What the journal's last clicks say of visitors, for as long as any program asks.
void Installation::remember_clicks() {
    std::chrono::seconds longest{0};
    links::Directory::Reader reader(directory_);
    reader.for_each_program([&](const links::ProgramView& program) {
        longest = std::max(longest, program.duplicate_window);
    });
    clicks::remember_clicks(*duplicates_, *journal_, clock_(), longest);
}

/// Paths outside the API that are answered by code.
std::vector<Site::Extra> Installation::extras() {
    const auto unlock = [this](const http::Request& request) {
        return unlock_form_.handle(request, clock_());
    };
    // Other systems know it by this short address; it is the API's route.
    const auto postback = [this](const http::Request& request) {
        if (request.method() != http::Method::get) return http::Response::refusal(405);
        const std::string raw = "GET " + std::string(http::api_prefix) + "/postback?" +
                                std::string(request.query()) +
                                " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        return dispatch_->serve(http::RequestCopy::parse(raw, request.origin())->request());
    };
    return {{.path = std::string(clicks::UnlockForm::path),
             .body_bytes_max = clicks::UnlockForm::body_bytes_max,
             .is_costly = true,
             .serve = unlock},
            {.path = std::string(conversions::script_path),
             .body_bytes_max = 0,
             .is_costly = false,
             .serve = conversions::script_answer},
            {.path = "/postback", .body_bytes_max = 0, .is_costly = false, .serve = postback}};
}

void Installation::open_servers() {
    const clicks::CaptureParts parts{.directory = &directory_,
                                     .crawlers = &data_->crawlers(),
                                     .user_agents = [this] { return &data_->user_agents(); },
                                     .places = data_->places(),
                                     .pages = &pages_,
                                     .unlock_cookies = &unlock_cookies_,
                                     .suggest =
                                         [this](std::string_view typed) {
                                             links::Directory::Reader reader(directory_);
                                             return links::suggestions(reader, typed, clock_());
                                         }};
    std::vector<http::ClickPath*> click_paths, unrecorded_paths;
    for (std::uint32_t shard = 0; shard < settings_.click_loops; ++shard) {
        captures_.push_back(
            std::make_unique<clicks::Capture>(parts, *duplicates_, *salts_, *journal_, shard));
        click_paths.push_back(captures_.back().get());
    }
    for (std::int64_t loop = 0; loop < settings_.front_loops; ++loop) {
        unrecorded_.push_back(std::make_unique<clicks::UnrecordedCapture>(parts));
        unrecorded_paths.push_back(unrecorded_.back().get());
    }
    dispatch_ = std::make_unique<http::Dispatch>(
        all_routes({.pool = *pool_,
                    .accounts = *accounts_,
                    .links = links_,
                    .directory = directory_,
                    .feed = *feed_,
                    .live = live_,
                    .anchors = anchors_,
                    .job_kinds = workforce_->kinds(),
                    .mailer = workforce_->mailer(),
                    .conversions = sales_.conversions,
                    .tokens = sales_.tokens,
                    .key = key_,
                    .development = settings_.development}),
        accounts_->sessions, *pool_, clock_,
        http::DispatchOptions{
            .limits = &limits_, .key = key_, .cors_origins = settings_.cors_origins});
    site_ = std::make_unique<Site>(files_, *dispatch_, *pool_, progress_, extras());
    server_ = std::make_unique<http::Server>(server_settings(settings_), *site_, click_paths,
                                             unrecorded_paths);
    meter(metrics_, {.server = server_.get(),
                     .captures = &captures_,
                     .unrecorded = &unrecorded_,
                     .journal = journal_.get(),
                     .directory = &directory_,
                     .duplicates = duplicates_.get(),
                     .live = &live_,
                     .pool = pool_.get(),
                     .limits = &limits_,
                     .limiter = &limiter_,
                     .cluster = cluster_.get()});
    if (workforce_->runner()) meter(metrics_, *workforce_->runner(), clock_);
    if (!settings_.metrics_listen.empty()) {
        metrics_server_ = std::make_unique<http::Server>(
            http::Settings{.clock = clock_,
                           .listen = endpoints(settings_.metrics_listen, false),
                           .pool_threads = 1},
            metrics_site_, std::span<http::ClickPath* const>(),
            std::span<http::ClickPath* const>());
        metrics_server_->start();
    }
    memory_scheduler_ = std::make_unique<Scheduler>(memory_tasks(), clock_);
    server_->start();
}

std::vector<Task> Installation::memory_tasks() {
    return {
        {"duplicates", 100ms, [this](Instant now) { duplicates_->maintain(now); }},
        {"visitor salts", 1min, [this](Instant now) { salts_->maintain(now); }},
    };
}

std::vector<Task> Installation::database_tasks() {
    return {{"live counters", 1s, [this](Instant now) { live_.tick(*pool_, now); }},
            {"audit chain", 1s, [this](Instant) { audit::extend_chain(*pool_); }},
            {"ledger chain", 1s, [this](Instant) { ledger::extend_chain(*pool_); }},
            {"audit anchors", 1h, [this](Instant now) { audit::anchor(*pool_, anchors_, now); }}};
}

/// For people at a terminal; a service's log has the same as events. The password is told here and
/// nowhere else.
void Installation::announce() const {
    std::printf("\nReferral System is ready at %s\n", settings_.base_url.c_str());
    if (first_sign_in_ && first_sign_in_->generated)
        std::printf("First sign-in: %s  password: %s  (shown only now)\n",
                    first_sign_in_->email.c_str(), first_sign_in_->password.reveal().c_str());
    else if (first_sign_in_)
        std::printf("First sign-in: %s with the password of ADMIN_PASSWORD\n",
                    first_sign_in_->email.c_str());
    if (demo_sign_in_)
        std::printf("Sign-in as a partner of the demo: %s  password: %s\n",
                    demo_sign_in_->email.c_str(), demo_sign_in_->password.reveal().c_str());
    std::printf("\n");
    std::fflush(stdout);
}

void Installation::hurry_stop() {
    if (server_) server_->drain(0ms);
}

void Installation::stop() {
    if (stopping_.exchange(true)) return;
    progress_.redirects = false;
    if (preparing_.joinable()) preparing_.join();
    if (server_) {
        server_->drain(settings_.drain_seconds);
        if (!server_->wait())
            log::warn("drain_cut_short", "requests were still at work when the time was over");
    }
    if (metrics_server_) {
        metrics_server_->drain(0ms);
        metrics_server_->wait();
    }
    memory_scheduler_.reset();
    database_scheduler_.reset();
    if (workforce_) workforce_->stop(settings_.drain_seconds);
    if (feed_) feed_->stop();
    if (ingest_) {
        if (settings_.click_ingest && !ingest_->wait_until_caught_up(loading_patience))
            log::info("clicks_left", "clicks that are not loaded yet stay in the journal");
        ingest_->stop();
    }
    server_.reset();
    captures_.clear();
    journal_.reset();
    if (cluster_) cluster_->stop();
    log::info("stopped", "everything is stopped");
}

void Installation::reload(const config::Settings& fresh) {
    const config::Reload changes = config::reload(settings_, fresh);
    settings_ = changes.settings;
    log::configure(log_settings(settings_));
    if (server_ && !settings_.tls_certificate.empty()) server_->reload_tls();
    if (workforce_) workforce_->reload(settings_);
    for (const std::string& name : changes.changed)
        log::info("setting_changed", "a setting was read again", {{"setting", name}});
    for (const std::string& name : changes.needs_restart)
        log::warn("setting_needs_restart", "a setting changed that is read at the start only",
                  {{"setting", name}});
}

}  // namespace referral::app

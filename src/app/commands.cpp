#include "app/commands.hpp"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <thread>

#include "app/installation.hpp"
#include "app/log_settings.hpp"
#include "app/routes.hpp"
#include "app/sales.hpp"
#include "app/schema.hpp"
#include "app/secret_key.hpp"
#include "app/system_clock.hpp"
#include "app/worker.hpp"
#include "platform/config/config.hpp"
#include "platform/db/run_as.hpp"
#include "platform/http/openapi.hpp"
#include "platform/http/route.hpp"

namespace referral::app {

namespace {

constexpr int failed = 1, bad_settings = 2;

/// The folder that holds build/ and node_modules/: the program is build/<preset>/referral in it.
std::filesystem::path root_of(const std::filesystem::path& program) {
    return program.parent_path().parent_path().parent_path();
}

/// A connection is a file, and most users begin with 1,024: asks for as many as it may have. Where
/// that fails connections are fewer, and wait (http/front_loop.cpp).
void open_as_many_files_as_allowed() {
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
}

config::Loaded load_settings(const Options& options) {
    config::Sources sources = options.config_file.empty()
                                  ? config::sources_here()
                                  : config::sources_here(options.config_file, true);
    sources.overrides = options.overrides;
    sources.root = root_of(options.program);
    return config::load(sources);
}

/// Says on stderr, a line each, what keeps the command from its work.
template <class Work>
int reporting(Work work) {
    try {
        return work();
    } catch (const config::BadSettings& error) {
        for (const std::string& line : error.errors())
            std::fprintf(stderr, "referral: %s\n", line.c_str());
        return bad_settings;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "referral: %s\n", error.what());
        return failed;
    }
}

/// Root's rights are given up before anything is opened, so that all files belong to one user.
void become_user(const config::Settings& settings) {
    std::filesystem::create_directories(settings.data_dir);
    const bool low_port = std::ranges::any_of(
        settings.listen, [](const config::Endpoint& e) { return e.port > 0 && e.port < 1024; });
    db::run_as(
        {.user = settings.run_as_user, .owns = {settings.data_dir}, .binds_low_ports = low_port});
}

/// The private PostgreSQL, for a command that ends soon; null with one of the operator's own.
std::unique_ptr<db::Cluster> start_cluster(const config::Settings& settings) {
    if (!settings.database_url.empty()) return nullptr;
    auto cluster =
        std::make_unique<db::Cluster>(db::ClusterSettings{.data_dir = settings.data_dir});
    cluster->wait_until_ready(std::chrono::minutes(2));
    return cluster;
}

/// Follows the chain of audit logs; the exit code.
int say_what_is_found(db::Pool& pool, const config::Settings& settings,
                      const std::string& anchors_file) {
    const auto started = std::chrono::steady_clock::now();
    const audit::Anchors anchors(settings.data_dir / "audit-anchors", secret_key(settings));
    const audit::AnchorList list =
        anchors_file.empty() ? anchors.read() : anchors.read_elsewhere(anchors_file);
    db::Transaction tx(pool);
    const audit::Proof proof = audit::verify(tx, list, {.now = system_now()});
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
    if (proof.broken)
        std::printf("audit logs are broken at sequence %lld: %s\n",
                    static_cast<long long>(proof.broken->sequence), proof.broken->what.c_str());
    else if (!proof.intact())
        std::printf(
            "audit logs follow their chain, but %lld lines of anchors are not signed by "
            "this program\n",
            static_cast<long long>(proof.anchors_unreadable));
    else
        std::printf(
            "audit logs are intact up to sequence %lld, hash %s: %lld anchors, %lld rows "
            "no longer kept, %lld waiting, %.1f s\n",
            static_cast<long long>(proof.sequence), proof.hash.c_str(),
            static_cast<long long>(proof.anchors), static_cast<long long>(proof.expired),
            static_cast<long long>(proof.waiting), took.count());
    return proof.intact() ? 0 : failed;
}

/// What `run_until_stopped` waits for; SIGUSR1 is how the stop tells that it is done.
sigset_t handled_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGUSR1}) sigaddset(&signals, signal);
    return signals;
}

/// Waits for signals; a second wish to stop makes the stop short.
template <class Running>
void run_until_stopped(Running& running, const Options& options, const sigset_t& signals) {
    std::thread stopping;
    for (int signal = 0; sigwait(&signals, &signal) == 0;) {
        if (signal == SIGHUP) {
            reporting([&] {
                running.reload(load_settings(options).settings);
                return 0;
            });
        } else if (!stopping.joinable()) {
            log::info("stopping", "told to stop");
            stopping = std::thread([&] {
                running.stop();
                kill(getpid(), SIGUSR1);
            });
        } else if (signal == SIGUSR1) {
            break;
        } else {
            running.hurry_stop();
        }
    }
    stopping.join();
}

/// Builds what `make` says, starts it and runs it until it is told to stop.
template <class Running, class Make>
int run(const Options& options, Make make) {
    return reporting([&] {
        const config::Loaded loaded = load_settings(options);
        const config::Settings& settings = loaded.settings;
        become_user(settings);
        log::configure(log_settings(settings));
        for (const std::string& warning : loaded.warnings) log::warn("setting_ignored", warning);

        // Before any thread is there, so that none of them takes a signal.
        const sigset_t signals = handled_signals();
        pthread_sigmask(SIG_BLOCK, &signals, nullptr);
        signal(SIGPIPE, SIG_IGN);
        open_as_many_files_as_allowed();

        Running running = make(settings);
        running.start();
        run_until_stopped(running, options, signals);
        log::flush();
        return 0;
    });
}

}  // namespace

int serve(const Options& options) {
    return run<Installation>(
        options, [&](const config::Settings& s) { return Installation(s, options.demo); });
}

int worker(const Options& options) {
    return run<Worker>(options, [](const config::Settings& s) { return Worker(s); });
}

int migrate(const Options& options) {
    return reporting([&] {
        const config::Settings settings = load_settings(options).settings;
        become_user(settings);
        const auto cluster = start_cluster(settings);
        const DatabaseUrls urls = database_urls(settings, cluster ? cluster->conninfo() : "");
        for (const std::string& name : prepare_schema(settings, urls))
            std::printf("applied %s\n", name.c_str());
        return 0;
    });
}

int verify_audit(const Options& options) {
    return reporting([&] {
        const config::Settings settings = load_settings(options).settings;
        become_user(settings);
        log::configure({.level = log::Level::warn});
        std::unique_ptr<db::Cluster> cluster;
        auto url = settings.database_url.empty() ? db::conninfo_of_running(settings.data_dir)
                                                 : std::optional(settings.database_url.reveal());
        if (!url) {
            cluster = start_cluster(settings);
            url = cluster->conninfo();
        }
        db::Pool pool({.url = *url,
                       .prepare = settings.database_prepare,
                       .statement_timeout = std::chrono::minutes(2)},
                      1);
        return say_what_is_found(pool, settings, options.anchors_file);
    });
}

int print_openapi() {
    links::Directory directory({});
    db::Pool pool({}, 1);
    cache::Limiter limiter({});
    http::RateLimits limits(http::rate_limits(), limiter);
    accounts::Accounts accounts(pool, limits, {});
    links::DirectoryFeed feed(directory, pool, {});
    clicks::Live live;
    links::Links links({.public_url = Url::parse("https://localhost").value()});
    const audit::Anchors anchors("audit-anchors", {});
    const jobs::JobTable kinds;
    const mail::Mailer mailer({}, {});
    const crypto::Key key{};
    const Sales sales(key, "https://localhost", {});
    const auto routes = all_routes({.pool = pool,
                                    .accounts = accounts,
                                    .links = links,
                                    .directory = directory,
                                    .feed = feed,
                                    .live = live,
                                    .anchors = anchors,
                                    .job_kinds = kinds,
                                    .mailer = mailer,
                                    .conversions = sales.conversions,
                                    .tokens = sales.tokens,
                                    .key = key});
    std::fputs(http::openapi(routes, version).c_str(), stdout);
    return 0;
}

int print_config_docs() {
    std::fputs(config::documentation().c_str(), stdout);
    return 0;
}

}  // namespace referral::app

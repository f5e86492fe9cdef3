#include "app/commands.hpp"

#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <optional>
#include <thread>

#include "app/installation.hpp"
#include "app/log_settings.hpp"
#include "app/routes.hpp"
#include "app/worker.hpp"
#include "platform/config/config.hpp"
#include "platform/db/migrations.hpp"
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
        std::optional<db::Cluster> cluster;
        std::string url = settings.database_url.reveal();
        if (url.empty()) {
            cluster.emplace(db::ClusterSettings{.data_dir = settings.data_dir});
            cluster->wait_until_ready(std::chrono::minutes(2));
            url = cluster->conninfo();
        }
        db::Pool pool({.url = url}, 2);
        for (const std::string& name : db::migrate(pool)) std::printf("applied %s\n", name.c_str());
        return 0;
    });
}

int print_openapi() {
    accounts::Sessions sessions({});
    links::Directory directory({});
    db::Pool pool({}, 1);
    links::DirectoryFeed feed(directory, pool, {});
    clicks::Live live;
    links::Links links({.public_url = Url::parse("https://localhost").value()});
    const jobs::JobTable kinds;
    const mail::Mailer mailer({}, {});
    const auto routes = all_routes({.sessions = sessions,
                                    .links = links,
                                    .directory = directory,
                                    .feed = feed,
                                    .live = live,
                                    .job_kinds = kinds,
                                    .mailer = mailer});
    std::fputs(http::openapi(routes, version).c_str(), stdout);
    return 0;
}

int print_config_docs() {
    std::fputs(config::documentation().c_str(), stdout);
    return 0;
}

}  // namespace referral::app

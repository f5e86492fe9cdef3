#include "app/worker.hpp"

#include <algorithm>

#include "app/log_settings.hpp"
#include "app/meters.hpp"
#include "app/system_clock.hpp"
#include "platform/config/config.hpp"
#include "platform/db/cluster.hpp"
#include "platform/log/log.hpp"

namespace referral::app {

namespace {

using std::chrono_literals::operator""ms, std::chrono_literals::operator""s;

/// JOB_WORKERS=0 says that `serve` is to run none; who starts a worker wants some.
std::size_t workers_of(const config::Settings& settings) {
    if (settings.job_workers > 0) return static_cast<std::size_t>(settings.job_workers);
    return std::clamp(std::thread::hardware_concurrency(), 2u, 64u);
}

}  // namespace

Worker::Worker(const config::Settings& settings) : settings_(settings), clock_(system_now) {}

Worker::~Worker() { stop(); }

DatabaseUrls Worker::urls() const {
    if (!settings_.database_url.empty()) return database_urls(settings_, "");
    const auto running = db::conninfo_of_running(settings_.data_dir);
    if (!running)
        throw std::runtime_error("no private PostgreSQL runs below " + settings_.data_dir.string() +
                                 ": start `referral serve` there first, or set DATABASE_URL");
    return database_urls(settings_, *running);
}

void Worker::start() {
    const DatabaseUrls reached = urls();
    const db::ConnectionSettings connection{.url = reached.serving,
                                            .prepare = settings_.database_prepare};
    workforce_ = std::make_unique<Workforce>(settings_, connection, workers_of(settings_), clock_);
    meter(metrics_, *workforce_->runner(), clock_);
    open_metrics();
    preparing_ = std::thread([this, reached] { keep_preparing(reached); });
}

/// Beside a `serve` on the same machine METRICS_LISTEN may be taken: jobs matter more.
void Worker::open_metrics() {
    if (settings_.metrics_listen.empty()) return;
    http::Settings server{.clock = clock_, .listen = {}, .pool_threads = 1};
    for (const config::Endpoint& endpoint : settings_.metrics_listen)
        server.listen.push_back({endpoint.address, endpoint.port, false});
    try {
        metrics_server_ = std::make_unique<http::Server>(std::move(server), metrics_site_,
                                                         std::span<http::ClickPath* const>(),
                                                         std::span<http::ClickPath* const>());
        metrics_server_->start();
    } catch (const std::exception& error) {
        metrics_server_.reset();
        log::warn("metrics_not_served", "the worker goes on without metrics",
                  {{"reason", error.what()}});
    }
}

void Worker::keep_preparing(const DatabaseUrls& urls) {
    for (auto pause = 100ms; !stopping_;
         pause = std::min<std::chrono::milliseconds>(2 * pause, 5s)) {
        try {
            for (const std::string& name : prepare_schema(settings_, urls))
                log::info("migrated", "a migration was applied", {{"migration", name}});
            workforce_->start();
            log::info("worker_ready", "jobs are being run");
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

void Worker::stop() {
    if (stopping_.exchange(true)) return;
    if (preparing_.joinable()) preparing_.join();
    if (workforce_) workforce_->stop(settings_.drain_seconds);
    if (metrics_server_) {
        metrics_server_->drain(0ms);
        metrics_server_->wait();
    }
    log::info("stopped", "everything is stopped");
}

void Worker::reload(const config::Settings& fresh) {
    const config::Reload changes = config::reload(settings_, fresh);
    settings_ = changes.settings;
    log::configure(log_settings(settings_));
    workforce_->reload(settings_);
    for (const std::string& name : changes.changed)
        log::info("setting_changed", "a setting was read again", {{"setting", name}});
    for (const std::string& name : changes.needs_restart)
        log::warn("setting_needs_restart", "a setting changed that is read at the start only",
                  {{"setting", name}});
}

}  // namespace referral::app

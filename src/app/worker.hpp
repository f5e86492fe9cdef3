#pragma once

#include <atomic>
#include <thread>

#include "app/schema.hpp"
#include "app/site.hpp"
#include "app/workforce.hpp"
#include "platform/config/settings.hpp"
#include "platform/http/server.hpp"

namespace referral::app {

/// A process that runs jobs and nothing else: what `referral worker` builds, and its way down.
class Worker {
public:
    explicit Worker(const config::Settings& settings);
    /// As `stop`.
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// Begins as soon as the database is there. Throws std::runtime_error with one line when there
    /// is none to wait for.
    void start();

    /// Lets the jobs at work end within the settings' drain time. Does nothing twice.
    void stop();

    /// There is nothing to hurry: what is left at work has been told to end.
    void hurry_stop() {}

    /// As Installation.
    void reload(const config::Settings& fresh);

private:
    DatabaseUrls urls() const;
    void keep_preparing(const DatabaseUrls& urls);
    void open_metrics();

    config::Settings settings_;
    const Clock clock_;
    metrics::Registry metrics_;
    MetricsSite metrics_site_{metrics_};
    std::unique_ptr<Workforce> workforce_;
    std::unique_ptr<http::Server> metrics_server_;
    std::thread preparing_;
    std::atomic<bool> stopping_ = false;
};

}  // namespace referral::app

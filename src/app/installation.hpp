#pragma once

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "accounts/accounts.hpp"
#include "app/commands.hpp"
#include "app/data_files.hpp"
#include "app/first_start.hpp"
#include "app/sales.hpp"
#include "app/scheduler.hpp"
#include "app/schema.hpp"
#include "app/site.hpp"
#include "app/static_files.hpp"
#include "app/workforce.hpp"
#include "audit/audit.hpp"
#include "clicks/clicks.hpp"
#include "links/links.hpp"
#include "platform/cache/limiter.hpp"
#include "platform/config/settings.hpp"
#include "platform/db/cluster.hpp"
#include "platform/db/pool.hpp"
#include "platform/http/rate_limits.hpp"
#include "platform/http/server.hpp"
#include "platform/journal/journal.hpp"
#include "platform/metrics/metrics.hpp"

namespace referral::app {

/// One running system: everything that `serve` builds, in the order it is built, and its way down.
/// Redirects are served as soon as the links are in memory; from a snapshot that is before
/// PostgreSQL is there.
class Installation {
public:
    Installation(const config::Settings& settings, bool demo);
    /// As `stop`.
    ~Installation();
    Installation(const Installation&) = delete;
    Installation& operator=(const Installation&) = delete;

    /// Opens the sockets and serves. Throws std::runtime_error with one line when it cannot.
    void start();

    /// Ends what is at work within the settings' drain time, loads what clicks are left if
    /// PostgreSQL takes them, and stops. Does nothing twice.
    void stop();

    /// Lets go of patience in a `stop` that another thread is in.
    void hurry_stop();

    /// Opens the log again and reads the TLS files and the reloadable settings; for SIGHUP.
    void reload(const config::Settings& fresh);

private:
    void open_database();
    void prepare_database();
    void keep_preparing();
    void begin_with_database();
    void remember_clicks();
    std::vector<Site::Extra> extras();
    void open_servers();
    void announce() const;
    std::vector<Task> memory_tasks();
    std::vector<Task> database_tasks();

    config::Settings settings_;
    const bool demo_;
    const Clock clock_;
    const StaticFiles files_;
    std::unique_ptr<db::Cluster> cluster_;
    DatabaseUrls urls_;
    std::unique_ptr<db::Pool> pool_;
    std::unique_ptr<db::Pool> feed_pool_;
    std::unique_ptr<Workforce> workforce_;
    const crypto::Key key_;
    audit::Anchors anchors_;
    std::unique_ptr<journal::Journal> journal_;
    links::Directory directory_;
    std::unique_ptr<DataFiles> data_;
    std::unique_ptr<links::DirectoryFeed> feed_;
    std::unique_ptr<clicks::Duplicates> duplicates_;
    std::unique_ptr<clicks::Salts> salts_;
    const clicks::Pages pages_;
    const clicks::UnlockCookies unlock_cookies_;
    clicks::UnlockForm unlock_form_;
    std::vector<std::unique_ptr<clicks::Capture>> captures_;
    std::vector<std::unique_ptr<clicks::UnrecordedCapture>> unrecorded_;
    clicks::Live live_;
    cache::Limiter limiter_;
    http::RateLimits limits_;
    std::unique_ptr<accounts::Accounts> accounts_;
    links::Links links_;
    const Sales sales_;
    std::unique_ptr<http::Dispatch> dispatch_;
    Site::Progress progress_;
    std::unique_ptr<Site> site_;
    metrics::Registry metrics_;
    MetricsSite metrics_site_{metrics_};
    std::unique_ptr<http::Server> metrics_server_;
    std::unique_ptr<http::Server> server_;
    std::unique_ptr<clicks::Ingest> ingest_;
    std::unique_ptr<Scheduler> memory_scheduler_;  ///< What waits for nothing but the disk.
    std::unique_ptr<Scheduler> database_scheduler_;
    std::optional<FirstSignIn> first_sign_in_;
    std::optional<FirstSignIn> demo_sign_in_;
    std::thread preparing_;
    std::atomic<bool> stopping_ = false;
};

}  // namespace referral::app

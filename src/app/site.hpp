#pragma once

#include <atomic>
#include <functional>

#include "app/static_files.hpp"
#include "platform/http/dispatch.hpp"
#include "platform/http/server.hpp"
#include "platform/metrics/metrics.hpp"

namespace referral::app {

/// Everything that the main address serves beside clicks: health, pages, the API.
class Site : public http::Handler {
public:
    /// One path outside the API with a handler of its own.
    struct Extra {
        std::string path;
        std::size_t body_bytes_max;
        bool is_costly;  ///< As Handler::is_costly.
        std::function<http::Response(const http::Request&)> serve;
    };

    /// How far the start has come.
    struct Progress {
        std::atomic<bool> redirects = false;  ///< Links are in memory.
        std::atomic<bool> database = false;   ///< Migrated, and the links follow it.
    };

    Site(const StaticFiles& files, http::Dispatch& dispatch, db::Pool& pool,
         const Progress& progress, std::vector<Extra> extras)
        : files_(files),
          dispatch_(dispatch),
          pool_(pool),
          progress_(progress),
          extras_(std::move(extras)) {}

    std::size_t body_bytes_max(const http::Request& head) const noexcept override;
    bool is_costly(const http::Request& request) const noexcept override;
    std::optional<http::Response> instant(const http::Request& request) noexcept override;
    http::Response handle(const http::Request& request) noexcept override;

private:
    http::Response page_not_found(const http::Request& request) const;
    http::Response ready_for_api(const http::Request& request) const;

    const StaticFiles& files_;
    http::Dispatch& dispatch_;
    db::Pool& pool_;
    const Progress& progress_;
    const std::vector<Extra> extras_;
};

/// What the metrics address serves: /metrics and nothing else.
class MetricsSite : public http::Handler {
public:
    explicit MetricsSite(const metrics::Registry& registry) : registry_(registry) {}

    std::size_t body_bytes_max(const http::Request&) const noexcept override { return 0; }
    std::optional<http::Response> instant(const http::Request&) noexcept override { return {}; }
    http::Response handle(const http::Request& request) noexcept override;

private:
    const metrics::Registry& registry_;
};

}  // namespace referral::app

#pragma once

#include <memory>
#include <vector>

#include "clicks/clicks.hpp"
#include "links/links.hpp"
#include "platform/cache/limiter.hpp"
#include "platform/db/cluster.hpp"
#include "platform/db/pool.hpp"
#include "platform/http/rate_limits.hpp"
#include "platform/http/server.hpp"
#include "platform/jobs/runner.hpp"
#include "platform/journal/journal.hpp"
#include "platform/metrics/metrics.hpp"

namespace referral::app {

/// Where the numbers on /metrics come from. All outlive the registry's last use; null: not there.
struct MeterSources {
    const http::Server* server = nullptr;
    const std::vector<std::unique_ptr<clicks::Capture>>* captures = nullptr;
    const std::vector<std::unique_ptr<clicks::UnrecordedCapture>>* unrecorded = nullptr;
    const journal::Journal* journal = nullptr;
    const links::Directory* directory = nullptr;
    const clicks::Duplicates* duplicates = nullptr;
    const clicks::Live* live = nullptr;
    const db::Pool* pool = nullptr;
    const http::RateLimits* limits = nullptr;
    const cache::Limiter* limiter = nullptr;
    const db::Cluster* cluster = nullptr;
};

/// Registers every number that is there before PostgreSQL is.
void meter(metrics::Registry& registry, const MeterSources& sources);

/// Registers the numbers of jobs.
void meter(metrics::Registry& registry, const jobs::Runner& runner, Clock clock);

/// Registers the loaders' numbers.
void meter(metrics::Registry& registry, const clicks::Ingest& ingest, Clock clock);

}  // namespace referral::app

#pragma once

/// The database as its owner sees it: only here has the program more than the serving role's
/// rights.

#include <string>
#include <vector>

#include "platform/config/settings.hpp"
#include "platform/db/cluster.hpp"
#include "platform/db/pool.hpp"

namespace referral::app {

/// How libpq reaches the database as the role that serves; `cluster`: the private PostgreSQL, or
/// null.
std::string serving_url(const config::Settings& settings, const db::Cluster* cluster);

/// Applies migrations as the owner, and gives the role that serves its rights; the names of those
/// applied now. Warns when that role could do more than it should. Throws db::Error and
/// std::runtime_error.
std::vector<std::string> prepare_schema(const config::Settings& settings,
                                        const db::Cluster* cluster);

}  // namespace referral::app

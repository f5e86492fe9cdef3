#pragma once

/// The database as its owner sees it: only here has the program more than the serving role's
/// rights.

#include <string>
#include <vector>

#include "platform/config/settings.hpp"

namespace referral::app {

/// How libpq reaches the database.
struct DatabaseUrls {
    std::string owner;    ///< For migrations only.
    std::string serving;  ///< For everything else.
    bool is_private = false;
};

/// `private_conninfo`: how the private PostgreSQL is reached as its owner; empty: DATABASE_URL.
DatabaseUrls database_urls(const config::Settings& settings, const std::string& private_conninfo);

/// Applies migrations as the owner, and gives the role that serves its rights; the names of those
/// applied now. Warns when that role could do more than it should. Throws db::Error and
/// std::runtime_error.
std::vector<std::string> prepare_schema(const config::Settings& settings, const DatabaseUrls& urls);

}  // namespace referral::app

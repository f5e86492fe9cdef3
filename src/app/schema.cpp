#include "app/schema.hpp"

#include "platform/db/migrations.hpp"
#include "platform/db/serving_role.hpp"
#include "platform/log/log.hpp"

namespace referral::app {

namespace {

constexpr std::size_t owner_connections = 2;

/// The private PostgreSQL has said that it is there: on a busy machine it only takes its time.
constexpr std::chrono::seconds private_patience{15};

}  // namespace

DatabaseUrls database_urls(const config::Settings& settings, const std::string& private_conninfo) {
    if (!private_conninfo.empty())
        return {.owner = private_conninfo,
                .serving = db::as_private_serving_role(private_conninfo),
                .is_private = true};
    const std::string& serving = settings.database_url.reveal();
    const std::string& owner = settings.database_owner_url.reveal();
    return {.owner = owner.empty() ? serving : owner, .serving = serving, .is_private = false};
}

std::vector<std::string> prepare_schema(const config::Settings& settings,
                                        const DatabaseUrls& urls) {
    db::ConnectionSettings connection{.url = urls.owner, .prepare = settings.database_prepare};
    if (urls.is_private) connection.connect_timeout = private_patience;
    db::Pool owner(connection, owner_connections);
    if (urls.is_private) db::make_private_serving_role(owner);
    const auto names = db::migrate(owner);
    connection.url = urls.serving;
    db::Pool serving(connection, 1);
    const db::ServingRole role = db::grant_to_serving_role(owner, serving);
    if (role.may_too_much())
        log::warn("database_role_may_too_much",
                  "the role that serves can change tables and audit logs: give DATABASE_OWNER_URL "
                  "their owner, and DATABASE_URL another role",
                  {{"role", role.name}});
    return names;
}

}  // namespace referral::app

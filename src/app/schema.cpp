#include "app/schema.hpp"

#include "platform/db/migrations.hpp"
#include "platform/db/serving_role.hpp"
#include "platform/log/log.hpp"

namespace referral::app {

namespace {

constexpr std::size_t owner_connections = 2;

std::string owner_url(const config::Settings& settings, const db::Cluster* cluster) {
    if (cluster) return cluster->conninfo();
    return settings.database_owner_url.empty() ? settings.database_url.reveal()
                                               : settings.database_owner_url.reveal();
}

}  // namespace

std::string serving_url(const config::Settings& settings, const db::Cluster* cluster) {
    return cluster ? cluster->serving_conninfo() : settings.database_url.reveal();
}

std::vector<std::string> prepare_schema(const config::Settings& settings,
                                        const db::Cluster* cluster) {
    const bool prepare = settings.database_prepare;
    db::Pool owner({.url = owner_url(settings, cluster), .prepare = prepare}, owner_connections);
    if (cluster) db::make_private_serving_role(owner);
    const auto names = db::migrate(owner);
    db::Pool serving({.url = serving_url(settings, cluster), .prepare = prepare}, 1);
    const db::ServingRole role = db::grant_to_serving_role(owner, serving);
    if (role.may_too_much())
        log::warn("database_role_may_too_much",
                  "the role that serves can change tables and audit logs: give DATABASE_OWNER_URL "
                  "their owner, and DATABASE_URL another role",
                  {{"role", role.name}});
    return names;
}

}  // namespace referral::app

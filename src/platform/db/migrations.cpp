#include "platform/db/migrations.hpp"

#include "platform/db/schema_lock.hpp"
#include "platform/db/transaction.hpp"

namespace referral::db {

namespace {

namespace sql {

constexpr Query<std::tuple<std::int32_t, std::string>()> applied{R"sql(
    select version, digest from schema_migrations order by version limit 10000
)sql"};
constexpr Query<std::string(std::string)> digest{"select encode(sha256($1::bytea), 'hex')"};
constexpr Query<Nothing(std::int32_t, std::string, std::string)> record{R"sql(
    insert into schema_migrations (version, name, digest) values ($1, $2, $3)
)sql"};

}  // namespace sql

constexpr const char* table = R"sql(
    create table if not exists schema_migrations (
        version     integer     primary key,
        name        text        not null,
        digest      text        not null,
        applied_at  timestamptz not null default now()
    )
)sql";

/// bytea in hex, so that the migration's own quotes and backslashes need no care.
std::string as_bytea(std::string_view text) {
    static constexpr char hex[] = "0123456789abcdef";
    std::string result = "\\x";
    for (const char c : text) {
        result += hex[static_cast<unsigned char>(c) >> 4];
        result += hex[c & 15];
    }
    return result;
}

/// Applies the first migration that is missing; false when there is none.
bool apply_next(Pool& pool, Connection& connection, std::vector<std::string>& names) {
    Transaction tx(pool);  // Holds the lock while `connection` works on the schema.
    tx.run_for_effect(lock_schema);
    const auto applied = tx.all(sql::applied);
    const auto known = migrations();
    if (!applied.empty() && std::get<0>(applied.back()) > known.back().version)
        throw std::runtime_error("the database has migration " +
                                 std::to_string(std::get<0>(applied.back())) +
                                 ", which is newer than this program");
    for (std::size_t i = 0; i < known.size(); ++i) {
        const std::string digest = tx.one(sql::digest, as_bytea(known[i].sql));
        if (i < applied.size()) {
            if (std::get<1>(applied[i]) != digest)
                throw std::runtime_error("migration " + std::string(known[i].name) +
                                         " was changed after it had been applied");
            continue;
        }
        connection.run_script("begin; " + std::string(known[i].sql));
        connection.run(sql::record.sql(),
                       {std::to_string(known[i].version), std::string(known[i].name), digest});
        connection.run_script("commit");
        names.emplace_back(known[i].name);
        return true;
    }
    return false;
}

}  // namespace

std::vector<std::string> migrate(Pool& pool) {
    const auto connection = pool.connect(std::chrono::minutes(30));
    connection->run_script(table);
    std::vector<std::string> names;
    while (apply_next(pool, *connection, names)) {
    }
    return names;
}

}  // namespace referral::db

#include "platform/db/serving_role.hpp"

#include "platform/db/schema_lock.hpp"
#include "platform/db/transaction.hpp"

namespace referral::db {

namespace {

namespace sql {

constexpr Query<Nothing()> make_role{R"sql(
    do $$
    begin
        if not exists (select from pg_roles where rolname = 'referral_app') then
            create role referral_app login;
        end if;
    end
    $$
)sql"};
constexpr Query<std::tuple<std::string, bool, bool>()> who{R"sql(
    select r.rolname, r.rolsuper,
           exists (select from pg_class c
                   where c.relnamespace = current_schema()::regnamespace
                     and c.relkind in ('r', 'p') and pg_has_role(r.oid, c.relowner, 'member'))
    from pg_roles r where r.rolname = current_user
)sql"};
constexpr Query<Nothing(std::string)> grant{"select grant_to_server($1)"};

}  // namespace sql

}  // namespace

std::string as_private_serving_role(const std::string& conninfo) {
    // Of a key that stands twice the last counts.
    return conninfo + " user=" + std::string(private_serving_role);
}

void make_private_serving_role(Pool& owner) {
    Transaction tx(owner);
    tx.run_for_effect(lock_schema);
    tx.run_for_effect(sql::make_role);
    tx.commit();
}

ServingRole grant_to_serving_role(Pool& owner, Pool& serving) {
    ServingRole role;
    {
        Transaction tx(serving);
        std::tie(role.name, role.is_superuser, role.owns_tables) = tx.one(sql::who);
    }
    if (role.may_too_much()) return role;
    Transaction tx(owner);
    // Two programs that start at once would change the same rights.
    tx.run_for_effect(lock_schema);
    tx.run_for_effect(sql::grant, role.name);
    tx.commit();
    return role;
}

}  // namespace referral::db

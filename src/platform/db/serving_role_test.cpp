#include "platform/db/serving_role.hpp"

#include "testing/database_test.hpp"

namespace referral::db {
namespace {

/// What the serving role is answered: a SQLSTATE, or nothing when it may.
std::string answer(const std::string& statement) {
    Connection connection(testing::shared_pool().settings());
    try {
        connection.run_script("begin; " + statement);
        return "";
    } catch (const Error& error) {
        return error.code();
    }
}

// S-28
TEST(ServingRole, HasNoRightsOnTablesOnlyOnRows) {
    for (const char* statement : {
             "create table made (a integer)",
             "create temporary table made (a integer)",
             "create schema made",
             "create role made",
             "create function made() returns integer language sql as 'select 1'",
             "create extension hstore",
             "drop table users",
             "drop function make_click_partition(date)",
             "alter table users add column made integer",
             "alter table audit_logs disable trigger all",
             "alter table audit_logs owner to referral_app",
             "drop trigger refuse_change on audit_logs",
             "alter role referral_app superuser",
             "grant referral to referral_app",
             "set role referral",
             "set session_replication_role = replica",
             "truncate users cascade",
             "truncate audit_logs",
             "truncate audit_chain",
             "update audit_logs set reason = 'other'",
             "delete from audit_logs",
             "update audit_chain set sequence = 1",
             "delete from audit_chain",
             "insert into schema_migrations (version, name, digest) values (9999, 'x', 'x')",
             "update schema_migrations set digest = ''",
             "delete from append_only_tables",
             "select make_append_only('users')",
             "select grant_to_server('referral_app')",
             "select pg_read_file('postgresql.conf')",
             "select rolpassword from pg_authid",
             "copy users to program 'true'",
             "copy users to '/tmp/users'",
         })
        EXPECT_EQ(answer(statement), "42501") << statement;
}

constexpr Query<bool()> has_no_attributes{R"sql(
    select not (rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls)
           and not exists (select from pg_auth_members where member = r.oid)
    from pg_roles r where rolname = current_user
)sql"};

TEST(ServingRole, HasNoAttributesAndIsAMemberOfNothing) {
    Transaction tx(testing::shared_pool());
    EXPECT_TRUE(tx.one(has_no_attributes));
}

TEST(ServingRole, MayDoWhatTheProgramDoes) {
    for (const char* statement : {
             "select * from users, sessions, schema_migrations limit 1",
             "update users set name = name; delete from sessions",
             "insert into user_agents (text, device_type, browser, os) values ('', '', '', '')",
             "select make_click_partition('2031-01-01')",
             "select expire_audit_logs(1096)",
             "select pg_notify('link_changes', ''); listen link_changes",
             "select system_identifier from pg_control_system()",
         })
        EXPECT_EQ(answer(statement), "") << statement;
}

TEST(ServingRole, IsToldApartFromAnOwner) {
    testing::Database database;

    const ServingRole serving = grant_to_serving_role(database.owner_pool(), database.pool());
    const ServingRole owner = grant_to_serving_role(database.owner_pool(), database.owner_pool());

    EXPECT_EQ(serving.name, private_serving_role);
    EXPECT_FALSE(serving.may_too_much());
    EXPECT_TRUE(owner.is_superuser && owner.owns_tables && owner.may_too_much());
}

constexpr Query<std::int64_t()> functions_open_to_all{R"sql(
    select count(*) from pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.prosecdef
      and (has_function_privilege('public', p.oid, 'execute')
           or not coalesce(array_to_string(p.proconfig, ','), '') like 'search_path=%pg_temp')
)sql"};

TEST(ServingRole, AloneCallsFunctionsWithTheOwnersRightsAndTheyHaveAPathOfTheirOwn) {
    Transaction tx(testing::shared_pool());
    EXPECT_EQ(tx.one(functions_open_to_all), 0);
}

constexpr Query<Nothing()> update_row{"update audit_logs set reason = 'other'"};
constexpr Query<Nothing()> delete_row{"delete from audit_logs"};
constexpr Query<Nothing()> truncate_rows{"truncate audit_logs cascade"};
constexpr Query<Nothing()> truncate_chain{"truncate audit_chain"};
constexpr Query<Nothing()> insert_row{R"sql(
    insert into audit_logs (created_at, action, object_type, object_id)
    values (now(), 'links.create', 'link', '')
)sql"};

TEST(AppendOnlyTables, RefuseOrdinaryStatementsOfTheirOwner) {  // L-08
    testing::Database database;
    for (const auto* change : {&update_row, &delete_row, &truncate_rows, &truncate_chain}) {
        Transaction tx(database.owner_pool());
        tx.run_for_effect(insert_row);
        try {
            tx.run_for_effect(*change);
            ADD_FAILURE() << change->sql();
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), "42501");
        }
    }
}

}  // namespace
}  // namespace referral::db

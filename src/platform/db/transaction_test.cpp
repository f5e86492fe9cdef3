#include "platform/db/transaction.hpp"

#include "base/money.hpp"
#include "base/url.hpp"
#include "platform/db/copy.hpp"
#include "testing/database_test.hpp"

namespace referral::db {
namespace {

using testing::at;

struct Thing {
    std::int64_t id = 0;
    std::optional<std::string> name;
    Instant created_at;
    std::vector<std::string> tags;
};

}  // namespace
}  // namespace referral::db

template <>
struct referral::schema::Fields<referral::db::Thing> {
    [[maybe_unused]] static constexpr std::string_view name = "Thing";
    static constexpr auto list = FieldList{
        field("id", &db::Thing::id, ""), field("name", &db::Thing::name, ""),
        field("created_at", &db::Thing::created_at, ""), field("tags", &db::Thing::tags, "")};
};

namespace referral::db {
namespace {

class Transactions : public testing::DatabaseTest {};

constexpr Query<Thing(std::optional<std::string>, Instant, std::vector<std::string>)> echo{
    "select $3::text[] as tags, $1::text as name, 7 as id, $2::timestamptz as created_at"};

TEST_F(Transactions, MapRowsByColumnName) {
    const Instant when = at("2026-03-01T12:00:00.250001Z");
    const std::vector<std::string> tags{"a", "b,\"c\\", "", "NULL", "é"};

    const Thing thing = tx.one(echo, std::nullopt, when, tags);

    EXPECT_EQ(thing.id, 7);
    EXPECT_FALSE(thing.name);
    EXPECT_EQ(thing.created_at, when);
    EXPECT_EQ(thing.tags, tags);
}

constexpr Query<std::tuple<std::string, bool, std::int64_t>()> three{"select 'x', true, -5"};
constexpr Query<std::int64_t()> none{"select 1::bigint where false"};

TEST_F(Transactions, MapTuplesByPosition) {
    EXPECT_EQ(tx.one(three), (std::tuple<std::string, bool, std::int64_t>("x", true, -5)));
    EXPECT_FALSE(tx.maybe(none));
    EXPECT_THROW(tx.one(none), Mismatch);
}

constexpr Query<Nothing()> make{"create table numbers (n bigint primary key)"};
constexpr Query<Nothing(std::int64_t)> insert{"insert into numbers (n) values ($1)"};
constexpr Query<std::int64_t()> count{"select count(*) from numbers"};

TEST(Transaction, RollsBackUnlessCommitted) {
    testing::Database database;
    {
        Transaction tx(database.owner_pool());
        tx.run_for_effect(make);
        tx.commit();
    }
    {
        Transaction tx(database.owner_pool());
        tx.run_for_effect(insert, 1);
    }
    Transaction tx(database.owner_pool());
    EXPECT_EQ(tx.one(count), 0);
}

constexpr Query<std::int64_t(std::int64_t)> below{"select count(*) from numbers where n < $1"};
constexpr Query<std::int64_t(std::optional<std::int64_t>)> below_if{
    "select count(*) from numbers where ($1::bigint is null or n < $1)"};
constexpr Query<std::int64_t(std::string)> kept_plans{
    "select count(*) from pg_prepared_statements where statement like $1"};

TEST(Transaction, KeepsPlansOfAllButOptionalFilters) {
    testing::Database database;
    Transaction tx(database.owner_pool());
    tx.run_for_effect(make);
    tx.run_for_effect(insert, 7);
    for (int i = 0; i < 10; ++i) {
        EXPECT_EQ(tx.one(below, 7 + i), i > 0);
        EXPECT_EQ(tx.one(below_if, 7 + i), i > 0);
        EXPECT_EQ(tx.one(below_if, std::nullopt), 1);
    }
    EXPECT_EQ(tx.one(kept_plans, "%where n < $1%"), 1);
    EXPECT_EQ(tx.one(kept_plans, "%is null or%"), 0);
}

TEST(Transaction, NamesTheConstraintThatIsBroken) {
    testing::Database database;
    Transaction tx(database.owner_pool());
    tx.run_for_effect(make);
    tx.run_for_effect(insert, 1);
    try {
        tx.run_for_effect(insert, 1);
        FAIL() << "taken twice";
    } catch (const Error& error) {
        EXPECT_TRUE(error.is_unique_violation());
        EXPECT_EQ(error.constraint(), "numbers_pkey");
        EXPECT_FALSE(error.is_unavailable());
    }
}

constexpr Query<std::int64_t()> end_all_others{R"sql(
    select count(pg_terminate_backend(pid)) from pg_stat_activity
    where pid <> pg_backend_pid() and datname = current_database()
)sql"};

TEST(Pool, ReplacesConnectionsThatDiedUnnoticed) {
    testing::Database database;
    { Transaction a(database.pool()), b(database.pool()), c(database.pool()); }
    {
        Transaction tx(database.pool());
        EXPECT_EQ(tx.one(end_all_others), 2);
    }

    for (int i = 0; i < 3; ++i) {
        Transaction a(database.pool()), b(database.pool()), c(database.pool());
        EXPECT_FALSE(a.maybe(none) || b.maybe(none) || c.maybe(none));
    }
    EXPECT_EQ(database.pool().connections_in_use(), 0u);
}

TEST(Pool, SaysSoonThatTheDatabaseIsAway) {
    Pool pool({.url = "host=/nowhere dbname=x"}, 2);
    try {
        Transaction tx(pool);
        FAIL() << "began nowhere";
    } catch (const Error& error) {
        EXPECT_TRUE(error.is_unavailable());
    }
    EXPECT_EQ(pool.connections_in_use(), 0u);
}

constexpr Query<Nothing()> make_all_types{R"sql(
    create table typed (a smallint, b integer, c bigint, d text, e uuid, f timestamptz, g inet,
                        h inet, i text)
)sql"};
constexpr Query<std::string()> all_types{R"sql(
    select a || ' ' || b || ' ' || c || ' ' || d || ' ' || e || ' ' || f || ' ' || g || ' ' || h
           || ' ' || coalesce(i, 'none') from typed
)sql"};

TEST(Transaction, CopiesEveryType) {
    testing::Database database;
    Transaction tx(database.owner_pool());
    std::array<std::uint8_t, 16> uuid{};
    uuid[15] = 0xab;
    CopyRows rows;
    rows.begin_row(9);
    rows.int16(-2);
    rows.int32(70'000);
    rows.int64(1LL << 40);
    rows.text("é\t\"");
    rows.uuid(uuid);
    rows.timestamp(at("2026-03-01T12:00:00.5Z"));
    rows.inet(*IpAddress::parse("203.0.113.7"));
    rows.inet(*IpAddress::parse("2001:db8::1"));
    rows.null();

    tx.run_for_effect(make_all_types);
    tx.copy("copy typed from stdin (format binary)", rows.finish());

    EXPECT_EQ(tx.one(all_types),
              "-2 70000 1099511627776 é\t\" 00000000-0000-0000-0000-0000000000ab "
              "2026-03-01 12:00:00.5+00 203.0.113.7/32 2001:db8::1/128 none");
}

}  // namespace
}  // namespace referral::db

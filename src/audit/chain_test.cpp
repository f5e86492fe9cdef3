#include "audit/fixture_test.hpp"
#include "testing/database_test.hpp"

namespace referral::audit {
namespace {

constexpr db::Query<std::int64_t()> chained_rows{"select count(*) from audit_chain"};
constexpr db::Query<std::int64_t()> kept_rows{"select count(*) from audit_logs"};
constexpr db::Query<std::string()> order_of_objects{R"sql(
    select string_agg(a.object_id, ' ' order by c.sequence)
    from audit_chain c join audit_logs a on a.id = c.audit_id
)sql"};

class Chain : public AuditTest {
protected:
    template <class Row>
    Row ask(const db::Query<Row()>& query) {
        db::Transaction tx(database_.pool());
        return tx.one(query);
    }
};

TEST_F(Chain, TakesEveryCommittedRowOnce) {
    add(2'500);
    EXPECT_EQ(extend_chain(database_.pool()), 2'500);
    EXPECT_EQ(extend_chain(database_.pool()), 0);
    add(1);
    EXPECT_EQ(extend_chain(database_.pool()), 1);

    EXPECT_EQ(ask(chained_rows), 2'501);
    const Proof found = proof();
    EXPECT_TRUE(found.intact());
    EXPECT_EQ(found.sequence, 2'501);
    EXPECT_EQ(found.verified_up_to, 2'501);
    EXPECT_EQ(found.waiting, 0);
}

TEST_F(Chain, MissesNoRowThatIsCommittedLate) {
    db::Transaction late(database_.pool());
    note(late, {.job = "test"}, {.action = "links.change", .object_type = "l", .object_id = "late"},
         noon);
    {
        db::Transaction dropped(database_.pool());
        note(dropped, {}, {.action = "links.change", .object_type = "l", .object_id = "no"}, noon);
    }
    add(1);
    EXPECT_EQ(extend_chain(database_.pool()), 1);

    late.commit();
    EXPECT_EQ(extend_chain(database_.pool()), 1);

    EXPECT_EQ(ask(order_of_objects), "lnk_1 late");
    EXPECT_TRUE(proof().intact());
}

constexpr db::Query<bool()> lock_chain{"select pg_try_advisory_xact_lock(7305214902)"};

TEST_F(Chain, HasOneWriter) {
    add(3);
    db::Transaction other(database_.pool());
    ASSERT_TRUE(other.one(lock_chain));

    EXPECT_EQ(extend_chain(database_.pool()), 0);
    add(1);  // Who adds rows does not wait for the writer.
    other.commit();

    EXPECT_EQ(extend_chain(database_.pool()), 4);
}

TEST_F(Chain, HashesWhatTheDecisionPageSays) {
    const ChainedRow row{.sequence = 2,
                         .row_id = 17,
                         .created_at = "2026-03-01 12:00:00+00",
                         .row_hash = crypto::sha256("row")};
    const crypto::Digest previous = crypto::sha256("previous");

    crypto::Sha256 expected;
    expected.add(previous);
    expected.add("2|17|2026-03-01 12:00:00+00|");
    expected.add(row.row_hash);
    EXPECT_EQ(chained(previous, row), expected.digest());
}

TEST_F(Chain, KeepsRowsForThreeYearsWhateverIsAsked) {
    const Instant today =
        std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    add(2, today - std::chrono::days(1'100));
    add(3, today - std::chrono::days(1'090));
    EXPECT_EQ(expire(database_.pool(), keep_days_min), 0) << "not in the chain yet";
    extend_chain(database_.pool());

    EXPECT_EQ(expire(database_.pool(), std::chrono::days(1'200)), 0);
    EXPECT_EQ(expire(database_.pool(), std::chrono::days(1)), 2);

    EXPECT_EQ(ask(kept_rows), 3);
    const Proof found = proof({.now = today});
    EXPECT_TRUE(found.intact()) << found.broken->what;
    EXPECT_EQ(found.expired, 2);
}

}  // namespace
}  // namespace referral::audit

#include "audit/fixture_test.hpp"

#include "platform/crypto/encoding.hpp"
#include "testing/database_test.hpp"

namespace referral::audit {
namespace {

class Verify : public AuditTest {
protected:
    /// 300 rows in the chain, anchored after 100 and 200.
    Verify() {
        for (int i = 0; i < 3; ++i) {
            add(100);
            extend_chain(database_.pool());
            if (i < 2) anchor(database_.pool(), anchors_, noon + std::chrono::hours(i));
        }
    }

    std::int64_t broken_at() {
        const Proof found = proof();
        return found.broken ? found.broken->sequence : 0;
    }
};

struct Tampering {
    const char* name;
    db::Query<db::Nothing()> statement;
    std::int64_t sequence;
};

// S-24. The rows' numbers are their sequences.
constexpr Tampering tamperings[] = {
    {"a member of a row", R"(update audit_logs set after = '{"name": 0}' where id = 150)", 150},
    {"who did it", "update audit_logs set user_id = 2 where id = 150", 150},
    {"nobody did it", "update audit_logs set user_id = null where id = 150", 150},
    {"its time", "update audit_logs set created_at = 'infinity' where id = 150", 150},
    {"SQL's nothing for JSON's", "update audit_logs set before = 'null' where id = 150", 150},
    {"an address's width", "update audit_logs set ip = '10.0.0.1/8' where id = 150", 150},
    {"a deleted row", "delete from audit_logs where id = 150", 150},
    {"a deleted row and its place",
     "with gone as (delete from audit_logs where id = 150) "
     "delete from audit_chain where sequence = 150",
     150},
    {"two rows for each other",
     "update audit_logs set object_id = 'lnk_' || 301 - id, "
     "after = jsonb_build_object('name', 301 - id) where id in (150, 151)",
     150},
    {"a place's row hash", "update audit_chain set row_hash = sha256('x') where sequence = 150",
     150},
    {"a place's hash", "update audit_chain set hash = sha256('x') where sequence = 150", 150},
    {"a place's time", "update audit_chain set created_at = '2020-01-01' where sequence = 150",
     150},
    {"an old time, to look expired",
     "with gone as (delete from audit_logs where id = 150) "
     "update audit_chain set created_at = '2020-01-01' where sequence = 150",
     150},
    {"a row put in",
     "insert into audit_logs (created_at, action, object_type, object_id) "
     "values ('2026-03-01', 'links.create', 'link', 'lnk_x')",
     301},
    {"a row in another's stead",
     "with gone as (delete from audit_chain where sequence = 150) "
     "update audit_logs set object_id = 'lnk_x' where id = 150",
     150},
    {"the tail cut off, with an anchor in it",
     "with gone as (delete from audit_chain where sequence > 180) "
     "delete from audit_logs where id > 180",
     181},
    {"all rows gone", "with gone as (delete from audit_chain) delete from audit_logs", 1},
    {"the first row", "delete from audit_logs where id = 1", 1},
    {"the last row", "update audit_logs set reason = 'x' where id = 300", 300},
};

TEST_F(Verify, FindsNothingInWhatNobodyChanged) {
    const Proof found = proof();

    EXPECT_TRUE(found.intact());
    EXPECT_EQ(found.sequence, 300);
    EXPECT_EQ(found.verified_up_to, 300);
    EXPECT_EQ(found.anchors, 2);
    EXPECT_EQ(found.last_anchor->head.sequence, 200);
}

constexpr db::Query<std::string()> without_triggers{
    "select set_config('session_replication_role', 'replica', true)"};

TEST_F(Verify, NamesTheFirstPlaceThatIsNotAsItWas) {
    const AnchorList anchors = anchors_.read();
    for (const Tampering& tampering : tamperings) {
        db::Transaction tx(database_.owner_pool());  // Rolls back.
        tx.one(without_triggers);
        tx.run_for_effect(tampering.statement);

        const Proof found = verify(tx, anchors, {.now = noon});

        EXPECT_EQ(found.broken ? found.broken->sequence : 0, tampering.sequence) << tampering.name;
    }
}

TEST_F(Verify, NamesTheFirstOfTwoPlacesThatChangedPlaces) {
    tamper(
        "create temp table moved as select * from audit_chain where sequence in (150, 151); "
        "delete from audit_chain where sequence in (150, 151); "
        "insert into audit_chain select 301 - sequence, audit_id, created_at, row_hash, hash "
        "from moved");

    EXPECT_EQ(broken_at(), 150);
}

TEST_F(Verify, TellsAChainMadeAnewByItsAnchors) {
    // Whoever can change rows can also compute all hashes from there on.
    tamper(
        "update audit_logs set reason = 'other' where id = 150; delete from audit_chain; "
        "insert into audit_unchained select id from audit_logs");
    extend_chain(database_.pool());
    ASSERT_EQ(proof().sequence, 300);

    const Proof found = proof();

    ASSERT_TRUE(found.broken);
    EXPECT_EQ(found.broken->sequence, 200);
    EXPECT_EQ(found.verified_up_to, 199);
}

TEST_F(Verify, FollowsAPartAtATime) {
    tamper("update audit_logs set reason = 'other' where id = 250");

    Proof part = proof({.after = 0, .rows_max = 120, .now = noon});
    EXPECT_TRUE(part.intact());
    EXPECT_EQ(part.verified_up_to, 120);
    part = proof({.after = 120, .rows_max = 120, .now = noon});
    EXPECT_EQ(part.verified_up_to, 240);
    part = proof({.after = 240, .rows_max = 120, .now = noon});

    ASSERT_TRUE(part.broken);
    EXPECT_EQ(part.broken->sequence, 250);
    EXPECT_EQ(part.verified_up_to, 249);
}

TEST_F(Verify, LooksBeyondTheEndAlsoWhenAPartEndsThere) {
    tamper(
        "insert into audit_logs (created_at, action, object_type, object_id) "
        "values ('2026-03-01', 'links.create', 'link', 'lnk_x')");

    const Proof part = proof({.after = 200, .rows_max = 100, .now = noon});

    ASSERT_TRUE(part.broken);
    EXPECT_EQ(part.broken->sequence, 301);
}

TEST_F(Verify, RefusesToBeginBeyondTheEnd) {
    EXPECT_THAT([&] { proof({.after = 301, .now = noon}); },
                testing::refused(Refusal::invalid, "after"));
}

TEST_F(Verify, FindsARowDeletedBeforeItWasChained) {
    add(1);
    tamper("delete from audit_logs where id = 301");

    EXPECT_EQ(broken_at(), 301);
}

TEST_F(Verify, IsNotIntactWithAnchorsOfAnotherKey) {
    Anchors others(anchors_file(), crypto::Key{8});
    others.write({.head = {.sequence = 250, .hash = {}}, .at = noon});

    const Proof found = proof();

    EXPECT_FALSE(found.intact());
    EXPECT_EQ(found.anchors_unreadable, 1);
    EXPECT_FALSE(found.broken);
}

}  // namespace
}  // namespace referral::audit

#include "ledger/proof.hpp"

#include <algorithm>

#include "ledger/fixture_test.hpp"
#include "testing/database_test.hpp"

namespace referral::ledger {
namespace {

class LedgerProof : public LedgerTest {
protected:
    LedgerProof() {
        for (std::int64_t id = 1; id <= 5; ++id) commit(posting(PostingKind::accrue, 100 * id, id));
        commit(posting(PostingKind::approve, 100, 1));
        extend_chain(database_.pool());
    }
};

TEST_F(LedgerProof, CountsWhatItLookedAt) {
    std::string counts;
    for (const Invariant& found : proof())
        counts += std::string(found.name) + '=' + std::to_string(found.checked) + ' ';

    EXPECT_EQ(counts, "I1=6 I2=1 I3=0 I6=2 I7=1 I8=6 I9=0 ");
    EXPECT_EQ(broken(), "");
}

TEST_F(LedgerProof, FindsWhatWasChangedBesideTheProgram) {
    struct Case {
        const char* statement;
        const char* broken;
        const char* back;
    };
    const Case cases[] = {
        // L-10: one cent.
        {"update ledger_entries set amount = amount + 1 where transaction_id = 3 and amount > 0",
         "I1 I6 I8",
         "update ledger_entries set amount = amount - 1 where transaction_id = 3 and amount > 0"},
        {"update ledger_balances set balance = balance + 1 where kind = 'payable'", "I6 I7",
         "update ledger_balances set balance = balance - 1 where kind = 'payable'"},
        {"update ledger_transactions set note = 'other' where id = 3", "I8",
         "update ledger_transactions set note = null where id = 3"},
        {"update ledger_chain set hash = sha256(hash) where sequence = 6", "I8", nullptr},
    };
    for (const Case& c : cases) {
        tamper(c.statement);
        EXPECT_EQ(broken(), c.broken) << c.statement;
        if (c.back) tamper(c.back);
    }
}

TEST_F(LedgerProof, FindsTheSequenceThatWasChanged) {
    tamper("update ledger_entries set amount = -amount where transaction_id = 4");

    const auto found = proof();

    const auto chain = std::ranges::find(found, std::string_view("I8"), &Invariant::name);
    ASSERT_NE(chain, found.end());
    EXPECT_EQ(chain->first, "sequence 4");
}

TEST_F(LedgerProof, FindsTransactionsDeletedAndPutIn) {
    tamper(
        "delete from ledger_entries where transaction_id = 4; "
        "delete from ledger_transactions where id = 4");
    EXPECT_EQ(broken(), "I6 I7 I8");
}

TEST_F(LedgerProof, FindsWhatWasPutIntoAClosedPeriod) {
    {
        db::Transaction tx(database_.pool());
        close_period(tx, program_, parse_day("2026-08-01").value(), {1},
                     testing::at("2026-09-01T00:00:00Z"));
        tx.commit();
    }
    EXPECT_EQ(broken(), "");
    commit(posting(PostingKind::accrue, 100, 9), testing::at("2026-09-02T00:00:00Z"));
    extend_chain(database_.pool());

    tamper("update ledger_transactions set period = '2026-08-01' where commission_id = 9");

    EXPECT_EQ(broken(), "I8 I9");
}

}  // namespace
}  // namespace referral::ledger

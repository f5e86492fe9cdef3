#include "ledger/ledger.hpp"

#include "ledger/fixture_test.hpp"
#include "testing/database_test.hpp"

namespace referral::ledger {
namespace {

using Kind = PostingKind;
using Balance = std::vector<std::int64_t>;

class Ledger : public LedgerTest {
protected:
    Posting in_payable(Posting posting) const {
        posting.stage = Stage::payable;
        return posting;
    }
};

TEST_F(Ledger, FollowsACommissionToItsPayment) {
    struct Step {
        const char* name;
        std::vector<Posting> postings;
        Balance after;
    };
    const Step steps[] = {
        {"L1", {posting(Kind::accrue, 3'900, 1)}, {3'900, 0, 0, 0, 0}},
        {"L2", {posting(Kind::adjust, -750, 1)}, {3'150, 0, 0, 0, 0}},
        {"L3",
         {posting(Kind::approve, 3'150, 1), posting(Kind::accrue, 12'346, 2)},
         {12'346, 0, 3'150, 0, 0}},
        {"L4", {posting(Kind::hold, 12'346, 2)}, {0, 12'346, 3'150, 0, 0}},
        {"L5",
         {posting(Kind::release, 12'346, 2), posting(Kind::approve, 12'346, 2)},
         {0, 0, 15'496, 0, 0}},
        {"L6", {posting(Kind::batch, 15'496, 1)}, {0, 0, 0, 15'496, 0}},
        {"L6 rejected", {posting(Kind::fail, 15'496, 1)}, {0, 0, 15'496, 0, 0}},
        {"L7",
         {posting(Kind::batch, 15'496, 2), posting(Kind::settle, 15'496, 2)},
         {0, 0, 0, 0, 15'496}},
        {"L8", {posting(Kind::claw_back, 12'346, 2)}, {0, 0, -12'346, 0, 15'496}},
        {"L9",
         {posting(Kind::accrue, 10'000, 3), posting(Kind::approve, 10'000, 3)},
         {0, 0, -2'346, 0, 15'496}},
        {"L10",
         {posting(Kind::accrue, 6'000, 4), posting(Kind::approve, 6'000, 4)},
         {0, 0, 3'654, 0, 15'496}},
        {"L11",
         {posting(Kind::accrue, 2'000, 5), posting(Kind::approve, 2'000, 5),
          posting(Kind::batch, 5'654, 3), posting(Kind::settle, 5'654, 3)},
         {0, 0, 0, 0, 21'150}},
    };
    for (const Step& step : steps) {
        for (const Posting& posting : step.postings) commit(posting);
        EXPECT_EQ(has(), step.after) << step.name;
        EXPECT_EQ(broken(), "") << step.name;
    }

    db::Transaction tx(database_.pool());
    std::int64_t all = 0, expense = 0;
    for (const TrialBalanceRow& row : trial_balance(tx)) {
        all += row.credits - row.debits;
        if (row.account == Account::commission_expense) expense = row.debits - row.credits;
    }
    EXPECT_EQ(all, 0);
    EXPECT_EQ(expense, 21'150);
}

TEST_F(Ledger, RefusesMoreThanThereIs) {
    commit(posting(Kind::accrue, 100));
    commit(posting(Kind::accrue, 300, 2));
    commit(posting(Kind::approve, 300, 2));
    commit(posting(Kind::batch, 200));
    for (const Posting& wrong :
         {posting(Kind::approve, 101), posting(Kind::hold, 101), posting(Kind::release, 1),
          posting(Kind::batch, 101, 2), posting(Kind::settle, 201), posting(Kind::fail, 201),
          posting(Kind::adjust, -101), in_payable(posting(Kind::hold, 101)),
          posting(Kind::write_off, 1)})
        EXPECT_THAT([&] { try_to(wrong); }, testing::refused(Refusal::conflict, "amount"))
            << name_of(wrong.kind);
    EXPECT_EQ(has(), (Balance{100, 0, 100, 200, 0}));
}

TEST_F(Ledger, LetsPayableBelowZeroOnlyByTakingBack) {
    commit(posting(Kind::accrue, 100));
    commit(posting(Kind::approve, 100));
    commit(posting(Kind::claw_back, 150));
    commit(in_payable(posting(Kind::adjust, -50)));
    EXPECT_EQ(has(), (Balance{0, 0, -100, 0, 0}));

    EXPECT_THAT([&] { try_to(posting(Kind::batch, 1)); },
                testing::refused(Refusal::conflict, "amount"));
    EXPECT_THAT([&] { try_to(posting(Kind::write_off, 101)); },
                testing::refused(Refusal::conflict, "amount"));
    commit(posting(Kind::write_off, 100));
    EXPECT_EQ(has(), (Balance{0, 0, 0, 0, 0}));
    EXPECT_EQ(broken(), "");
}

TEST_F(Ledger, PostsOnceWhatHappensOnce) {
    commit(posting(Kind::accrue, 100));
    commit(posting(Kind::approve, 100));
    commit(posting(Kind::batch, 50));

    EXPECT_THAT([&] { try_to(posting(Kind::accrue, 100)); },
                testing::refused(Refusal::conflict, "commission_id"));
    EXPECT_THAT([&] { try_to(posting(Kind::batch, 50)); },
                testing::refused(Refusal::conflict, "payout_id"));
}

TEST_F(Ledger, KeepsCurrenciesApart) {
    const Currency yen = Currency::parse("JPY").value();
    Posting in_yen = posting(Kind::accrue, 926);
    in_yen.amount.currency = yen;
    commit(in_yen);
    commit(posting(Kind::accrue, 100, 2));

    db::Transaction tx(database_.pool());
    EXPECT_EQ(balances(tx, {1}, yen).pending, (Money{926, yen}));
    EXPECT_EQ(balances(tx, {1}, Currency()).pending, usd(100));
}

TEST_F(Ledger, PostsToTheMonthOfReceiptInTheProgramsTimeZone) {  // A7
    constexpr db::Query<db::Nothing()> in_chicago{
        "update programs set timezone = 'America/Chicago'"};
    constexpr db::Query<std::string()> periods{R"sql(
        select string_agg(period::text, ' ' order by id) from ledger_transactions
    )sql"};
    db::Transaction tx(database_.pool());
    tx.run_for_effect(in_chicago);
    post(tx, posting(Kind::accrue, 100), testing::at("2026-08-01T04:59:59Z"));
    post(tx, posting(Kind::accrue, 100, 2), testing::at("2026-08-01T05:00:00Z"));

    EXPECT_EQ(tx.one(periods), "2026-07-01 2026-08-01");
}

TEST_F(Ledger, PostsNothingToAClosedPeriod) {  // I9
    const Day july = parse_day("2026-07-01").value();
    const Instant in_july = testing::at("2026-07-31T23:59:59Z");
    commit(posting(Kind::accrue, 100), in_july);
    const auto close = [&](Instant now) {
        db::Transaction tx(database_.pool());
        close_period(tx, program_, july, {1}, now);
        tx.commit();
    };
    EXPECT_THAT([&] { close(in_july); }, testing::refused(Refusal::conflict, "period"));
    close(noon);
    EXPECT_THAT([&] { close(noon); }, testing::refused(Refusal::conflict, "period"));

    EXPECT_THAT([&] { try_to(posting(Kind::accrue, 100, 2), in_july); },
                testing::refused(Refusal::conflict, "posted_at"));
    commit(posting(Kind::accrue, 100, 2), testing::at("2026-08-01T00:00:00Z"));
    EXPECT_EQ(broken(), "");
}

TEST_F(Ledger, IsOnlyAddedToByTheRoleThatServes) {  // L-08
    commit(posting(Kind::accrue, 100));
    extend_chain(database_.pool());
    const std::pair<std::string, std::string> columns[] = {
        {"ledger_accounts", "kind"},         {"ledger_transactions", "note"},
        {"ledger_entries", "amount"},        {"ledger_balances", "balance"},
        {"ledger_closed_periods", "period"}, {"ledger_chain", "hash"}};
    for (const auto& [table, column] : columns)
        for (const std::string& statement :
             {"delete from " + table, "truncate " + table + " cascade",
              "update " + table + " set " + column + " = " + column}) {
            db::Connection connection(database_.pool().settings());
            try {
                connection.run_script(statement);
                ADD_FAILURE() << statement;
            } catch (const db::Error& error) {
                EXPECT_EQ(error.code(), "42501") << statement;
            }
        }
}

/// What the database says when a transaction of these entries is committed, (account, amount) each.
class HandmadeTransactions : public LedgerTest {
protected:
    std::string answer(const std::string& entries) {
        db::Connection connection(database_.pool().settings());
        try {
            connection.run_script(
                "begin;"
                "insert into ledger_transactions (posting, user_id, program_id, currency, "
                "commission_id, posted_at) values ('accrue', 1, 1, 'USD', 99, '2026-08-01');"
                "insert into ledger_entries (transaction_id, number, account_id, amount) "
                "select max(t.id), n, (select id from ledger_accounts a where a.kind = e.kind and "
                "coalesce(a.user_id, 1) = u and a.currency = c), amount "
                "from ledger_transactions t, (values " +
                entries + ") e (n, kind, u, c, amount) group by n, kind, u, c, amount; commit");
            return "";
        } catch (const db::Error& error) {
            return error.code() + ' ' + error.constraint();
        }
    }
};

TEST_F(HandmadeTransactions, AreRefusedUnlessTheyBalance) {  // L-09
    commit(posting(Kind::accrue, 100));
    Posting others = posting(Kind::accrue, 100, 2), euros = posting(Kind::accrue, 100, 3);
    others.partner = {2};
    euros.amount.currency = Currency::parse("EUR").value();
    commit(others);
    commit(euros);

    const std::string unbalanced = "23514 ledger_transactions_balanced";
    const std::string expense = "(1, 'commission_expense', 1, 'USD', -5)";
    EXPECT_EQ(answer(expense), unbalanced);
    EXPECT_EQ(answer(expense + ", (2, 'pending', 1, 'USD', 4)"), unbalanced);
    EXPECT_EQ(answer(expense + ", (2, 'pending', 2, 'USD', 5)"), unbalanced);
    EXPECT_EQ(answer(expense + ", (2, 'pending', 1, 'EUR', 5)"), unbalanced);
    EXPECT_EQ(answer("(1, 'pending', 1, 'USD', -200), (2, 'commission_expense', 1, 'USD', 200)"),
              "23514 ledger_balances_not_negative");
    EXPECT_EQ(answer(expense + ", (2, 'pending', 1, 'USD', 5)"), "");
}

}  // namespace
}  // namespace referral::ledger

#pragma once

/// What the tests of this folder share: partners, a program, and short ways to post.

#include <string>
#include <string_view>
#include <vector>

#include "ledger/ledger.hpp"
#include "testing/database_test.hpp"

namespace referral::ledger {

inline const Instant noon = testing::at("2026-08-01T12:00:00Z");

inline Money usd(std::int64_t cents) { return {cents, Currency()}; }

inline constexpr db::Query<db::Nothing(std::int64_t)> insert_users{R"sql(
    insert into users (email, name, role, created_at, updated_at)
    select 'p' || n || '@example.com', 'P' || n, 'partner', now(), now()
    from generate_series(1, $1::bigint) n
)sql"};

/// A ledger of its own with 20 partners, numbered from 1, and one program.
class LedgerTest : public ::testing::Test {
protected:
    LedgerTest() {
        db::Transaction tx(database_.pool());
        tx.run_for_effect(insert_users, 20);
        programs::ensure_default(tx, noon);
        program_ = programs::default_program(tx).id;
        tx.commit();
    }

    /// A posting about partner 1.
    Posting posting(PostingKind kind, std::int64_t cents, std::int64_t id = 1) const {
        Posting posting{.kind = kind, .partner = {1}, .program = program_, .amount = usd(cents)};
        const bool of_payout =
            kind == PostingKind::batch || kind == PostingKind::settle || kind == PostingKind::fail;
        (of_payout ? posting.payout_id : posting.commission_id) = id;
        return posting;
    }

    void commit(const Posting& posting, Instant now = noon) {
        db::Transaction tx(database_.pool());
        post(tx, posting, now);
        tx.commit();
    }

    /// Posts and takes it back: for what is to be refused.
    void try_to(const Posting& posting, Instant now = noon) {
        db::Transaction tx(database_.pool());
        post(tx, posting, now);
    }

    /// Pending, held, payable, in transit and paid.
    std::vector<std::int64_t> has(UserId partner = {1}) {
        db::Transaction tx(database_.pool());
        const Balances b = balances(tx, partner, Currency());
        return {b.pending.minor, b.held.minor, b.payable.minor, b.in_transit.minor, b.paid.minor};
    }

    std::vector<Invariant> proof() {
        db::Transaction tx(database_.pool());
        return prove(tx);
    }

    /// The names of the invariants that do not hold, "I6 I8".
    std::string broken() {
        std::string names;
        for (const Invariant& found : proof())
            if (found.wrong > 0) names += (names.empty() ? "" : " ") + std::string(found.name);
        return names;
    }

    /// What an owner does who switches the triggers off.
    void tamper(const std::string& statements) {
        db::Connection connection(database_.owner_pool().settings());
        connection.run_script("begin; set local session_replication_role = replica; " + statements +
                              "; commit");
    }

    testing::Database database_;
    ProgramId program_;
};

}  // namespace referral::ledger

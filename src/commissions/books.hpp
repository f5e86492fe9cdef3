#pragma once

/// Writing what becomes of commissions: the row, its history, the ledger and the audit log, in one
/// transaction.

#include <map>
#include <string>
#include <vector>

#include "audit/audit.hpp"
#include "commissions/group.hpp"

namespace referral::commissions {

/// One commission, before and after.
struct Change {
    std::string action;  ///< "accrue", "recompute", "approve", …
    CommissionRow before, after;
    std::vector<Move> moves;
    std::string reason{};  ///< In somebody's own words, at most 500 characters.
    bool is_new = false;
    bool is_silent = false;  ///< Nothing to tell: amount and status are as before.
};

/// Collects changes and writes them together, so that all partners are locked before the first
/// posting.
class Books {
public:
    /// All must outlive it.
    Books(db::Transaction& tx, const programs::Program& program, const audit::Actor& actor,
          Instant now)
        : tx_(tx), program_(program), actor_(actor), now_(now) {}

    /// What changes nothing at all is left out.
    void add(Change change);

    /// Refuses: conflict, as ledger::post (amount, posted_at).
    void write();

private:
    /// What becomes of a budget.
    struct Spending {
        std::int64_t difference = 0, unsplit = 0;
    };

    void count(const Change& change);
    void write(const Change& change);
    void post(const Change& change);
    void tell(const Change& change);
    void spend();

    db::Transaction& tx_;
    const programs::Program& program_;
    const audit::Actor& actor_;
    const Instant now_;
    std::vector<Change> changes_;
    std::map<RuleId, Spending> spending_;
};

/// What a commission comes to by its rule and by people; never below 0, and nothing once nothing is
/// left of the conversion.
std::int64_t amount_of(const CommissionRow& row);

/// What becomes of a commission when facts or others change what its rule pays: a cancelation when
/// nothing is left and nothing was paid, otherwise another amount in the same status.
Change recomputed(const CommissionRow& before, const Earned& earned, bool is_new);

}  // namespace referral::commissions

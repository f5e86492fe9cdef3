#pragma once

/// Writing what becomes of commissions: the row, its history, the ledger and the audit log, in one
/// transaction.

#include <map>
#include <vector>

#include "audit/audit.hpp"
#include "commissions/change.hpp"
#include "commissions/group.hpp"

namespace referral::commissions {

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

}  // namespace referral::commissions

#pragma once

/// What people decide about commissions, and what time does. Each writes the row, its history, the
/// posting and the audit log in the caller's transaction.

#include <optional>
#include <string>
#include <vector>

#include "audit/audit.hpp"
#include "base/text.hpp"
#include "commissions/listed.hpp"
#include "platform/db/transaction.hpp"

namespace referral::commissions {

using Reasoning = std::optional<Line<500>>;

/// Makes it payable. Before its days are over only with a reason. Above the program's limit two
/// people are needed who had no hand in it, none of whom reported, held, released or adjusted it;
/// the first one's word is kept. Refuses: not_found, invalid (reason), forbidden (a hand in it),
/// conflict (status; the same person again; the trigger or the enrolment is missing).
void approve(db::Transaction& tx, CommissionId id, const Reasoning& reason,
             const audit::Actor& actor, Instant now);

/// Stops it until somebody decides. Refuses: not_found, conflict (status; amount: the partner has
/// less than that).
void hold(db::Transaction& tx, CommissionId id, const Line<500>& reason, const audit::Actor& actor,
          Instant now);

/// Puts it back to where it was held from. Refuses: not_found, conflict (status).
void release(db::Transaction& tx, CommissionId id, const Reasoning& reason,
             const audit::Actor& actor, Instant now);

/// Says that a held one is not paid; what it took of caps and tiers goes to others. Refuses:
/// not_found, conflict (status).
void reject(db::Transaction& tx, CommissionId id, const Line<500>& reason,
            const audit::Actor& actor, Instant now);

/// Adds to it or takes from it, on top of what its rule pays. `change` is a decimal that may have a
/// minus. Refuses: not_found, invalid (amount_change: no amount, 0, or more than there is),
/// conflict (status: rejected or canceled).
void adjust(db::Transaction& tx, CommissionId id, std::string_view change, const Line<500>& reason,
            const audit::Actor& actor, Instant now);

/// Takes back what was approved or paid, or a part of it; the partner may then owe. Refuses:
/// not_found, invalid (amount), conflict (status).
void claw_back(db::Transaction& tx, CommissionId id, const std::optional<std::string>& amount,
               const Line<500>& reason, const audit::Actor& actor, Instant now);

/// What payouts do with commissions; the payout itself posts. Refuses: conflict (status).
void move_with_payout(db::Transaction& tx, programs::ProgramId program,
                      const std::vector<CommissionId>& ids, Action action,
                      const audit::Actor& actor, Instant now);

/// Approves, of a program, up to `limit` commissions behind `after` whose days are over, that no
/// limit leaves to people and whose partners take part. Gives the last one's id, or nothing: there
/// are no more.
std::optional<CommissionId> approve_due(db::Transaction& tx, const programs::Program& program,
                                        CommissionId after, std::int64_t limit, Instant now);

}  // namespace referral::commissions

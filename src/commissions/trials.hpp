#pragma once

/// What would have been paid if a rule had been in force: a job that reads past conversions and
/// posts nothing.

#include <optional>
#include <string>
#include <vector>

#include "audit/audit.hpp"
#include "commissions/stored_rules.hpp"
#include "platform/jobs/jobs.hpp"

namespace referral::commissions {

struct TrialTag {
    static constexpr std::string_view prefix = "trl";
};
using TrialId = Id<TrialTag>;

enum class TrialStatus { waiting, running, done, failed };

/// A draft, and the conversions to try it on. Its start, when it says none, is `from`.
struct NewTrial {
    RuleForm rule;
    std::optional<RuleId>
        replaces{};                 ///< As the next version of this rule; else beside all others.
    std::optional<Instant> from{};  ///< A year before `to` when absent.
    std::optional<Instant> to{};    ///< Now when absent; exclusive.
};

/// What one partner would have had. Amounts are decimals of the program's currency.
struct TrialPartner {
    accounts::UserId user_id;
    std::string user_name;
    std::string amount_now, amount_then, difference;
    std::int64_t commissions_now = 0, commissions_then = 0;
};

/// What came out.
struct TrialResult {
    std::int64_t conversions = 0;
    std::int64_t refused = 0;  ///< That could not be computed: no exchange rate, too large.
    std::int64_t partners = 0;
    std::string amount_now, amount_then, difference;
    std::vector<TrialPartner> by_partner;  ///< The largest differences first, at most 500.
};

struct Trial {
    TrialId id;
    ProgramId program_id;
    RuleView rule;
    std::optional<RuleId> replaces{};
    Instant from{}, to{};
    TrialStatus status = TrialStatus::waiting;
    std::int64_t progress_done = 0, progress_total = 0;
    std::optional<schema::json::value> result{};  ///< A TrialResult, once it is done.
    std::optional<std::string> error{};
    Instant created_at{};
    std::optional<Instant> ended_at{};
};

/// Checks the draft and has the job begin. Refuses: invalid, by field; not_found (replaces).
Trial begin_trial(db::Transaction& tx, const NewTrial& wanted, accounts::UserId by, Instant now);

/// Refuses: not_found.
Trial get_trial(db::Transaction& tx, TrialId id);

/// The job.
void run_trial(jobs::Run& run);

}  // namespace referral::commissions

template <>
struct referral::Names<referral::commissions::TrialStatus> {
    using Status = commissions::TrialStatus;
    static constexpr std::array<std::pair<Status, std::string_view>, 4> list{
        {{Status::waiting, "waiting"},
         {Status::running, "running"},
         {Status::done, "done"},
         {Status::failed, "failed"}}};
};

#pragma once

/// Why a commission is what it is, for people and for programs.

#include <optional>
#include <string>
#include <vector>

#include "commissions/listed.hpp"
#include "commissions/rule_form.hpp"
#include "commissions/rules.hpp"

namespace referral::commissions {

/// A rule that could have been the one, and why it is not.
struct ConsideredView {
    RuleId rule_id;
    std::int64_t version = 1;
    std::string name;
    std::optional<Loss> loss{};  ///< Nothing: it won.
    std::string sentence;
};

/// What became of one claim on the conversion.
struct ClaimView {
    conversions::Source source = conversions::Source::organic;
    UserId user_id;
    conversions::Reason reason = conversions::Reason::credited;
    Instant made_at{};
    std::optional<Instant> until{};
    std::optional<clicks::ClickId> click_id{};
    std::optional<std::int64_t> outside_seconds{}, weight_ppm{};
    std::string note;
};

/// Whose the conversion is. A partner sees its own claims only.
struct AttributionView {
    conversions::Source source = conversions::Source::organic;
    std::vector<ClaimView> steps{};
    std::string text;
};

struct Explanation {
    Commission commission;
    std::vector<std::string> sentences;  ///< The steps of the calculation, one a line.
    schema::json::value steps;           ///< The same for programs.
    RuleView rule;
    std::optional<AttributionView> attribution{};
    std::vector<ConsideredView> considered;  ///< For those who see all rules; at most 50.
    std::vector<CommissionChange> changes;
};

/// Computes the commission again, with all that depends on it, and tells every step. Refuses:
/// not_found, also for another's.
Explanation explanation(db::Transaction& tx, CommissionId id, CommissionOwner owner, Instant now);

}  // namespace referral::commissions

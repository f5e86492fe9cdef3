#pragma once

/// Rules as people write them: the JSON of the API, in its words.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/accounts.hpp"
#include "base/decimal.hpp"
#include "base/text.hpp"
#include "commissions/rule.hpp"
#include "platform/schema/json.hpp"
#include "programs/programs.hpp"

namespace referral::commissions {

using accounts::UserId;
using programs::ProgramId;

/// One tier. `from` is an amount of the rule's currency, a quantity, or a number of customers or
/// events; the rate stands in the field that the basis wants.
struct TierForm {
    Decimal from;
    std::optional<schema::Whole<0, 10'000'000>> rate_ppm{};
    std::optional<Decimal> unit_amount{}, flat_amount{};
};

/// What somebody fills in to make a rule or its next version.
struct RuleForm {
    std::optional<ProgramId> program_id{};  ///< The default program when absent.
    std::optional<ScopeKind> scope{};       ///< The program when absent.
    std::optional<std::string> scope_id{};  ///< Of a group, link or enrolment.
    Line<100> name;
    std::optional<schema::Whole<-1'000, 1'000>> priority{};
    std::optional<EventKind> event_kind{};  ///< The program's trigger when absent.
    std::optional<schema::Whole<1, 3>> level{};
    std::optional<schema::json::object> conditions{};
    std::optional<Currency> currency{};  ///< The program's.
    Basis basis = Basis::revenue;
    std::optional<Unit> unit{};
    std::optional<schema::Whole<0, 10'000'000>> rate_ppm{};
    std::optional<Decimal> unit_amount{}, flat_amount{};
    std::optional<Decimal> min_amount{}, max_amount{};
    std::optional<TierMode> tier_mode{};
    std::optional<TierTiming> tier_timing{};
    std::optional<TierMeasure> tier_measure{};
    std::optional<Period> tier_period{};
    std::optional<std::vector<TierForm>> tiers{};
    std::optional<Decimal> cap_customer{}, cap_partner_period{};
    std::optional<Period> cap_period{};
    std::optional<Decimal> budget{};
    std::optional<schema::Whole<1, 1'200>> duration_months{};
    std::optional<Instant> effective_from{};  ///< Now when absent.
};

/// What a form leaves to the program.
struct RuleFrame {
    ProgramId program_id;
    Currency currency;
    EventKind trigger = EventKind::delivered;
    Instant now{};
};

/// The version that the form means, without id and number. Every field that is wrong is added to
/// `errors` by its name; the result is then of no use.
RuleVersion version_of(const RuleForm& form, const RuleFrame& frame,
                       std::vector<FieldError>& errors);

/// What a scope's id looks like: "prg_…" of a program, "lnk_…" of a code.
std::string scope_text(const Scope& scope);
std::optional<Scope> parse_scope(ScopeKind kind, std::string_view text);

/// One tier as the API shows it.
struct TierView {
    std::string from;
    std::optional<std::int64_t> rate_ppm{};
    std::optional<std::string> unit_amount{}, flat_amount{};
};

/// A version as the API shows it: the words of the form, and what it says as a sentence.
struct RuleView {
    RuleId id;
    std::int64_t version = 1;
    ProgramId program_id;
    ScopeKind scope = ScopeKind::program;
    std::string scope_id;
    std::string name;
    std::int64_t priority = 0;
    EventKind event_kind = EventKind::delivered;
    std::int64_t level = 1;
    std::optional<schema::json::value> conditions{};
    Currency currency;
    Basis basis = Basis::revenue;
    Unit unit = Unit::load;
    std::optional<std::int64_t> rate_ppm{};
    std::optional<std::string> unit_amount{}, flat_amount{};
    std::optional<std::string> min_amount{}, max_amount{};
    std::optional<TierMode> tier_mode{};
    std::optional<TierTiming> tier_timing{};
    std::optional<TierMeasure> tier_measure{};
    std::optional<Period> tier_period{};
    std::vector<TierView> tiers{};
    std::optional<std::string> cap_customer{}, cap_partner_period{};
    std::optional<Period> cap_period{};
    std::optional<std::string> budget{};
    std::optional<std::int64_t> duration_months{};
    Instant effective_from{};
    bool is_retired = false;
    std::string sentence;
    Instant created_at{};
    std::optional<UserId> created_by{};
};

RuleView view_of(const RuleVersion& rule, ProgramId program);

}  // namespace referral::commissions

#pragma once

/// Rules as they are stored: versions that are only ever added.

#include <optional>
#include <string>
#include <vector>

#include "commissions/rule_form.hpp"
#include "commissions/rules.hpp"
#include "platform/db/transaction.hpp"
#include "platform/schema/cursor.hpp"

namespace referral::commissions {

/// A rule with all that it ever promised.
struct RuleDetail {
    RuleView rule;                   ///< The version in force; else the one that will be, or was.
    std::vector<RuleView> versions;  ///< The newest first.
};

/// Which rules are listed, the newest first, each in its version in force.
struct RuleFilter {
    std::optional<ProgramId> program_id{};
    std::optional<ScopeKind> scope{};
    std::optional<EventKind> event_kind{};
    std::optional<bool> is_retired{};
    std::optional<schema::Whole<1, 200>> limit{};  ///< 50 when absent.
    std::optional<schema::Cursor> cursor{};
};

struct RulePage {
    std::vector<RuleView> rules;
    std::optional<std::string> next_cursor;
};

/// What a form leaves to its program; the default one when it names none. Refuses: not_found
/// (program).
RuleFrame frame_of(db::Transaction& tx, const std::optional<ProgramId>& program, Instant now);

/// What is wrong with a version that the database knows: a scope that is not the program's.
void check_scope(db::Transaction& tx, const RuleVersion& rule, ProgramId program,
                 std::vector<FieldError>& errors);

/// Makes a rule. Refuses: invalid, by field.
RuleDetail create_rule(db::Transaction& tx, const RuleForm& form, UserId by, Instant now);

/// Adds a version that is in force from its `effective_from` on, which is later than that of the
/// newest one. What was computed before keeps its version. Refuses: not_found, invalid.
RuleDetail add_version(db::Transaction& tx, RuleId id, const RuleForm& form, UserId by,
                       Instant now);

/// From `from` on the rule is for nothing. Refuses: not_found, invalid (effective_from), conflict
/// (retired before).
RuleDetail retire_rule(db::Transaction& tx, RuleId id, Instant from, UserId by, Instant now);

/// Whose rules a caller sees: a partner's are those that are for that partner.
using Owner = std::optional<std::int64_t>;

/// Refuses: not_found.
RuleDetail get_rule(db::Transaction& tx, RuleId id, Owner owner, Instant now);

/// Refuses: invalid (cursor).
RulePage list_rules(db::Transaction& tx, const RuleFilter& filter, Owner owner, Instant now);

/// Every version of every rule of a program.
std::vector<RuleVersion> all_versions(db::Transaction& tx, ProgramId program);

/// Of each rule the version in force at `at`, where it can be for one of these places.
std::vector<RuleVersion> versions_at(db::Transaction& tx, ProgramId program, Instant at,
                                     const std::vector<Scope>& scopes);

/// These versions.
std::vector<RuleVersion> versions(db::Transaction& tx, const std::vector<RuleId>& rules);

}  // namespace referral::commissions

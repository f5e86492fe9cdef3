#include "commissions/stored_rules.hpp"

#include <algorithm>

#include "commissions/rule_queries.hpp"
#include "commissions/schemas.hpp"

namespace referral::commissions {

namespace {

void insert(db::Transaction& tx, const RuleVersion& rule, ProgramId program, UserId by,
            Instant now) {
    const StoredVersion row = stored(rule, program);
    tx.run_for_effect(
        sql::insert_version, row.rule_id, row.version, row.effective_from, row.is_retired, row.name,
        row.scope, row.scope_id, row.priority, row.event_kind, row.level, row.conditions, row.basis,
        row.unit, row.rate, row.tiers, row.min_amount, row.max_amount, row.cap_customer,
        row.cap_partner_period, row.cap_period, row.budget, row.duration_months, now, by);
}

RuleVersion checked(db::Transaction& tx, const RuleForm& form, const RuleFrame& frame) {
    std::vector<FieldError> errors;
    RuleVersion rule = version_of(form, frame, errors);
    check_scope(tx, rule, frame.program_id, errors);
    if (!errors.empty()) throw Problem(Refusal::invalid, std::move(errors));
    return rule;
}

/// The version in force; else the next; else the last.
const RuleView& current(const std::vector<RuleView>& newest_first, Instant now) {
    const auto found = std::ranges::find_if(
        newest_first, [&](const RuleView& version) { return version.effective_from <= now; });
    return found == newest_first.end() ? newest_first.back() : *found;
}

RuleDetail detail(db::Transaction& tx, RuleId id, Instant now) {
    std::vector<RuleView> versions;
    for (const StoredVersion& row : tx.all(sql::versions_of_rule, id))
        versions.push_back(view_of(row));
    if (versions.empty()) throw not_found("commission rule");
    RuleView rule = current(versions, now);
    return {.rule = std::move(rule), .versions = std::move(versions)};
}

/// The newest version of a rule, which nobody adds one to meanwhile.
StoredVersion locked(db::Transaction& tx, RuleId id) {
    if (!tx.maybe(sql::lock_rule, id)) throw not_found("commission rule");
    return tx.all(sql::versions_of_rule, id).at(0);
}

void refuse_earlier(Instant from, const StoredVersion& newest) {
    if (from <= newest.effective_from)
        throw invalid("effective_from", "must be later than that of version " +
                                            std::to_string(newest.version) + ", " +
                                            to_text(newest.effective_from));
}

std::vector<RuleVersion> loaded(const std::vector<StoredVersion>& rows) {
    std::vector<RuleVersion> list;
    list.reserve(rows.size());
    for (const StoredVersion& row : rows) list.push_back(loaded(row));
    return list;
}

}  // namespace

RuleFrame frame_of(db::Transaction& tx, const std::optional<ProgramId>& program, Instant now) {
    const programs::Program found =
        program ? programs::get(tx, *program) : programs::default_program(tx);
    return {
        .program_id = found.id, .currency = found.currency, .trigger = found.trigger, .now = now};
}

void check_scope(db::Transaction& tx, const RuleVersion& rule, ProgramId program,
                 std::vector<FieldError>& errors) {
    const bool is_named = rule.scope.id > 0;
    if (is_named && !tx.one(sql::scope_is_of_program, rule.scope.kind, rule.scope.id, program))
        errors.push_back({"scope_id", "is none of the program"});
}

RuleDetail create_rule(db::Transaction& tx, const RuleForm& form, UserId by, Instant now) {
    const RuleFrame frame = frame_of(tx, form.program_id, now);
    RuleVersion rule = checked(tx, form, frame);
    programs::fix_currency(tx, frame.program_id);
    rule.id = tx.one(sql::insert_rule, frame.program_id, now, by);
    insert(tx, rule, frame.program_id, by, now);
    return detail(tx, rule.id, now);
}

RuleDetail add_version(db::Transaction& tx, RuleId id, const RuleForm& form, UserId by,
                       Instant now) {
    const StoredVersion newest = locked(tx, id);
    const RuleFrame frame = frame_of(tx, newest.program_id, now);
    RuleVersion rule = checked(tx, form, frame);
    refuse_earlier(rule.effective_from, newest);
    rule.id = id;
    rule.version = static_cast<int>(newest.version) + 1;
    insert(tx, rule, newest.program_id, by, now);
    return detail(tx, id, now);
}

RuleDetail retire_rule(db::Transaction& tx, RuleId id, Instant from, UserId by, Instant now) {
    const StoredVersion newest = locked(tx, id);
    if (newest.is_retired) throw conflict("effective_from", "the rule was retired before");
    refuse_earlier(from, newest);
    RuleVersion rule = loaded(newest);
    rule.version += 1;
    rule.effective_from = from;
    rule.is_retired = true;
    insert(tx, rule, newest.program_id, by, now);
    return detail(tx, id, now);
}

RuleDetail get_rule(db::Transaction& tx, RuleId id, Owner owner, Instant now) {
    if (owner && !tx.one(sql::is_for_partner, id, *owner, now)) throw not_found("commission rule");
    return detail(tx, id, now);
}

RulePage list_rules(db::Transaction& tx, const RuleFilter& filter, Owner owner, Instant now) {
    std::optional<RuleId> after;
    if (filter.cursor) {
        const auto& parts = filter.cursor->parts();
        if (parts.size() == 1) after = RuleId::parse(parts[0]);
        if (!after) throw invalid("cursor", "must be " + std::string(schema::Cursor::rule));
    }
    const std::int64_t limit = schema::rows_of(filter.limit);
    RulePage page;
    for (const StoredVersion& row :
         tx.all(sql::list_rules, filter.program_id, filter.scope, filter.event_kind,
                filter.is_retired, now, owner, after, limit + 1))
        page.rules.push_back(view_of(row));
    if (page.rules.size() <= static_cast<std::size_t>(limit)) return page;
    page.rules.pop_back();
    page.next_cursor = schema::Cursor({page.rules.back().id.text()}).text();
    return page;
}

std::vector<RuleVersion> all_versions(db::Transaction& tx, ProgramId program) {
    return loaded(tx.all(sql::versions_of_program, program));
}

std::vector<RuleVersion> versions_at(db::Transaction& tx, ProgramId program, Instant at,
                                     const std::vector<Scope>& scopes) {
    std::vector<std::string> kinds;
    std::vector<std::int64_t> ids;
    for (const Scope& scope : scopes) {
        kinds.emplace_back(name_of(scope.kind));
        ids.push_back(scope.id);
    }
    return loaded(tx.all(sql::versions_in_force, program, at, kinds, ids));
}

std::vector<RuleVersion> versions(db::Transaction& tx, const std::vector<RuleId>& rules) {
    return loaded(tx.all(sql::versions_of_rules, rules));
}

}  // namespace referral::commissions

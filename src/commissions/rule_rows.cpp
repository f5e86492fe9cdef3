#include "commissions/rule_rows.hpp"

namespace referral::commissions {

StoredVersion stored(const RuleVersion& rule, ProgramId program) {
    StoredVersion row{.rule_id = rule.id,
                      .version = rule.version,
                      .program_id = program,
                      .currency = rule.currency,
                      .effective_from = rule.effective_from,
                      .is_retired = rule.is_retired,
                      .name = rule.name,
                      .scope = rule.scope.kind,
                      .scope_id = rule.scope.id,
                      .priority = rule.priority,
                      .event_kind = rule.event_kind,
                      .level = rule.level,
                      .basis = rule.basis,
                      .unit = rule.unit,
                      .rate = rule.rate.value,
                      .min_amount = rule.min_amount,
                      .max_amount = rule.max_amount,
                      .cap_customer = rule.cap_customer,
                      .budget = rule.budget};
    if (rule.conditions) row.conditions = to_json(*rule.conditions, rule.currency);
    if (rule.cap_partner_period) {
        row.cap_partner_period = rule.cap_partner_period->amount;
        row.cap_period = rule.cap_partner_period->period;
    }
    if (rule.duration_months) row.duration_months = *rule.duration_months;
    if (!rule.tiers) return row;
    StoredTiers& tiers = row.tiers.emplace();
    tiers.mode = rule.tiers->mode;
    tiers.timing = rule.tiers->timing;
    tiers.measure = rule.tiers->measure;
    tiers.period = rule.tiers->period;
    for (const Tier& tier : rule.tiers->steps) tiers.steps.push_back({tier.from, tier.rate.value});
    return row;
}

RuleVersion loaded(const StoredVersion& row) {
    RuleVersion rule{.id = row.rule_id,
                     .version = static_cast<int>(row.version),
                     .effective_from = row.effective_from,
                     .is_retired = row.is_retired,
                     .name = row.name,
                     .scope = {row.scope, row.scope_id},
                     .priority = static_cast<int>(row.priority),
                     .event_kind = row.event_kind,
                     .level = static_cast<int>(row.level),
                     .currency = row.currency,
                     .basis = row.basis,
                     .unit = row.unit,
                     .rate = {row.rate},
                     .min_amount = row.min_amount,
                     .max_amount = row.max_amount,
                     .cap_customer = row.cap_customer,
                     .budget = row.budget};
    if (row.conditions) {
        std::vector<FieldError> errors;
        schema::Reading reading{errors, "conditions"};
        rule.conditions = read_condition(*row.conditions, row.currency, reading);
        if (!rule.conditions)
            throw db::Mismatch("the conditions of " + row.rule_id.text() + " are not readable");
    }
    if (row.cap_partner_period)
        rule.cap_partner_period = PartnerCap{*row.cap_partner_period, row.cap_period};
    if (row.duration_months) rule.duration_months = static_cast<int>(*row.duration_months);
    if (!row.tiers) return rule;
    Tiers& tiers = rule.tiers.emplace();
    tiers.mode = row.tiers->mode;
    tiers.timing = row.tiers->timing;
    tiers.measure = row.tiers->measure;
    tiers.period = row.tiers->period;
    for (const StoredTier& step : row.tiers->steps) tiers.steps.push_back({step.from, {step.rate}});
    return rule;
}

RuleView view_of(const StoredVersion& row) {
    RuleView view = view_of(loaded(row), row.program_id);
    view.created_at = row.created_at;
    view.created_by = row.created_by;
    return view;
}

}  // namespace referral::commissions

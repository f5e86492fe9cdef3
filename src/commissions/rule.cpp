#include "commissions/rule.hpp"

#include "base/text.hpp"

namespace referral::commissions {

namespace {

using Errors = std::vector<FieldError>;

/// The field that holds the rate, as the API names it, and the most it may be.
struct RateField {
    const char* name;
    std::int64_t max;
    const char* rule;
};

RateField rate_field(Basis basis) {
    switch (basis) {
        case Basis::revenue:
        case Basis::margin:
        case Basis::commission:
            return {"rate_ppm", 10'000'000, "must be from 0 to 10,000,000 (1,000 %)"};
        case Basis::quantity:
            return {"unit_amount", 1'000'000'000'000, "must be from 0 to 1,000,000"};
        case Basis::fixed:
            return {"flat_amount", minor_max - 1, "must be an amount from 0 on"};
    }
    return {};
}

void check_rate(Rate rate, Basis basis, const std::string& path, Errors& errors) {
    const RateField field = rate_field(basis);
    if (rate.value < 0 || rate.value > field.max) errors.push_back({path + field.name, field.rule});
}

void check_tiers(const Tiers& tiers, Basis basis, Errors& errors) {
    if (tiers.steps.empty() || tiers.steps.size() > Tiers::steps_max) {
        errors.push_back(
            {"tiers", "must have 1 to " + std::to_string(Tiers::steps_max) + " entries"});
        return;
    }
    std::int64_t below = -1;
    for (std::size_t i = 0; i < tiers.steps.size(); ++i) {
        const Tier& tier = tiers.steps[i];
        const std::string path = "tiers." + std::to_string(i) + '.';
        if (i == 0 && tier.from != 0) errors.push_back({path + "from", "must be 0"});
        if (tier.from <= below) errors.push_back({path + "from", "must be more than before"});
        if (tier.from >= minor_max) errors.push_back({path + "from", "is too large"});
        check_rate(tier.rate, basis, path, errors);
        below = tier.from;
    }
}

void check_amount(const std::optional<std::int64_t>& amount, const char* name, std::int64_t min,
                  Errors& errors) {
    if (amount && (*amount < min || *amount >= minor_max))
        errors.push_back({name, min == 0 ? "must be an amount from 0 on" : "must be more than 0"});
}

void check_number(std::int64_t number, const char* name, std::int64_t min, std::int64_t max,
                  Errors& errors) {
    if (number < min || number > max)
        errors.push_back(
            {name, "must be from " + std::to_string(min) + " to " + std::to_string(max)});
}

}  // namespace

std::vector<FieldError> errors_of(const RuleVersion& rule) {
    Errors errors;
    if (!Line<100>::parse(rule.name)) errors.push_back({"name", "must be " + Line<100>::rule});
    check_number(rule.version, "version", 1, 1'000'000, errors);
    check_number(rule.priority, "priority", -1'000, 1'000, errors);
    check_number(rule.level, "level", 1, 3, errors);
    if (rule.scope.id <= 0) errors.push_back({"scope_id", "is required"});
    if (rule.basis == Basis::commission && rule.level == 1)
        errors.push_back({"basis", "is for the levels 2 and 3"});
    if (rule.tiers && rule.basis == Basis::commission)
        errors.push_back({"tiers", "are not for the basis commission"});
    if (rule.tiers) {
        check_tiers(*rule.tiers, rule.basis, errors);
        if (rule.rate.value != 0)
            errors.push_back({rate_field(rule.basis).name, "stands in each of the tiers"});
    } else {
        check_rate(rule.rate, rule.basis, "", errors);
    }
    check_amount(rule.min_amount, "min_amount", 0, errors);
    check_amount(rule.max_amount, "max_amount", 1, errors);
    if (rule.min_amount && rule.max_amount && *rule.min_amount > *rule.max_amount)
        errors.push_back({"max_amount", "must not be less than min_amount"});
    check_amount(rule.cap_customer, "cap_customer", 1, errors);
    if (rule.cap_partner_period)
        check_amount(rule.cap_partner_period->amount, "cap_partner_period", 1, errors);
    check_amount(rule.budget, "budget", 1, errors);
    if (rule.duration_months)
        check_number(*rule.duration_months, "duration_months", 1, 1'200, errors);
    return errors;
}

}  // namespace referral::commissions

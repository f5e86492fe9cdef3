#include "commissions/rule_form.hpp"

#include <algorithm>

#include "links/links.hpp"
#include "partners/partners.hpp"

namespace referral::commissions {

namespace {

using Errors = std::vector<FieldError>;

/// Reads a form's members into a version.
class FormReader {
public:
    FormReader(const RuleForm& form, const RuleFrame& frame, Errors& errors)
        : form_(form), frame_(frame), errors_(errors) {}

    RuleVersion read() {
        version_.name = form_.name.text();
        version_.effective_from = form_.effective_from.value_or(frame_.now);
        version_.currency = frame_.currency;
        if (form_.currency && *form_.currency != frame_.currency)
            refuse("currency", "must be the program's, " + frame_.currency.text());
        if (form_.program_id && *form_.program_id != frame_.program_id)
            refuse("program_id", "is of another program");
        version_.priority = form_.priority ? static_cast<int>(form_.priority->value) : 0;
        version_.event_kind = form_.event_kind.value_or(frame_.trigger);
        version_.level = form_.level ? static_cast<int>(form_.level->value) : 1;
        version_.basis = form_.basis;
        read_scope();
        read_conditions();
        read_unit();
        if (form_.tiers)
            read_tiers();
        else
            read_flat_rate();
        read_limits();
        if (form_.duration_months)
            version_.duration_months = static_cast<int>(form_.duration_months->value);
        for (FieldError& error : errors_of(version_)) add(std::move(error));
        return std::move(version_);
    }

private:
    void refuse(std::string field, std::string message) {
        errors_.push_back({std::move(field), std::move(message)});
    }

    /// The first complaint about a field is the one to read.
    void add(FieldError error) {
        if (std::ranges::find(errors_, error.field, &FieldError::field) == errors_.end())
            errors_.push_back(std::move(error));
    }

    void read_scope() {
        const ScopeKind kind = form_.scope.value_or(ScopeKind::program);
        version_.scope = {kind, kind == ScopeKind::program ? frame_.program_id.value : 0};
        if (!form_.scope_id) return;
        const auto scope = parse_scope(kind, *form_.scope_id);
        if (!scope)
            refuse("scope_id", "must be the id of the " + std::string(name_of(kind)));
        else if (kind == ScopeKind::program && scope->id != frame_.program_id.value)
            refuse("scope_id", "must be the rule's program");
        else
            version_.scope = *scope;
    }

    void read_conditions() {
        if (!form_.conditions) return;
        schema::Reading reading{errors_, "conditions"};
        version_.conditions = read_condition(*form_.conditions, frame_.currency, reading);
    }

    void read_unit() {
        if (form_.unit && form_.basis != Basis::quantity)
            refuse("unit", "is for the basis quantity");
        if (!form_.unit && form_.basis == Basis::quantity) refuse("unit", "is required");
        version_.unit = form_.unit.value_or(Unit::load);
    }

    std::optional<std::int64_t> amount(const std::optional<Decimal>& from, const char* field) {
        if (!from) return std::nullopt;
        const auto minor = from->in_units_from_zero(frame_.currency.decimals());
        if (!minor)
            refuse(field, "must be an amount of " + frame_.currency.text() + ", not below 0");
        return minor;
    }

    /// The rate from the field that the basis wants; the others have to be absent.
    template <class Form>
    Rate rate_of(const Form& form, const std::string& path) {
        const bool is_share = form_.basis != Basis::quantity && form_.basis != Basis::fixed;
        const auto check = [&](bool there, bool wanted, const char* field) {
            if (there && !wanted)
                refuse(path + field, "is not for the basis " + std::string(name_of(form_.basis)));
            if (!there && wanted) refuse(path + field, "is required");
            return there && wanted;
        };
        Rate rate;
        if (check(form.rate_ppm.has_value(), is_share, "rate_ppm"))
            rate.value = form.rate_ppm->value;
        if (check(form.unit_amount.has_value(), form_.basis == Basis::quantity, "unit_amount"))
            rate.value = scaled(*form.unit_amount, 6, path + "unit_amount",
                                "must have at most 6 digits behind the point and not be below 0");
        if (check(form.flat_amount.has_value(), form_.basis == Basis::fixed, "flat_amount"))
            rate.value = scaled(*form.flat_amount, frame_.currency.decimals(), path + "flat_amount",
                                "must be an amount of " + frame_.currency.text() + ", not below 0");
        return rate;
    }

    std::int64_t scaled(const Decimal& from, int decimals, const std::string& field,
                        const std::string& rule) {
        const auto value = from.in_units_from_zero(decimals);
        if (!value) refuse(field, rule);
        return value.value_or(0);
    }

    void read_flat_rate() {
        version_.rate = rate_of(form_, "");
        for (const auto& [there, field] :
             {std::pair{form_.tier_mode.has_value(), "tier_mode"},
              std::pair{form_.tier_timing.has_value(), "tier_timing"},
              std::pair{form_.tier_measure.has_value(), "tier_measure"},
              std::pair{form_.tier_period.has_value(), "tier_period"}})
            if (there) refuse(field, "is for rules with tiers");
    }

    void read_tiers() {
        Tiers& tiers = version_.tiers.emplace();
        tiers.mode = form_.tier_mode.value_or(TierMode::marginal);
        tiers.timing = form_.tier_timing.value_or(TierTiming::after);
        tiers.measure = form_.tier_measure.value_or(TierMeasure::basis);
        tiers.period = form_.tier_period.value_or(Period::month);
        for (const auto& [there, field] : {std::pair{form_.rate_ppm.has_value(), "rate_ppm"},
                                           std::pair{form_.unit_amount.has_value(), "unit_amount"},
                                           std::pair{form_.flat_amount.has_value(), "flat_amount"}})
            if (there) refuse(field, "stands in each of the tiers");
        if (form_.tiers->size() > Tiers::steps_max) {
            refuse("tiers", "must have 1 to " + std::to_string(Tiers::steps_max) + " entries");
            tiers.steps.push_back({});
            return;
        }
        for (std::size_t i = 0; i < form_.tiers->size(); ++i) {
            const TierForm& form = (*form_.tiers)[i];
            const std::string path = "tiers." + std::to_string(i) + '.';
            const std::int64_t from = scaled(form.from, volume_decimals(), path + "from",
                                             "has more digits than what is counted");
            tiers.steps.push_back({from, rate_of(form, path)});
        }
    }

    int volume_decimals() const {
        if (version_.tiers->measure == TierMeasure::customers || form_.basis == Basis::fixed)
            return 0;
        return form_.basis == Basis::quantity ? 3 : frame_.currency.decimals();
    }

    void read_limits() {
        version_.min_amount = amount(form_.min_amount, "min_amount");
        version_.max_amount = amount(form_.max_amount, "max_amount");
        version_.cap_customer = amount(form_.cap_customer, "cap_customer");
        version_.budget = amount(form_.budget, "budget");
        if (const auto cap = amount(form_.cap_partner_period, "cap_partner_period"))
            version_.cap_partner_period =
                PartnerCap{*cap, form_.cap_period.value_or(Period::month)};
        else if (form_.cap_period && !form_.cap_partner_period)
            refuse("cap_period", "is for rules with cap_partner_period");
    }

    const RuleForm& form_;
    const RuleFrame& frame_;
    Errors& errors_;
    RuleVersion version_;
};

/// A rate in the field of its basis.
template <class View>
void show_rate(Rate rate, const RuleVersion& rule, View& view) {
    switch (rule.basis) {
        case Basis::revenue:
        case Basis::margin:
        case Basis::commission:
            view.rate_ppm = rate.value;
            return;
        case Basis::quantity:
            view.unit_amount = Ratio(rate.value, 1'000'000).text();
            return;
        case Basis::fixed:
            view.flat_amount = to_text(Money{rate.value, rule.currency});
            return;
    }
}

std::string volume_number(std::int64_t volume, const RuleVersion& rule) {
    if (rule.tiers->measure == TierMeasure::customers || rule.basis == Basis::fixed)
        return std::to_string(volume);
    if (rule.basis == Basis::quantity) return Ratio(volume, 1'000).text();
    return to_text(Money{volume, rule.currency});
}

}  // namespace

RuleVersion version_of(const RuleForm& form, const RuleFrame& frame, Errors& errors) {
    return FormReader(form, frame, errors).read();
}

std::string scope_text(const Scope& scope) {
    switch (scope.kind) {
        case ScopeKind::program:
            return ProgramId{scope.id}.text();
        case ScopeKind::group:
            return partners::GroupId{scope.id}.text();
        case ScopeKind::code:
            return links::LinkId{scope.id}.text();
        case ScopeKind::enrolment:
            return partners::EnrolmentId{scope.id}.text();
    }
    return {};
}

std::optional<Scope> parse_scope(ScopeKind kind, std::string_view text) {
    const auto scope = [&](const auto& id) {
        return id ? std::optional(Scope{kind, id->value}) : std::nullopt;
    };
    switch (kind) {
        case ScopeKind::program:
            return scope(ProgramId::parse(text));
        case ScopeKind::group:
            return scope(partners::GroupId::parse(text));
        case ScopeKind::code:
            return scope(links::LinkId::parse(text));
        case ScopeKind::enrolment:
            return scope(partners::EnrolmentId::parse(text));
    }
    return std::nullopt;
}

RuleView view_of(const RuleVersion& rule, ProgramId program) {
    const auto money = [&](const std::optional<std::int64_t>& minor) {
        return minor ? std::optional(to_text(Money{*minor, rule.currency})) : std::nullopt;
    };
    RuleView view{.id = rule.id,
                  .version = rule.version,
                  .program_id = program,
                  .scope = rule.scope.kind,
                  .scope_id = scope_text(rule.scope),
                  .name = rule.name,
                  .priority = rule.priority,
                  .event_kind = rule.event_kind,
                  .level = rule.level,
                  .currency = rule.currency,
                  .basis = rule.basis,
                  .unit = rule.unit,
                  .min_amount = money(rule.min_amount),
                  .max_amount = money(rule.max_amount),
                  .cap_customer = money(rule.cap_customer),
                  .budget = money(rule.budget),
                  .effective_from = rule.effective_from,
                  .is_retired = rule.is_retired,
                  .sentence = sentence(rule)};
    if (rule.conditions) view.conditions = to_json(*rule.conditions, rule.currency);
    if (rule.cap_partner_period) {
        view.cap_partner_period = money(rule.cap_partner_period->amount);
        view.cap_period = rule.cap_partner_period->period;
    }
    if (rule.duration_months) view.duration_months = *rule.duration_months;
    if (!rule.tiers) {
        show_rate(rule.rate, rule, view);
        return view;
    }
    view.tier_mode = rule.tiers->mode;
    view.tier_timing = rule.tiers->timing;
    view.tier_measure = rule.tiers->measure;
    view.tier_period = rule.tiers->period;
    for (const Tier& tier : rule.tiers->steps) {
        TierView& shown = view.tiers.emplace_back();
        shown.from = volume_number(tier.from, rule);
        show_rate(tier.rate, rule, shown);
    }
    return view;
}

}  // namespace referral::commissions

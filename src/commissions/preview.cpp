#include "commissions/preview.hpp"

#include <algorithm>

#include "commissions/calculate.hpp"
#include "commissions/exchange_rates.hpp"
#include "commissions/schemas.hpp"

namespace referral::commissions {

namespace {

/// Where a draft without an id stands meanwhile.
constexpr RuleId draft_id{1};

using Errors = std::vector<FieldError>;

/// A sample order on its way to facts.
class SampleReader {
public:
    SampleReader(const Sample& sample, const RuleVersion& rule, Instant now, Errors& errors)
        : sample_(sample), rule_(rule), now_(now), errors_(errors) {}

    /// Points into the sample and this.
    Facts read(db::Transaction& tx) {
        Facts facts{
            .kind = sample_.event_kind.value_or(rule_.event_kind),
            .occurred_at = sample_.occurred_at.value_or(std::max(now_, rule_.effective_from)),
            .currency = sample_.currency.value_or(rule_.currency),
            .unit = sample_.unit.value_or(rule_.unit),
            .mode = sample_.mode,
            .is_returning = sample_.is_returning.value_or(false),
            .level = rule_.level};
        facts.revenue = number(sample_.revenue, facts.currency.decimals(), "revenue", 0);
        facts.cost = number(sample_.cost, facts.currency.decimals(), "cost", 0);
        facts.quantity = number(sample_.quantity, 3, "quantity", 1'000);
        facts.commission = number(sample_.commission, rule_.currency.decimals(), "commission", 0);
        if (sample_.lane) facts.lane = *sample_.lane;
        if (sample_.customer_country) country_ = sample_.customer_country->text();
        facts.customer_country = country_;
        read_metadata();
        facts.metadata = metadata_;
        read_rate(tx, facts);
        return facts;
    }

    std::int64_t volume() {
        if (!rule_.tiers) return 0;
        const bool is_count =
            rule_.tiers->measure == TierMeasure::customers || rule_.basis == Basis::fixed;
        const int decimals = is_count                         ? 0
                             : rule_.basis == Basis::quantity ? 3
                                                              : rule_.currency.decimals();
        return number(sample_.volume, decimals, "volume", 0);
    }

private:
    std::int64_t number(const std::optional<Decimal>& from, int decimals, const std::string& field,
                        std::int64_t otherwise) {
        if (!from) return otherwise;
        const auto value = from->in_units_from_zero(decimals);
        if (!value) errors_.push_back({"sample." + field, "has too many digits or is below 0"});
        return value.value_or(otherwise);
    }

    void read_metadata() {
        if (!sample_.metadata) return;
        for (const auto& member : *sample_.metadata) {
            const std::string_view key(member.key().data(), member.key().size());
            const auto* text = member.value().if_string();
            if (text)
                metadata_.push_back({key, {text->data(), text->size()}});
            else
                errors_.push_back({"sample.metadata." + std::string(key), "must be text"});
        }
    }

    void read_rate(db::Transaction& tx, Facts& facts) {
        if (facts.currency == rule_.currency) return;
        facts.exchange_rate = sample_.exchange_rate;
        if (!facts.exchange_rate)
            facts.exchange_rate = rate_at(tx, facts.currency, rule_.currency, facts.occurred_at);
        if (!facts.exchange_rate)
            errors_.push_back({"sample.exchange_rate", "is required: there is none for the day"});
    }

    const Sample& sample_;
    const RuleVersion& rule_;
    const Instant now_;
    Errors& errors_;
    std::string country_;
    std::vector<Metadatum> metadata_;
};

void try_on(db::Transaction& tx, const Sample& sample, const RuleVersion& rule,
            const programs::Program& program, Instant now, Errors& errors, Preview& result) {
    SampleReader reader(sample, rule, now, errors);
    const Facts facts = reader.read(tx);
    const State state{.volume = reader.volume(), .is_new_customer = !facts.is_returning};
    if (!errors.empty()) return;
    // Whomever the rule is for, the sample is that one's.
    Place place{.program = program.id.value,
                .enrolment = rule.scope.id,
                .code = rule.scope.id,
                .groups = std::span(&rule.scope.id, 1)};
    const Rules alone({rule});
    const Considered considered = alone.explain(facts, place).at(0);
    result.applies = !considered.loss;
    if (considered.loss) result.why_not = text_of(considered);
    const Zone zone(program.timezone);
    const Calculation found = calculate(facts, rule, state, zone);
    result.amount = to_text(Money{result.applies.value() ? found.amount : 0, rule.currency});
    if (!result.applies.value()) return;
    std::string text = text_of(found.trace, rule, facts.currency);
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        result.sentences.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    result.steps = to_json(found.trace, rule, facts.currency);
}

}  // namespace

Preview preview(db::Transaction& tx, const PreviewForm& form, Instant now) {
    Preview result;
    Errors errors;
    RuleForm draft;
    schema::Reading reading{errors, "rule"};
    const bool is_readable = schema::Json<RuleForm>::read(form.rule, draft, reading);
    if (is_readable) {
        const RuleFrame frame = frame_of(tx, draft.program_id, now);
        const programs::Program program = programs::get(tx, frame.program_id);
        Errors found;
        RuleVersion rule = version_of(draft, frame, found);
        check_scope(tx, rule, frame.program_id, found);
        rule.id = draft_id;
        for (FieldError& error : found)
            errors.push_back({"rule." + error.field, std::move(error.message)});
        result.currency = rule.currency;
        if (found.empty()) {
            result.sentence = sentence(rule);
            if (form.sample) try_on(tx, *form.sample, rule, program, now, errors, result);
        }
    }
    for (FieldError& error : errors)
        result.errors.push_back({std::move(error.field), std::move(error.message)});
    return result;
}

}  // namespace referral::commissions

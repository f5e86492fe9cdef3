#include "commissions/explanation.hpp"

#include <algorithm>

#include "commissions/commission_queries.hpp"
#include "commissions/settle.hpp"
#include "commissions/shares.hpp"

namespace referral::commissions {

namespace {

constexpr std::size_t considered_max = 50;

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        lines.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return lines;
}

AttributionView shown(const conversions::Trace& trace, CommissionOwner owner) {
    AttributionView view{.source = trace.source, .text = explained(trace)};
    if (owner) view.text = explained(conversions::why_not(trace, UserId{*owner}));
    for (const conversions::Step& step : trace.steps)
        if (!owner || step.partner == UserId{*owner})
            view.steps.push_back({.source = step.source,
                                  .user_id = step.partner,
                                  .reason = step.reason,
                                  .made_at = step.made_at,
                                  .until = step.until,
                                  .click_id = step.click_id,
                                  .outside_seconds = step.outside_seconds,
                                  .weight_ppm = step.weight_ppm,
                                  .note = step.note});
    return view;
}

/// Why this version is the one, as rules and facts are now.
std::vector<ConsideredView> considered(db::Transaction& tx, const conversions::Outcome& outcome,
                                       const CommissionRow& row) {
    const ProgramId program = outcome.conversion.program_id;
    const auto shares = shares_of(tx, outcome);
    const auto share = std::ranges::find_if(shares, [&](const Share& each) {
        return each.credited == row.credited_id && each.level == row.level;
    });
    if (share == shares.end()) return {};
    const auto versions = all_versions(tx, program);
    std::vector<Metadatum> metadata;
    Facts facts = facts_of(outcome.conversion, metadata);
    facts.level = static_cast<int>(row.level);
    facts.exchange_rate = row.exchange_rate;
    if (ask_customer(versions)) facts.is_returning = is_returning(tx, outcome.conversion);
    std::vector<ConsideredView> views;
    const Rules rules(versions);
    for (const Considered& each : rules.explain(facts, place_of(*share, program))) {
        if (views.size() == considered_max) break;
        views.push_back({.rule_id = each.rule->id,
                         .version = each.rule->version,
                         .name = each.rule->name,
                         .loss = each.loss,
                         .sentence = text_of(each)});
    }
    return views;
}

void tell_rest(const CommissionListRow& listed, std::vector<std::string>& sentences) {
    if (listed.manual == 0) return;
    const auto money = [&](std::int64_t minor) {
        return listed.currency.text() + ' ' + to_text(Money{minor, listed.currency});
    };
    sentences.push_back("Changed by people: " + money(listed.manual) + ", which makes " +
                        money(listed.amount));
}

}  // namespace

Explanation explanation(db::Transaction& tx, CommissionId id, CommissionOwner owner, Instant now) {
    const auto listed = tx.maybe(sql::get, id, owner);
    if (!listed) throw not_found("commission");
    const programs::Program program = programs::get(tx, listed->program_id);
    const Zone zone(program.timezone);
    Group group(tx, program, zone, Group::For::reading);
    Explanation result{.commission = shown(*listed, now), .changes = changes(tx, id, owner)};

    const bool is_computed = listed->status != Status::canceled;
    const CommissionRow row = tx.one(sql::rows_to_read, std::vector{id});
    const RuleVersion& rule = group.version_of(row);
    result.rule = view_of(rule, program.id);
    result.steps = schema::json::array();
    if (is_computed) {
        const Calculation calculation = group.explain(id);
        result.sentences = lines_of(text_of(calculation.trace, rule, row.facts_currency));
        result.steps = to_json(calculation.trace, rule, row.facts_currency);
        tell_rest(*listed, result.sentences);
    }
    result.sentences.push_back(result.commission.payable_sentence);
    if (const auto outcome = conversions::outcome(tx, row.conversion_id)) {
        result.attribution = shown(outcome->attribution.trace, owner);
        if (!owner) result.considered = considered(tx, *outcome, row);
    }
    return result;
}

}  // namespace referral::commissions

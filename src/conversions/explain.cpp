/// "Why not me?"

#include "base/problem.hpp"
#include "conversions/queries.hpp"
#include "conversions/view_queries.hpp"
#include "conversions/views.hpp"

namespace referral::conversions {

namespace {

/// What is asked about, and for whom.
struct Question {
    std::vector<ConversionId> conversions;
    std::optional<UserId> user;  ///< Whose click or code it is.
    std::string alone;           ///< The answer when there is no conversion.
};

std::string about(const clicks::StoredClick& click) {
    if (click.click_class == clicks::Class::human)
        return "The click counts, and no conversion is known of its visitor.";
    return "The click does not count: its class is " + std::string(name_of(click.click_class)) +
           ". No conversion is known of its visitor.";
}

Question question(db::Transaction& tx, const ExplainParams& params) {
    if (params.external_id)
        return {.conversions = tx.all(sql::by_external_id, params.external_id->text())};
    if (params.code) {
        const auto link = tx.maybe(sql::link_by_code, links::code_key(params.code->text()));
        if (!link) throw not_found("code");
        const auto& [id, user, program, code] = *link;
        return {.conversions = tx.all(sql::by_link, id),
                .user = user,
                .alone = "No conversion is known of a customer who came by this code."};
    }
    const auto click = clicks::find_click(tx, *params.click_id);
    if (!click || !click->user_id) throw not_found("click");
    return {.conversions =
                tx.all(sql::by_click, click->id.uuid(), clicks::visitor_uuid(click->visitor)),
            .user = click->user_id,
            .alone = about(*click)};
}

Explanation explanation(const StoredConversion& stored, const Attribution& attribution,
                        UserId user) {
    const WhyNot answer = why_not(attribution.trace, user);
    Explanation explanation{.conversion_id = stored.id,
                            .external_id = stored.external_id,
                            .kind = stored.kind,
                            .occurred_at = stored.occurred_at,
                            .user_id = user,
                            .nearest = answer.nearest,
                            .policy_version = answer.policy_version,
                            .sentence = explained(answer)};
    for (const Credit& credit : attribution.credits)
        if (credit.partner == user) explanation.weight_ppm += credit.weight_ppm;
    return explanation;
}

}  // namespace

std::vector<Explanation> explain(db::Transaction& tx, std::optional<std::int64_t> owner,
                                 const ExplainParams& params) {
    const int given =
        params.click_id.has_value() + params.code.has_value() + params.external_id.has_value();
    if (given != 1)
        throw Problem(Refusal::invalid,
                      {{"external_id", "or code or click_id: exactly one must be given"}});
    const Question asked = question(tx, params);
    if (owner && asked.user && asked.user->value != *owner)
        throw not_found(params.code ? "code" : "click");
    std::optional<UserId> user = owner ? std::optional(UserId{*owner}) : params.user_id;
    if (!user) user = asked.user;
    std::vector<Explanation> answers;
    std::vector<ConversionId> ids = asked.conversions;
    for (const ConversionId id : ids) {
        const auto stored = tx.maybe(sql::find, id);
        const auto outcome_now = outcome(tx, id);
        if (!stored || !outcome_now) continue;
        // Asked by staff about a document alone: everybody who has a claim.
        std::vector<UserId> whom;
        if (user) whom.push_back(*user);
        if (!user)
            for (const Step& step : outcome_now->attribution.trace.steps)
                if (std::ranges::find(whom, step.partner) == whom.end())
                    whom.push_back(step.partner);
        for (const UserId each : whom) {
            Explanation answer = explanation(*stored, outcome_now->attribution, each);
            // That there is such a conversion is not for who has no part in it.
            if (owner && !answer.nearest) continue;
            answers.push_back(std::move(answer));
        }
    }
    if (!answers.empty()) return answers;
    if (asked.user && user == asked.user)
        return {{.user_id = *asked.user, .sentence = asked.alone}};
    throw Problem(Refusal::not_found,
                  "No click, code or lead of the partner is known for such a conversion.");
}

}  // namespace referral::conversions

#pragma once

#include "commissions/actions.hpp"
#include "commissions/explanation.hpp"
#include "commissions/listed.hpp"
#include "commissions/preview.hpp"
#include "commissions/schemas_rules.hpp"

namespace referral::commissions {

/// Bodies of actions.
struct OptionalReason {
    Reasoning reason{};
};
struct RequiredReason {
    Line<500> reason;
};
struct Adjustment {
    std::string amount_change;
    Line<500> reason;
};
struct ClawBack {
    std::optional<std::string> amount{};
    Line<500> reason;
};
/// Body of giving up a rule.
struct Retirement {
    std::optional<Instant> effective_from{};
};

/// A sum with its amount as a decimal.
struct SumView {
    Currency currency;
    Status status = Status::pending;
    std::int64_t commissions = 0;
    std::string amount;
};

}  // namespace referral::commissions

namespace referral::schema {

template <>
struct Fields<commissions::OptionalReason> {
    using R = commissions::OptionalReason;
    static constexpr std::string_view name = "OptionalReason";
    static constexpr auto list = FieldList{field("reason", &R::reason, "Why.")};
};

template <>
struct Fields<commissions::RequiredReason> {
    using R = commissions::RequiredReason;
    static constexpr std::string_view name = "RequiredReason";
    static constexpr auto list = FieldList{field("reason", &R::reason, "Why.")};
};

template <>
struct Fields<commissions::Adjustment> {
    using A = commissions::Adjustment;
    static constexpr std::string_view name = "CommissionAdjustment";
    static constexpr auto list = FieldList{
        field("amount_change", &A::amount_change, "A decimal, with a minus to take away."),
        field("reason", &A::reason, "Why."),
    };
};

template <>
struct Fields<commissions::ClawBack> {
    using C = commissions::ClawBack;
    static constexpr std::string_view name = "ClawBack";
    static constexpr auto list = FieldList{
        field("amount", &C::amount, "A decimal; all of it when absent."),
        field("reason", &C::reason, "Why."),
    };
};

template <>
struct Fields<commissions::Retirement> {
    using R = commissions::Retirement;
    static constexpr std::string_view name = "Retirement";
    static constexpr auto list =
        FieldList{field("effective_from", &R::effective_from, "From when on; now when absent.")};
};

template <>
struct Fields<commissions::SumView> {
    using S = commissions::SumView;
    static constexpr std::string_view name = "CommissionSum";
    static constexpr auto list = FieldList{
        field("currency", &S::currency, "Of the amount."),
        field("status", &S::status, "Of these commissions."),
        field("commissions", &S::commissions, "How many."),
        field("amount", &S::amount, "What they come to."),
    };
};

template <>
struct Fields<commissions::SumFilter> {
    using F = commissions::SumFilter;
    static constexpr std::string_view name = "CommissionSumFilter";
    static constexpr auto list = FieldList{
        field("user_id", &F::user_id, "This partner's."),
        field("program_id", &F::program_id, "Of this program."),
    };
};

template <>
struct Fields<commissions::CommissionListRow> {
    using R = commissions::CommissionListRow;
    static constexpr std::string_view name = "CommissionListRow";
    static constexpr auto list = FieldList{
        field("id", &R::id, ""),
        field("conversion_id", &R::conversion_id, ""),
        field("program_id", &R::program_id, ""),
        field("program_name", &R::program_name, ""),
        field("customer_id", &R::customer_id, ""),
        field("user_id", &R::user_id, ""),
        field("user_name", &R::user_name, ""),
        field("credited_id", &R::credited_id, ""),
        field("credited_name", &R::credited_name, ""),
        field("level", &R::level, ""),
        field("rule_id", &R::rule_id, ""),
        field("rule_version", &R::rule_version, ""),
        field("rule_name", &R::rule_name, ""),
        field("event_kind", &R::event_kind, ""),
        field("source", &R::source, ""),
        field("external_id", &R::external_id, ""),
        field("occurred_at", &R::occurred_at, ""),
        field("currency", &R::currency, ""),
        field("amount", &R::amount, ""),
        field("computed", &R::computed, ""),
        field("manual", &R::manual, ""),
        field("reason", &R::reason, ""),
        field("status", &R::status, ""),
        field("held_from", &R::held_from, ""),
        field("triggered_at", &R::triggered_at, ""),
        field("approved_at", &R::approved_at, ""),
        field("created_at", &R::created_at, ""),
        field("updated_at", &R::updated_at, ""),
        field("hold_days", &R::hold_days, ""),
        field("trigger", &R::trigger, ""),
        field("four_eyes_above", &R::four_eyes_above, ""),
        field("is_enrolled", &R::is_enrolled, ""),
        field("approvals", &R::approvals, ""),
    };
};

template <>
struct Fields<commissions::Commission> {
    using C = commissions::Commission;
    static constexpr std::string_view name = "Commission";
    static constexpr auto list = FieldList{
        field("id", &C::id, "The commission."),
        field("conversion_id", &C::conversion_id, "What it is for."),
        field("program_id", &C::program_id, "In which program."),
        field("program_name", &C::program_name, "Its name."),
        field("customer_id", &C::customer_id, "Whose conversion it was."),
        field("user_id", &C::user_id, "The partner who earns it."),
        field("user_name", &C::user_name, "That partner's name."),
        field("credited_user_id", &C::credited_user_id, "Whom the conversion is credited to."),
        field("credited_user_name", &C::credited_user_name, "That partner's name."),
        field("level", &C::level, "1: the partner credited; 2, 3: who referred that one."),
        field("rule_id", &C::rule_id, "By which rule."),
        field("rule_version", &C::rule_version, "By which version of it."),
        field("rule_name", &C::rule_name, "What people call the rule."),
        field("event_kind", &C::event_kind, "What happened."),
        field("source", &C::source, "From which system it was reported."),
        field("external_id", &C::external_id, "Its number there."),
        field("occurred_at", &C::occurred_at, "When it happened."),
        field("amount", &C::amount, "What is posted."),
        field("computed_amount", &C::computed_amount, "What the rule pays."),
        field("manual_amount", &C::manual_amount, "What people added or took away."),
        field("currency", &C::currency, "Of the amounts."),
        field("reason", &C::reason, "Why it is less than the rate says."),
        field("status", &C::status, "What became of it."),
        field("held_from", &C::held_from, "Of a held one: where it goes back to."),
        field("payable_on", &C::payable_on, "From when on it is payable, as far as is known."),
        field("why_not_payable", &C::why_not_payable, "Why it is not; null: it is, or was paid."),
        field("payable_sentence", &C::payable_sentence, "The same for people."),
        field("approvals_missing", &C::approvals_missing,
              "Above the program's limit: how many people have to approve it."),
        field("approved_at", &C::approved_at, "When it became payable."),
        field("created_at", &C::created_at, "When it was made."),
        field("updated_at", &C::updated_at, "When it last changed."),
    };
};

template <>
struct Fields<commissions::CommissionFilter> {
    using F = commissions::CommissionFilter;
    static constexpr std::string_view name = "CommissionFilter";
    static constexpr auto list = FieldList{
        field("status", &F::status, "Of this status."),
        field("user_id", &F::user_id, "This partner's."),
        field("program_id", &F::program_id, "Of this program."),
        field("conversion_id", &F::conversion_id, "For this conversion."),
        field("rule_id", &F::rule_id, "By this rule."),
        field("customer_id", &F::customer_id, "For this customer's conversions."),
        field("from", &F::from, "That occurred from then on …"),
        field("to", &F::to, "… and before that."),
        field("limit", &F::limit, "How many at most."),
        field("cursor", &F::cursor, "The next_cursor of the page before."),
    };
};

template <>
struct Fields<commissions::CommissionChange> {
    using C = commissions::CommissionChange;
    static constexpr std::string_view name = "CommissionChange";
    static constexpr auto list = FieldList{
        field("id", &C::id, ""),
        field("action", &C::action, "accrue, recompute, approve, hold, release, …"),
        field("status_before", &C::status_before, "null: it was made."),
        field("status", &C::status, "What it became."),
        field("amount_before", &C::amount_before, "What it was."),
        field("amount", &C::amount, "What it became."),
        field("currency", &C::currency, "Of both."),
        field("changed_at", &C::changed_at, "When."),
        field("user_id", &C::user_id, "Who; null: the program itself."),
        field("user_name", &C::user_name, "That one's name."),
        field("reason", &C::reason, "Why, in that one's words."),
    };
};

/// Amounts as decimals, without the row's number.
template <>
struct Json<commissions::CommissionChange> {
    static json::value write(const commissions::CommissionChange& change) {
        const auto money = [&](std::int64_t minor) {
            return json::string(to_text(Money{minor, change.currency}));
        };
        return json::object{
            {"action", json::string(change.action)},
            {"status_before",
             Json<std::optional<commissions::Status>>::write(change.status_before)},
            {"status", json::string(name_of(change.status))},
            {"amount_before", money(change.amount_before)},
            {"amount", money(change.amount)},
            {"difference", money(change.amount - change.amount_before)},
            {"currency", json::string(change.currency.text())},
            {"changed_at", Json<Instant>::write(change.changed_at)},
            {"user_id", Json<std::optional<accounts::UserId>>::write(change.user_id)},
            {"user_name", Json<std::optional<std::string>>::write(change.user_name)},
            {"reason", Json<std::optional<std::string>>::write(change.reason)}};
    }
    static json::object describe(Components& components) {
        json::object status = Json<commissions::Status>::describe(components);
        json::object text{{"type", "string"}};
        json::object maybe{{"type", json::array{"string", "null"}}};
        return {{"type", "object"},
                {"properties",
                 {{"action", text},
                  {"status_before", Json<std::optional<commissions::Status>>::describe(components)},
                  {"status", status},
                  {"amount_before", text},
                  {"amount", text},
                  {"difference", text},
                  {"currency", text},
                  {"changed_at", Json<Instant>::describe(components)},
                  {"user_id", maybe},
                  {"user_name", maybe},
                  {"reason", maybe}}}};
    }
};

template <>
struct Fields<commissions::CommissionSum> {
    using S = commissions::CommissionSum;
    static constexpr std::string_view name = "CommissionSumRow";
    static constexpr auto list = FieldList{
        field("currency", &S::currency, ""),
        field("status", &S::status, ""),
        field("commissions", &S::commissions, ""),
        field("amount", &S::amount, ""),
    };
};

template <>
struct Fields<commissions::ConsideredView> {
    using C = commissions::ConsideredView;
    static constexpr std::string_view name = "ConsideredRule";
    static constexpr auto list = FieldList{
        field("rule_id", &C::rule_id, "The rule."),
        field("version", &C::version, "Which version."),
        field("name", &C::name, "What people call it."),
        field("loss", &C::loss, "Why it is not the one; null: it is."),
        field("sentence", &C::sentence, "The same for people."),
    };
};

template <>
struct Fields<commissions::ClaimView> {
    using C = commissions::ClaimView;
    static constexpr std::string_view name = "ExplainedClaim";
    static constexpr auto list = FieldList{
        field("source", &C::source, "What the claim rests on."),
        field("user_id", &C::user_id, "The partner."),
        field("reason", &C::reason, "What became of it, and why."),
        field("made_at", &C::made_at, "When it was clicked, typed, signed, registered or locked."),
        field("until", &C::until, "Of a lead or a lock its end, exclusive."),
        field("click_id", &C::click_id, "The click."),
        field("outside_seconds", &C::outside_seconds, "By how much it missed its time."),
        field("weight_ppm", &C::weight_ppm, "Of a credited one the partner's whole share."),
        field("note", &C::note, "A code, a domain, an admin's reason."),
    };
};

template <>
struct Fields<commissions::AttributionView> {
    using A = commissions::AttributionView;
    static constexpr std::string_view name = "ExplainedAttribution";
    static constexpr auto list = FieldList{
        field("source", &A::source, "What decided whose the conversion is."),
        field("steps", &A::steps, "What became of each claim; of partners their own."),
        field("text", &A::text, "The same for people."),
    };
};

template <>
struct Fields<commissions::Explanation> {
    using E = commissions::Explanation;
    static constexpr std::string_view name = "CommissionExplanation";
    static constexpr auto list = FieldList{
        field("commission", &E::commission, "What is explained."),
        field("sentences", &E::sentences, "The steps of the calculation, in order."),
        field("steps", &E::steps, "The same for programs: a list of objects with `step`."),
        field("rule", &E::rule, "The version that pays."),
        field("attribution", &E::attribution, "Why the conversion is this partner's."),
        field("considered", &E::considered,
              "Rules that could have been the one; not for partners."),
        field("changes", &E::changes, "What happened to it, the oldest first."),
    };
};

template <>
struct Fields<commissions::Sample> {
    using S = commissions::Sample;
    static constexpr std::string_view name = "SampleOrder";
    static constexpr auto list = FieldList{
        field("event_kind", &S::event_kind, "The rule's when absent."),
        field("occurred_at", &S::occurred_at, "Now when absent."),
        field("currency", &S::currency, "The rule's when absent."),
        field("revenue", &S::revenue, "A decimal."),
        field("cost", &S::cost, "A decimal."),
        field("quantity", &S::quantity, "1 when absent."),
        field("unit", &S::unit, "The rule's when absent."),
        field("mode", &S::mode, "How the goods travel."),
        field("lane", &S::lane, "From where to where."),
        field("customer_country", &S::customer_country, "ISO 3166-1 alpha-2."),
        field("is_returning", &S::is_returning, "Whether the customer came before."),
        field("metadata", &S::metadata, "The business's own words: an object of texts."),
        field("exchange_rate", &S::exchange_rate, "That of the day when absent."),
        field("commission", &S::commission, "What level 1 earns, for the basis commission."),
        field("volume", &S::volume, "What tiers have counted before; 0."),
    };
};

template <>
struct Fields<commissions::PreviewForm> {
    using P = commissions::PreviewForm;
    static constexpr std::string_view name = "NewPreview";
    static constexpr auto list = FieldList{
        field("rule", &P::rule, "A draft, as for POST /commission-rules; it may be wrong."),
        field("sample", &P::sample, "An order to try it on."),
    };
};

template <>
struct Fields<commissions::PreviewError> {
    using P = commissions::PreviewError;
    static constexpr std::string_view name = "PreviewError";
    static constexpr auto list = FieldList{
        field("field", &P::field, "Of the body: rule.… or sample.…"),
        field("message", &P::message, "Reads on from the name."),
    };
};

template <>
struct Fields<commissions::Preview> {
    using P = commissions::Preview;
    static constexpr std::string_view name = "Preview";
    static constexpr auto list = FieldList{
        field("errors", &P::errors, "Everything that is wrong; empty: it could be stored."),
        field("sentence", &P::sentence, "The rule as a sentence."),
        field("applies", &P::applies, "Whether it is for the sample."),
        field("why_not", &P::why_not, "Why it is not."),
        field("amount", &P::amount, "What the sample earns."),
        field("currency", &P::currency, "Of the amount."),
        field("sentences", &P::sentences, "How that is computed."),
        field("steps", &P::steps, "The same for programs."),
    };
};

}  // namespace referral::schema

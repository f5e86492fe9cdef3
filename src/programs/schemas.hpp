#pragma once

#include "platform/schema/json.hpp"
#include "programs/programs.hpp"

namespace referral::programs {

/// A program as the API shows it: amounts as decimals.
struct ProgramView {
    Program program;
    bool to_staff = true;  ///< Partners are not told what the company sets itself as limits.
};

}  // namespace referral::programs

namespace referral::schema {

template <>
struct Fields<programs::Program> {
    using P = programs::Program;
    static constexpr std::string_view name = "Program";
    static constexpr auto list = FieldList{
        field("id", &P::id, "The program."),
        field("name", &P::name, "Its name."),
        field("kind", &P::kind, "Whom partners refer."),
        field("currency", &P::currency, "Of its commissions, ISO 4217."),
        field("timezone", &P::timezone, "In which its days and months begin."),
        field("attribution_model", &P::attribution_model, "Which click is credited."),
        field("click_window_days", &P::click_window_days, "How long a click earns."),
        field("duplicate_window_seconds", &P::duplicate_window_seconds,
              "How long clicks of one visitor on one link count once."),
        field("half_life_days", &P::half_life_days,
              "After how long a click weighs half, in the model decay."),
        field("acquisition", &P::acquisition, "Whether only customers not known before earn."),
        field("lock_days", &P::lock_days,
              "How long a customer stays its partner's after the first conversion that counts."),
        field("protection_days", &P::protection_days, "How long an accepted lead is protected."),
        field("trigger", &P::trigger,
              "The conversion that locks the customer and makes a commission due."),
        field("hold_days", &P::hold_days, "How long a commission is held after its trigger."),
        field("minimum_payout", &P::minimum_payout, "What a payout must come to."),
        field("budget", &P::budget, "All that it may ever pay; null: no end, or not for you."),
        field("four_eyes_above", &P::four_eyes_above,
              "Approving a commission above it takes another person; null: none does."),
        field("allowed_hosts", &P::allowed_hosts, "Hosts that links may lead to."),
        field("fallback_url", &P::fallback_url, "Where visitors of dead links go."),
        field("status", &P::status, "Whether links can be made."),
        field("version", &P::version, "Counts the changes of what decides attribution."),
        field("currency_fixed", &P::currency_fixed,
              "Whether there is business in its currency, so that it stays."),
        field("created_at", &P::created_at, "When it was made."),
        field("updated_at", &P::updated_at, "When it was last changed."),
    };
};

template <>
struct Fields<programs::NewProgram> {
    using N = programs::NewProgram;
    static constexpr std::string_view name = "NewProgram";
    static constexpr auto list = FieldList{
        field("name", &N::name, "Its name."),
        field("kind", &N::kind, "Whom partners refer; generic when absent."),
        field("currency", &N::currency, "Of its commissions, ISO 4217; USD when absent."),
        field("timezone", &N::timezone, "In which its days and months begin; UTC when absent."),
        field("attribution_model", &N::attribution_model, "Which click is credited; the last."),
        field("click_window_days", &N::click_window_days, "How long a click earns; 90."),
        field("duplicate_window_seconds", &N::duplicate_window_seconds,
              "How long clicks of one visitor on one link count once; 3,600."),
        field("half_life_days", &N::half_life_days,
              "After how long a click weighs half, in the model decay; 7."),
        field("acquisition", &N::acquisition, "Whether only customers not known before earn."),
        field("lock_days", &N::lock_days,
              "How long a customer stays its partner's after the first conversion that counts."),
        field("protection_days", &N::protection_days,
              "How long an accepted lead is protected; 90."),
        field("trigger", &N::trigger,
              "The conversion that locks the customer and makes a commission due; delivered."),
        field("hold_days", &N::hold_days, "How long a commission is held after its trigger; 30."),
        field("minimum_payout", &N::minimum_payout, "What a payout must come to; 0."),
        field("budget", &N::budget, "All that it may ever pay."),
        field("four_eyes_above", &N::four_eyes_above,
              "Approving a commission above it takes another person."),
        field("allowed_hosts", &N::allowed_hosts, "Hosts that links may lead to."),
        field("fallback_url", &N::fallback_url, "Where visitors of dead links go."),
    };
};

template <>
struct Fields<programs::ProgramChange> {
    using C = programs::ProgramChange;
    static constexpr std::string_view name = "ProgramChange";
    static constexpr auto list = FieldList{
        field("name", &C::name, "Its name."),
        field("kind", &C::kind, "Whom partners refer."),
        field("currency", &C::currency,
              "Of its commissions; not once there is business in it. Amounts go along."),
        field("timezone", &C::timezone, "In which its days and months begin."),
        field("attribution_model", &C::attribution_model, "Which click is credited."),
        field("click_window_days", &C::click_window_days, "How long a click earns."),
        field("duplicate_window_seconds", &C::duplicate_window_seconds,
              "How long clicks of one visitor on one link count once."),
        field("half_life_days", &C::half_life_days,
              "After how long a click weighs half, in the model decay."),
        field("acquisition", &C::acquisition, "Whether only customers not known before earn."),
        field("lock_days", &C::lock_days,
              "How long a customer stays its partner's after the first conversion that counts; "
              "null: not at all."),
        field("protection_days", &C::protection_days,
              "How long a lead is protected that is accepted from now on."),
        field("trigger", &C::trigger,
              "The conversion that locks the customer and makes a commission due."),
        field("hold_days", &C::hold_days, "How long a commission is held after its trigger."),
        field("minimum_payout", &C::minimum_payout, "What a payout must come to."),
        field("budget", &C::budget, "All that it may ever pay; null: no end."),
        field("four_eyes_above", &C::four_eyes_above,
              "Approving a commission above it takes another person; null: none does."),
        field("allowed_hosts", &C::allowed_hosts, "Hosts that links may lead to; all of them."),
        field("fallback_url", &C::fallback_url, "Where visitors of dead links go; null: nowhere."),
        field("status", &C::status, "Whether links can be made and partners enrol."),
    };
};

template <>
struct Fields<programs::AttributionPolicy> {
    using P = programs::AttributionPolicy;
    static constexpr std::string_view name = "AttributionPolicy";
    static constexpr auto list = FieldList{
        field("version", &P::version, "Counts the changes."),
        field("model", &P::model, "Which click is credited."),
        field("click_window_days", &P::click_window_days, "How long a click earns."),
        field("half_life_days", &P::half_life_days,
              "After how long a click weighs half, in the model decay."),
        field("acquisition", &P::acquisition, "Whether only customers not known before earn."),
        field("lock_days", &P::lock_days,
              "How long a customer stays its partner's; null: not at all."),
        field("effective_from", &P::effective_from,
              "For conversions that occur from then on; the first also for those before."),
    };
};

/// As a Program, but with its amounts as decimals of its currency.
template <>
struct Json<programs::ProgramView> {
    static json::value write(const programs::ProgramView& view) {
        const programs::Program& program = view.program;
        json::value written = Json<programs::Program>::write(program);
        json::object& object = written.as_object();
        const auto amount = [&](std::optional<std::int64_t> minor) -> json::value {
            if (!minor) return nullptr;
            return json::string(to_text(Money{*minor, program.currency}));
        };
        object["minimum_payout"] = amount(program.minimum_payout);
        object["budget"] = amount(view.to_staff ? program.budget : std::nullopt);
        object["four_eyes_above"] = amount(view.to_staff ? program.four_eyes_above : std::nullopt);
        return written;
    }
    static json::object describe(Components& components) {
        json::object reference = Json<programs::Program>::describe(components);
        json::object& properties = components["Program"].as_object()["properties"].as_object();
        properties["minimum_payout"].as_object()["type"] = "string";
        for (const char* name : {"budget", "four_eyes_above"})
            properties[name].as_object()["type"] = json::array{"string", "null"};
        return reference;
    }
};

}  // namespace referral::schema

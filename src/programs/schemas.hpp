#pragma once

#include "platform/schema/json.hpp"
#include "programs/programs.hpp"

namespace referral::programs {

/// A program as the API shows it: amounts as decimals.
struct ProgramView {
    Program program;
};

}  // namespace referral::programs

namespace referral::schema {

template <>
struct Fields<programs::Program> {
    using P = programs::Program;
    static constexpr std::string_view name = "Program";
    static constexpr auto list = std::tuple{
        field("id", &P::id, "The program."),
        field("name", &P::name, "Its name."),
        field("kind", &P::kind, "Whom partners refer."),
        field("currency", &P::currency, "Of its commissions, ISO 4217."),
        field("timezone", &P::timezone, "In which its days and months begin."),
        field("attribution_model", &P::attribution_model, "Which click is credited."),
        field("click_window_days", &P::click_window_days, "How long a click earns."),
        field("duplicate_window_seconds", &P::duplicate_window_seconds,
              "How long clicks of one visitor on one link count once."),
        field("trigger", &P::trigger, "The conversion that makes a commission due."),
        field("hold_days", &P::hold_days, "How long a commission is held after its trigger."),
        field("minimum_payout", &P::minimum_payout, "What a payout must come to."),
        field("allowed_hosts", &P::allowed_hosts, "Hosts that links may lead to."),
        field("fallback_url", &P::fallback_url, "Where visitors of dead links go."),
        field("status", &P::status, "Whether links can be made."),
        field("created_at", &P::created_at, "When it was made."),
        field("updated_at", &P::updated_at, "When it was last changed."),
    };
};

template <>
struct Fields<programs::ProgramChange> {
    using C = programs::ProgramChange;
    static constexpr std::string_view name = "ProgramChange";
    static constexpr auto list = std::tuple{
        field("name", &C::name, "Its name."),
        field("timezone", &C::timezone, "In which its days and months begin."),
        field("allowed_hosts", &C::allowed_hosts, "Hosts that links may lead to; all of them."),
        field("fallback_url", &C::fallback_url, "Where visitors of dead links go; null: nowhere."),
        field("click_window_days", &C::click_window_days, "How long a click earns."),
        field("duplicate_window_seconds", &C::duplicate_window_seconds,
              "How long clicks of one visitor on one link count once."),
    };
};

/// As a Program, but with its amount as a decimal of its currency.
template <>
struct Json<programs::ProgramView> {
    static json::value write(const programs::ProgramView& view) {
        json::value object = Json<programs::Program>::write(view.program);
        const Money minimum{view.program.minimum_payout, view.program.currency};
        object.as_object()["minimum_payout"] = json::string(to_text(minimum));
        return object;
    }
    static json::object describe(Components& components) {
        json::object reference = Json<programs::Program>::describe(components);
        components["Program"]
            .as_object()["properties"]
            .as_object()["minimum_payout"]
            .as_object()["type"] = "string";
        return reference;
    }
};

}  // namespace referral::schema

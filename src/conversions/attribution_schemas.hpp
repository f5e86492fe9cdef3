#pragma once

/// Decisions as JSON: in the API, and in the database, where they are kept as they were made.

#include "conversions/attribution.hpp"
#include "platform/schema/json.hpp"

namespace referral::schema {

template <>
struct Fields<conversions::Policy> {
    using T = conversions::Policy;
    static constexpr std::string_view name = "AppliedPolicy";
    static constexpr auto list = FieldList{
        field("version", &T::version, "The program's version"),
        field("model", &T::model, "How clicks share a conversion"),
        field("window_days", &T::window_days, "How long clicks, codes and tokens count"),
        field("half_life_days", &T::half_life_days, "Of the model decay"),
        field("acquisition", &T::acquisition, "Whether only new customers are credited"),
        field("lock_days", &T::lock_days, "For how long a customer becomes its partner's")};
};

template <>
struct Fields<conversions::Credit> {
    using T = conversions::Credit;
    static constexpr std::string_view name = "AttributionCredit";
    static constexpr auto list =
        FieldList{field("user_id", &T::partner, "The partner"),
                  field("weight_ppm", &T::weight_ppm, "The share in millionths"),
                  field("source", &T::source, "What it rests on"),
                  field("link_id", &T::link_id, "The link it rests on, where there is one")};
};

template <>
struct Fields<conversions::Step> {
    using T = conversions::Step;
    static constexpr std::string_view name = "AttributionStep";
    static constexpr auto list = FieldList{
        field("source", &T::source, "What the claim rests on"),
        field("user_id", &T::partner, "The partner"),
        field("reason", &T::reason, "What became of the claim, and why"),
        field("made_at", &T::made_at, "When it was clicked, typed, signed, registered or locked"),
        field("until", &T::until, "Of a lead or a lock its end, exclusive"),
        field("click_id", &T::click_id, "The click"),
        field("click_class", &T::click_class, "The click's class, where it is the reason"),
        field("outside_seconds", &T::outside_seconds, "By how much it missed its time"),
        field("weight_ppm", &T::weight_ppm, "Of a credited claim the partner's whole share"),
        field("note", &T::note, "A code, a domain, an admin's reason")};
};

template <>
struct Fields<conversions::Trace> {
    using T = conversions::Trace;
    static constexpr std::string_view name = "AttributionTrace";
    static constexpr auto list =
        FieldList{field("occurred_at", &T::occurred_at, "When the conversion occurred"),
                  field("policy", &T::policy, "The program as it was applied"),
                  field("source", &T::source, "What decided"),
                  field("steps", &T::steps, "What became of each claim, in the order asked"),
                  field("denied", &T::denied, "Why somebody decided that it is nobody's")};
};

template <>
struct Fields<conversions::Attribution> {
    using T = conversions::Attribution;
    static constexpr std::string_view name = "Attribution";
    static constexpr auto list = FieldList{
        field("credits", &T::credits, "Whose the conversion is"),
        field("locks_until", &T::locks_until, "Until when the customer is theirs from now on"),
        field("trace", &T::trace, "How it was decided")};
};

template <>
struct Fields<conversions::WhyNot> {
    using T = conversions::WhyNot;
    static constexpr std::string_view name = "WhyNot";
    static constexpr auto list =
        FieldList{field("user_id", &T::partner, "The partner"),
                  field("nearest", &T::nearest, "The claim that came nearest"),
                  field("policy_version", &T::policy_version, "The program's version")};
};

}  // namespace referral::schema

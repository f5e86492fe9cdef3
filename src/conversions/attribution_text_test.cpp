/// How decisions are told and kept.

#include <gtest/gtest.h>

#include "conversions/attribution_fixture_test.hpp"
#include "conversions/attribution_schemas.hpp"

namespace referral::conversions {
namespace {

TEST(AttributionTrace, TellsAPartnerWhyNot) {  // A15
    const AttributionFacts facts =
        conversion("2027-04-05T12:00:00Z",
                   {click(a, "03-01"), click(a, "01-01", 2), click(b, "2027-04-01T12:00:00Z")},
                   {.version = 3, .window_days = 365});
    const Trace trace = attribute(facts).trace;

    const WhyNot answer = why_not(trace, a);

    ASSERT_TRUE(answer.nearest);
    EXPECT_EQ(answer.nearest->reason, Reason::outside_window);
    EXPECT_EQ(answer.nearest->made_at, on("03-01"));
    EXPECT_EQ(answer.nearest->outside_seconds, 35 * 86'400);
    EXPECT_EQ(answer.policy_version, 3);
    EXPECT_EQ(explained(answer),
              "Nearest came a click of " + a.text() +
                  " at 2026-03-01T12:00:00Z: skipped, 35 d outside the window (version 3 of the "
                  "program).");
    EXPECT_EQ(why_not(trace, b).nearest->reason, Reason::credited);
    EXPECT_FALSE(why_not(trace, c).nearest);
}

TEST(AttributionTrace, TellsItsStepsInEnglish) {
    AttributionFacts facts = conversion(
        "03-12", {click(b, "03-10"), claim(Source::code, a, "03-12"), lead(c, "01-01", "03-01")});
    facts.claims[1].note = "spring26";

    EXPECT_EQ(
        explained(attribute(facts).trace),
        "Conversion of 2026-03-12T12:00:00Z, version 1 of the program: clicks by the model last "
        "within 90 d.\n"
        "1. a registered lead of " +
            c.text() +
            " at 2026-01-01T12:00:00Z until "
            "2026-03-01T12:00:00Z: skipped, it had ended 11 d before.\n"
            "2. a code of " +
            a.text() +
            " (spring26) at 2026-03-12T12:00:00Z: credited with "
            "100 %.\n"
            "3. a click of " +
            b.text() +
            " at 2026-03-10T12:00:00Z: lost to what is asked before "
            "it.\n"
            "Decided by a code.\n");
}

TEST(AttributionTrace, IsKeptAsJson) {
    AttributionFacts facts =
        conversion("03-12", {click(a, "03-01"), click(b, "2025-12-01T12:00:00Z", 2)},
                   {.model = AttributionModel::linear, .lock_days = 30});
    facts.qualifies = true;
    const Attribution decision = attribute(facts);

    const auto json = schema::Json<Attribution>::write(decision);
    const auto read = schema::read<Attribution>(json);

    EXPECT_EQ(read.credits, decision.credits);
    EXPECT_EQ(read.locks_until, decision.locks_until);
    EXPECT_EQ(read.trace.steps, decision.trace.steps);
    const auto& step =
        json.as_object().at("trace").as_object().at("steps").as_array().at(0).as_object();
    EXPECT_EQ(step.at("reason").as_string(), "outside_window");
    EXPECT_EQ(step.at("user_id").as_string(), b.text());
}

}  // namespace
}  // namespace referral::conversions

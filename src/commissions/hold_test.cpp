#include "commissions/hold.hpp"

#include <gtest/gtest.h>

#include "commissions/fixture_test.hpp"

namespace referral::commissions {
namespace {

const Trigger was_delivered{EventKind::delivered, at("2026-04-10T18:00:00Z")};
const Trigger was_paid{EventKind::paid, at("2026-05-20T09:00:00Z")};
const Trigger not_paid{EventKind::paid, std::nullopt};

TEST(Holds, EndWithTheDaysAfterTheLastTrigger) {
    const struct {
        std::vector<Trigger> triggers;
        std::int64_t days;
        const char* until;
    } rows[] = {
        {{was_delivered}, 30, "2026-05-10T18:00:00Z"},  // C23
        {{was_paid}, 30, "2026-06-19T09:00:00Z"},
        {{was_delivered, was_paid}, 30, "2026-06-19T09:00:00Z"},
        {{was_paid, was_delivered}, 0, "2026-05-20T09:00:00Z"},
    };
    for (const auto& row : rows) {
        const HoldFacts facts{.triggers = row.triggers, .hold_days = row.days};
        const Instant end = at(row.until);

        EXPECT_EQ(hold(facts, end).until, end);
        EXPECT_EQ(hold(facts, end).waiting_for, std::nullopt) << row.until;
        EXPECT_EQ(hold(facts, end - std::chrono::microseconds(1)).waiting_for, WaitingFor::days);
    }
}

TEST(Holds, SayWhatIsMissing) {
    const Trigger triggers[] = {was_delivered, not_paid};

    const Hold waiting = hold({.triggers = triggers}, at("2030-01-01T00:00:00Z"));

    EXPECT_EQ(waiting.waiting_for, WaitingFor::trigger);
    EXPECT_EQ(waiting.missing, EventKind::paid);
    EXPECT_EQ(waiting.until, std::nullopt);
}

TEST(Holds, LastWhileSomethingBlocksThem) {
    const Trigger triggers[] = {was_delivered};
    const Instant later = at("2030-01-01T00:00:00Z");

    EXPECT_EQ(hold({.triggers = triggers, .is_blocked = true}, later).waiting_for,
              WaitingFor::case_open);
    EXPECT_EQ(hold({.triggers = triggers, .is_enrolment_active = false}, later).waiting_for,
              WaitingFor::enrolment);
}

}  // namespace
}  // namespace referral::commissions

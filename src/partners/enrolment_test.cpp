#include "partners/enrolment.hpp"

#include <gtest/gtest.h>

namespace referral::partners {
namespace {

using enum EnrolmentStatus;

constexpr EnrolmentStatus all[] = {applied, invited, approved, rejected, suspended, banned, left};

TEST(After, LeadsWhereTheTableSays) {
    struct Row {
        EnrolmentStep step;
        std::optional<EnrolmentStatus> to[std::size(all)];  // From each, in the order of `all`.
    };
    constexpr auto no = std::optional<EnrolmentStatus>();
    const Row rows[] = {
        {EnrolmentStep::apply, {no, no, no, applied, no, no, applied}},
        {EnrolmentStep::accept, {no, approved, no, no, no, no, no}},
        {EnrolmentStep::approve, {approved, approved, no, approved, no, no, approved}},
        {EnrolmentStep::reject, {rejected, rejected, no, no, no, no, no}},
        {EnrolmentStep::suspend, {no, no, suspended, no, no, no, no}},
        {EnrolmentStep::reinstate, {no, no, no, no, approved, approved, no}},
        {EnrolmentStep::ban, {banned, banned, banned, banned, banned, no, banned}},
        {EnrolmentStep::leave, {left, left, left, no, no, no, no}},
    };

    ASSERT_EQ(std::size(rows), Names<EnrolmentStep>::list.size());
    for (const Row& row : rows)
        for (std::size_t i = 0; i < std::size(all); ++i)
            EXPECT_EQ(after(row.step, all[i]), row.to[i])
                << name_of(row.step) << " from " << name_of(all[i]);
}

TEST(NeedsReason, OfWhatIsAgainstThePartner) {
    for (const auto& [step, name] : Names<EnrolmentStep>::list) {
        const bool against = step == EnrolmentStep::reject || step == EnrolmentStep::suspend ||
                             step == EnrolmentStep::ban;
        EXPECT_EQ(needs_reason(step), against) << name;
    }
}

}  // namespace
}  // namespace referral::partners

#include "audit/fixture_test.hpp"
#include "testing/database_test.hpp"

namespace referral::audit {
namespace {

class Tasks : public AuditTest {
protected:
    void work(const std::string& name) {
        const schema::json::value payload;
        jobs::Run run(jobs::Run::Parts{.payload = payload, .now = noon, .pool = database_.pool()});
        for (const jobs::JobKind& kind : tasks([] { return keep_days_min; }))
            if (kind.name == name) kind.work(run);
    }
};

TEST_F(Tasks, FollowTheChainAndDieWhereItIsBroken) {
    add(20);
    extend_chain(database_.pool());
    EXPECT_NO_THROW(work("audit-logs.verify"));

    tamper("update audit_logs set reason = 'other' where id = 12");

    try {
        work("audit-logs.verify");
        ADD_FAILURE() << "nothing was found";
    } catch (const jobs::GiveUp& found) {
        EXPECT_NE(std::string_view(found.what()).find("sequence 12"), std::string_view::npos);
    }
}

TEST_F(Tasks, AreScheduledByTheirNames) {
    const auto kinds = tasks([] { return keep_days_min; });
    for (const jobs::Schedule& schedule : schedules())
        EXPECT_EQ(std::ranges::count(kinds, schedule.kind, &jobs::JobKind::name), 1)
            << schedule.kind;
}

}  // namespace
}  // namespace referral::audit

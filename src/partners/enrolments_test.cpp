#include "partners/fixture_test.hpp"

namespace referral::partners {
namespace {

using std::chrono::days;
using std::chrono::hours;

class EnrolmentsTest : public PeopleTest {
protected:
    std::string enrol_ada(const std::string& more = "") {
        ada = user("ada");
        return made("/enrolments", R"({"user_id": ")" + ada.text() + "\"" + more + "}");
    }
    Answer step(const std::string& id, const std::string& verb, const std::string& reason = "") {
        return ask("POST", "/enrolments/" + id + "/" + verb,
                   reason.empty() ? "" : R"({"reason": ")" + reason + "\"}");
    }
    Membership adas() {
        db::Transaction tx(database.pool());
        return membership(tx, program.id, ada).value();
    }

    UserId ada{};
};

TEST_F(EnrolmentsTest, CountForAllThatOccurredUnlessTheySayFromWhen) {
    enrol_ada();
    const UserId eve = user("eve");
    made("/enrolments",
         R"({"user_id": ")" + eve.text() + R"(", "counts_from": "2026-02-01T00:00:00Z"})");

    db::Transaction tx(database.pool());
    const auto found = memberships(tx, program.id, {eve, ada, boss});

    ASSERT_EQ(found.size(), 2u) << "the boss takes part in nothing";
    EXPECT_EQ(found[0].partner, ada);
    EXPECT_EQ(found[0].status_at(Instant()), EnrolmentStatus::approved);
    EXPECT_EQ(found[1].status_at(testing::at("2026-01-31T23:59:59Z")), std::nullopt);
    EXPECT_EQ(found[1].status_at(testing::at("2026-02-01T00:00:00Z")), EnrolmentStatus::approved);
}

TEST_F(EnrolmentsTest, TellPartnersByMailWhatTheStaffDo) {
    const std::string id = enrol_ada();
    step(id, "suspend", "Odd clicks");
    step(id, "reinstate");

    EXPECT_EQ(column("select string_agg(to_address || ': ' || (details->>'standing') || "
                     "coalesce(', ' || (details->>'reason'), ''), '; ' order by id) from mails "
                     "where template = 'enrolment-changed'"),
              "ada@example.com: you take part; ada@example.com: you are suspended, Odd clicks; "
              "ada@example.com: you take part again");
}

TEST_F(EnrolmentsTest, RememberEachStateAndSinceWhen) {
    const std::string id = enrol_ada();
    fixture_now += days(10);
    const Answer suspended = step(id, "suspend", "Odd clicks");
    fixture_now += days(10);
    const Answer back = step(id, "reinstate");

    EXPECT_EQ(suspended.at("status"), "suspended");
    EXPECT_EQ(suspended.at("reason"), "Odd clicks");
    EXPECT_EQ(back.at("status"), "approved");
    EXPECT_EQ(back.at("reason"), "null");
    EXPECT_EQ(back.body.at("changes").as_array().size(), 3u);
    EXPECT_EQ(back.body.at("changes").at(1).at("by").as_string(), boss.text());
    const Membership membership = adas();
    EXPECT_EQ(membership.changes.size(), 3u);
    EXPECT_EQ(membership.status_at(fixture_now - days(10)), EnrolmentStatus::suspended);
    EXPECT_EQ(membership.status_at(fixture_now - days(10) - std::chrono::microseconds(1)),
              EnrolmentStatus::approved);
    EXPECT_EQ(membership.status_at(fixture_now), EnrolmentStatus::approved);
    EXPECT_EQ(column("select string_agg(action, ' ' order by id) from audit_logs "
                     "where object_type = 'enrolment'"),
              "enrolments.create enrolments.suspend enrolments.reinstate");
}

TEST_F(EnrolmentsTest, HaveOneStateAnInstant) {
    const std::string id = enrol_ada();
    step(id, "suspend", "A");
    step(id, "reinstate");
    step(id, "ban", "B");

    const Membership membership = adas();

    ASSERT_EQ(membership.changes.size(), 2u) << "from the beginning, and at noon";
    EXPECT_EQ(membership.status_at(fixture_now), EnrolmentStatus::banned) << "the last";
}

TEST_F(EnrolmentsTest, NeverGoBackInTime) {
    const std::string id = enrol_ada();
    fixture_now += hours(2);
    step(id, "suspend", "A");
    fixture_now -= hours(1);

    EXPECT_EQ(step(id, "reinstate").at("since"), "2026-03-01T14:00:00Z") << "the clock was set";
    EXPECT_EQ(adas().status_at(fixture_now + hours(1)), EnrolmentStatus::approved);
}

TEST_F(EnrolmentsTest, RefuseStepsThatDoNotLeadThere) {
    const std::string id = enrol_ada();
    for (const char* verb : {"approve", "reinstate"}) EXPECT_EQ(step(id, verb).status, 409) << verb;
    EXPECT_EQ(step(id, "reject", "No").status, 409);
    for (const char* verb : {"suspend", "ban"}) {
        const Answer refused = step(id, verb);
        EXPECT_EQ(refused.status, 422) << verb;
        EXPECT_NE(refused.text.find("\"reason\""), refused.text.npos) << verb;
    }
    EXPECT_EQ(step("enr_0000000000000", "ban", "x").status, 404);
    EXPECT_EQ(adas().changes.size(), 1u);
}

TEST_F(EnrolmentsTest, AreAskedForByPartnersAndDecidedByStaff) {
    const auto drivers = another_program("Drivers");
    ada = user("ada");
    const std::string wanted = R"({"program_id": ")" + drivers.id.text() + "\"}";
    as(ada);
    const Answer asked = ask("POST", "/enrolments", wanted);
    const std::string id = asked.at("id");

    EXPECT_EQ(asked.at("status"), "applied");
    EXPECT_EQ(ask("POST", "/enrolments", wanted).status, 409) << "waits already";
    EXPECT_EQ(step(id, "approve").status, 403);
    as_boss();
    EXPECT_EQ(step(id, "reject", "No trucks").at("status"), "rejected");
    as(ada);
    EXPECT_EQ(ask("GET", "/enrolments/" + id).at("reason"), "No trucks");
    EXPECT_EQ(ask("POST", "/enrolments", wanted).at("status"), "applied") << "once more";
    as_boss();
    EXPECT_EQ(step(id, "approve").at("status"), "approved");
    as(ada);
    EXPECT_EQ(step(id, "leave").at("status"), "left");
    const Answer mine = ask("GET", "/enrolments/" + id);
    EXPECT_EQ(mine.body.at("changes").as_array().size(), 5u);
    EXPECT_EQ(mine.text.find(boss.text()), mine.text.npos) << "who decided is not told";
    EXPECT_EQ(mine.body.at("changes").at(0).at("counts_from").as_string(), "2026-03-01T12:00:00Z")
        << "who asks earns from then on";
}

TEST_F(EnrolmentsTest, AcceptAnInvitation) {
    const std::string id = enrol_ada(R"(, "status": "invited")");
    EXPECT_EQ(adas().status_at(fixture_now), EnrolmentStatus::invited);
    as(ada);

    EXPECT_EQ(ask("POST", "/enrolments", "{}").at("status"), "approved");
    EXPECT_EQ(ask("GET", "/enrolments/" + id).at("status"), "approved");
}

TEST_F(EnrolmentsTest, LetASuspendedPartnerNeitherLeaveNorAskAgain) {
    const std::string id = enrol_ada();
    step(id, "suspend", "Odd clicks");
    as(ada);

    EXPECT_EQ(step(id, "leave").status, 409);
    EXPECT_EQ(ask("POST", "/enrolments", "{}").status, 409);
}

TEST_F(EnrolmentsTest, TellPartnersOfTheirOwnOnly) {
    const std::string theirs = enrol_ada();
    const UserId eve = user("eve");
    const std::string own = made("/enrolments", R"({"user_id": ")" + eve.text() + "\"}");
    as(eve);

    EXPECT_EQ(ask("GET", "/enrolments").rows(), 1u);
    EXPECT_EQ(ask("GET", "/enrolments?user_id=" + ada.text()).rows(), 0u);
    EXPECT_EQ(ask("GET", "/enrolments/" + own).status, 200);
    EXPECT_EQ(ask("GET", "/enrolments/" + theirs).status, 404);
    EXPECT_EQ(step(theirs, "leave").status, 404);
    const Answer refused = ask("POST", "/enrolments",
                               R"({"user_id": ")" + ada.text() +
                                   R"(", "status": "approved", "group_id": "grp_0000000000000",
                                          "counts_from": "2026-01-01T00:00:00Z"})");
    EXPECT_EQ(refused.status, 422);
    for (const char* field : {"user_id", "status", "counts_from"})
        EXPECT_NE(refused.text.find("\"" + std::string(field) + "\""), refused.text.npos) << field;
}

TEST_F(EnrolmentsTest, AreListedByWhatIsAsked) {
    enrol_ada();
    for (const char* name : {"eve", "joe"}) {
        fixture_now += hours(1);
        made("/enrolments", R"({"user_id": ")" + user(name).text() + R"(", "status": "invited"})");
    }

    EXPECT_EQ(ask("GET", "/enrolments?status=invited").rows(), 2u);
    EXPECT_EQ(ask("GET", "/enrolments?q=ADA@").rows(), 1u);
    EXPECT_EQ(ask("GET", "/enrolments?program_id=" + program.id.text()).rows(), 3u);
    const Answer first = ask("GET", "/enrolments?limit=2");
    EXPECT_EQ(first.body.at("data").at(0).at("user_name").as_string(), "joe") << "the newest";
    const Answer second = ask("GET", "/enrolments?limit=2&cursor=" + first.at("next_cursor"));
    EXPECT_EQ(second.rows(), 1u);
    EXPECT_EQ(second.at("next_cursor"), "null");
    EXPECT_EQ(ask("GET", "/enrolments?cursor=W10").status, 422);
}

TEST_F(EnrolmentsTest, RefuseWhatCannotBe) {
    enrol_ada();
    const auto refused = [&](const std::string& body, const std::string& field, int status = 422) {
        const Answer answer = ask("POST", "/enrolments", body);
        EXPECT_EQ(answer.status, status) << body;
        EXPECT_NE(answer.text.find("\"field\":\"" + field + "\""), answer.text.npos) << answer.text;
    };
    const std::string of_ada = R"({"user_id": ")" + ada.text() + "\"";

    refused(of_ada + "}", "user_id", 409);
    refused(R"({"user_id": ")" + boss.text() + "\"}", "user_id");
    refused(R"({})", "user_id");
    refused(of_ada + R"(, "status": "banned"})", "status");
    refused(of_ada + R"(, "counts_from": "2026-03-01T12:00:01Z"})", "counts_from");
    refused(of_ada + R"(, "program_id": "prg_0000000000000"})", "program_id");
    column("update programs set status = 'closed'");
    refused(R"({"user_id": ")" + user("eve").text() + "\"}", "program_id");
}

TEST_F(EnrolmentsTest, MoveBetweenGroups) {
    const std::string gold = made("/groups", R"({"name": "Gold", "description": "The best"})");
    const std::string iron = made("/groups", R"({"name": "Iron"})");
    const std::string other = made("/groups", R"({"name": "Gold", "program_id": ")" +
                                                  another_program("Drivers").id.text() + "\"}");
    const std::string id = enrol_ada(R"(, "group_id": ")" + gold + "\"");
    fixture_now += days(1);

    const Answer moved = ask("PATCH", "/enrolments/" + id, R"({"group_id": ")" + iron + "\"}");
    const Instant moved_at = fixture_now;
    fixture_now += days(1);
    EXPECT_EQ(ask("PATCH", "/enrolments/" + id, R"({"group_id": null})").at("group_id"), "null");

    EXPECT_EQ(moved.at("group_name"), "Iron");
    EXPECT_EQ(ask("PATCH", "/enrolments/" + id, R"({"group_id": ")" + other + "\"}").status, 422);
    const Membership membership = adas();
    EXPECT_EQ(membership.group, std::nullopt);
    EXPECT_EQ(membership.group_at(Instant()), GroupId::parse(gold));
    EXPECT_EQ(membership.group_at(moved_at), GroupId::parse(iron));
    EXPECT_EQ(membership.group_at(fixture_now), std::nullopt);
}

TEST_F(EnrolmentsTest, KeepGroupsByName) {
    const std::string gold = made("/groups", R"({"name": "Gold"})");
    made("/groups", R"({"name": "Iron"})");
    enrol_ada(R"(, "group_id": ")" + gold + "\"");

    EXPECT_EQ(ask("POST", "/groups", R"({"name": "GOLD"})").status, 409);
    EXPECT_EQ(ask("PATCH", "/groups/" + gold, R"({"name": "iron"})").status, 409);
    EXPECT_EQ(ask("PATCH", "/groups/" + gold, R"({"name": "Gold 2", "description": "x"})")
                  .at("description"),
              "x");
    const Answer changed = ask("PATCH", "/groups/" + gold, R"({"description": null})");
    EXPECT_EQ(changed.at("name"), "Gold 2");
    EXPECT_EQ(changed.at("description"), "null");
    EXPECT_EQ(changed.at("partners"), "1");
    EXPECT_EQ(ask("GET", "/groups/" + gold).text, changed.text);
    const Answer first = ask("GET", "/groups?limit=1&program_id=" + program.id.text());
    EXPECT_EQ(first.body.at("data").at(0).at("id").as_string(), gold);
    EXPECT_EQ(ask("GET", "/groups?limit=1&cursor=" + first.at("next_cursor")).rows(), 1u);
    EXPECT_EQ(ask("POST", "/groups", R"({"name": "X", "program_id": "prg_0000000000000"})").status,
              422);
    as(ada);
    EXPECT_EQ(ask("GET", "/groups").status, 403);
}

TEST_F(EnrolmentsTest, KeepTheirHistoryAsItWas) {
    enrol_ada();
    for (const char* table : {"enrolment_changes", "enrolment_groups", "partner_referrers"}) {
        EXPECT_THROW(column("delete from " + std::string(table)), db::Error) << table;
        EXPECT_THROW(column("truncate " + std::string(table)), db::Error) << table;
    }
}

}  // namespace
}  // namespace referral::partners

#include "partners/fixture_test.hpp"

namespace referral::partners {
namespace {

using std::chrono::days;

class ProfilesTest : public PeopleTest {
protected:
    Answer make(const std::string& name, const std::string& more = "") {
        return ask(
            "POST", "/partners",
            R"({"email": ")" + name + R"(@example.com", "name": ")" + name + "\"" + more + "}");
    }
    std::vector<UserId> line(UserId user, int levels, Instant at) {
        db::Transaction tx(database.pool());
        return upline(tx, user, levels, at);
    }
    std::vector<UserId> line(UserId user, int levels) {
        db::Transaction tx(database.pool());
        return upline(tx, user, levels);
    }
    static UserId id_of(const Answer& partner) { return *UserId::parse(partner.at("id")); }
};

TEST_F(ProfilesTest, AreMadeWithUserEnrolmentAndLink) {
    const std::string group = made("/groups", R"({"name": "Gold"})");

    const Answer ada = make("ada", R"(, "company": "Ada's Trucks", "country": "US",
                                       "mc_number": "123456", "group_id": ")" +
                                       group + "\"");

    ASSERT_EQ(ada.status, 201) << ada.text;
    EXPECT_EQ(ada.at("id"), ada.at("user_id"));
    EXPECT_EQ(ada.at("status"), "invited");
    EXPECT_EQ(ada.at("kind"), "company") << "since it is named";
    EXPECT_EQ(ada.at("code").size(), 10u);
    EXPECT_EQ(ada.at("short_url"), "https://go.example.com/r/" + ada.at("code"));
    const auto& enrolment = ada.body.at("enrolments").at(0);
    EXPECT_EQ(enrolment.at("status").as_string(), "approved");
    EXPECT_EQ(enrolment.at("group_id").as_string(), group);
    EXPECT_EQ(column("select destination_url from referral_links"), "https://www.example.com/");
    EXPECT_EQ(column("select count(*) from mails where template = 'invitation'"), "1");
    EXPECT_EQ(column("select string_agg(action, ' ' order by id) from audit_logs "
                     "where action not like 'groups.%'"),
              "users.invite links.create partners.create");
    EXPECT_EQ(ask("GET", "/partners/" + ada.at("id")).text, ada.text);
}

TEST_F(ProfilesTest, HaveAFirstLinkOnlyWhereItCanLead) {
    const auto drivers = another_program("Drivers");

    const Answer ada = make("ada", R"(, "program_id": ")" + drivers.id.text() + "\"");
    EXPECT_EQ(ada.at("code"), "null");
    EXPECT_EQ(ada.at("short_url"), "null");
    EXPECT_EQ(
        make("eve", R"(, "code": "eve-link", "program_id": ")" + drivers.id.text() + "\"").status,
        422);

    column("update programs set allowed_hosts = '{*.example.com,quote.example.com:8443}'");
    EXPECT_EQ(make("eve", R"(, "code": "eve-link")").at("code"), "eve-link");
    EXPECT_EQ(column("select destination_url from referral_links"),
              "https://quote.example.com:8443/");
    column("update programs set fallback_url = 'https://www.example.com/start'");
    make("joe");
    EXPECT_EQ(column("select destination_url from referral_links order by id desc limit 1"),
              "https://www.example.com/start");
    EXPECT_EQ(make("moe", R"(, "code": "eve-link")").status, 409);
    EXPECT_EQ(column("select count(*) from users where name = 'moe'"), "0") << "all or nothing";
}

TEST_F(ProfilesTest, RefuseAllBadFieldsAtOnce) {
    make("ada");
    const Answer refused = make("eve", R"(, "kind": "company", "referred_by": ")" + boss.text() +
                                           R"(", "group_id": "grp_0000000000000",
                                           "program_id": "prg_0000000000000",
                                           "counts_from": "2027-01-01T00:00:00Z")");
    EXPECT_EQ(refused.status, 422);
    for (const char* field : {"company", "referred_by", "group_id", "program_id", "counts_from"})
        EXPECT_NE(refused.text.find("\"field\":\"" + std::string(field) + "\""), refused.text.npos)
            << field << refused.text;
    EXPECT_EQ(make("ada").status, 409) << "the address is taken";
    EXPECT_EQ(make("eve", R"(, "kind": "person", "company": "X")").status, 422);
}

TEST_F(ProfilesTest, AreChangedByStaff) {
    const std::string id = make("ada").at("id");
    const std::string path = "/partners/" + id;
    fixture_now += days(1);

    const Answer changed = ask("PATCH", path,
                               R"({"kind": "company", "company": "Ada's", "website":
                                   "https://ada.example", "audience": "Shippers in Ohio",
                                   "dot_number": "7654321", "country": "CA"})");

    EXPECT_EQ(changed.at("company"), "Ada's");
    EXPECT_EQ(changed.at("dot_number"), "7654321");
    EXPECT_EQ(changed.at("updated_at"), "2026-03-02T12:00:00Z");
    EXPECT_EQ(ask("PATCH", path, R"({"company": null})").status, 422) << "of a company";
    EXPECT_EQ(
        ask("PATCH", path, R"({"kind": "person", "company": null, "website": null})").at("website"),
        "null");
    EXPECT_EQ(ask("PATCH", "/partners/" + boss.text(), R"({"country": "US"})").status, 404);
    as(*UserId::parse(id));
    EXPECT_EQ(ask("PATCH", path, R"({"country": "US"})").status, 403);
}

TEST_F(ProfilesTest, ShowPartnersThemselvesOnly) {
    const std::string ada = make("ada").at("id"), eve = make("eve").at("id");
    as(*UserId::parse(eve));

    EXPECT_EQ(ask("GET", "/partners").rows(), 1u);
    EXPECT_EQ(ask("GET", "/partners?q=ada").rows(), 0u);
    EXPECT_EQ(ask("GET", "/partners/" + eve).status, 200);
    EXPECT_EQ(ask("GET", "/partners/" + ada).status, 404);
    EXPECT_EQ(ask("POST", "/partners", "{}").status, 403);
}

TEST_F(ProfilesTest, AreListedByWhatIsAsked) {
    const std::string group = made("/groups", R"({"name": "Gold"})");
    const std::string ada = make("ada", R"(, "mc_number": "123456")").at("id");
    fixture_now += days(1);
    make("eve", R"(, "company": "Evening Freight", "referred_by": ")" + ada +
                    R"(", "group_id": ")" + group + "\"");
    fixture_now += days(1);
    const UserId joe = user("joe");

    EXPECT_EQ(ask("GET", "/partners").rows(), 3u) << "also who has no profile yet";
    EXPECT_EQ(ask("GET", "/partners?q=123456").rows(), 1u);
    EXPECT_EQ(ask("GET", "/partners?q=EVENING").rows(), 1u);
    EXPECT_EQ(ask("GET", "/partners?group_id=" + group).rows(), 1u);
    EXPECT_EQ(ask("GET", "/partners?status=approved&program_id=" + program.id.text()).rows(), 2u);
    EXPECT_EQ(ask("GET", "/partners?referred_by=" + ada).rows(), 1u);
    const Answer first = ask("GET", "/partners?limit=1");
    EXPECT_EQ(first.body.at("data").at(0).at("id").as_string(), joe.text()) << "the newest";
    EXPECT_EQ(ask("GET", "/partners?limit=2&cursor=" + first.at("next_cursor")).rows(), 2u);
}

TEST_F(ProfilesTest, KnowWhoReferredThem) {
    const UserId top = id_of(make("top"));
    const UserId middle = id_of(make("middle", R"(, "referred_by": ")" + top.text() + "\""));
    const UserId low = id_of(make("low", R"(, "referred_by": ")" + middle.text() + "\""));
    fixture_now += days(1);
    const UserId other = id_of(make("other"));
    const auto refer = [&](UserId whom, const std::string& by) {
        return ask("PATCH", "/partners/" + whom.text(), R"({"referred_by": )" + by + "}");
    };

    EXPECT_EQ(line(low, 10), (std::vector{middle, top}));
    EXPECT_EQ(line(low, 1), std::vector{middle});
    EXPECT_EQ(line(low, 0), std::vector<UserId>());
    for (const UserId below : {top, middle, low})
        EXPECT_EQ(refer(top, "\"" + below.text() + "\"").status, 422) << "a circle";
    EXPECT_EQ(refer(top, "\"" + boss.text() + "\"").status, 422) << "no partner";
    EXPECT_EQ(refer(middle, "\"" + other.text() + "\"").at("referred_by_name"), "other");
    EXPECT_EQ(line(low, 10), (std::vector{middle, other}));
    EXPECT_EQ(line(low, 10, fixture_now), (std::vector{middle, other}));
    EXPECT_EQ(line(low, 10, fixture_now - days(1)), (std::vector{middle, top})) << "as it was";
    EXPECT_EQ(line(low, 10, Instant()), (std::vector{middle, top})) << "from the beginning";
    EXPECT_EQ(refer(middle, "null").at("referred_by"), "null");
    EXPECT_EQ(line(low, 10), std::vector{middle});
}

TEST_F(ProfilesTest, TellByWhatAPartnerWouldBeKnownAsACustomer) {
    const UserId ada = id_of(make("ada", R"(, "mc_number": "123456")"));
    const UserId joe = user("joe");
    db::Transaction tx(database.pool());

    EXPECT_EQ(contact(tx, ada)->mc_number->text(), "123456");
    EXPECT_EQ(contact(tx, joe)->email.text(), "joe@example.com") << "without a profile";
    EXPECT_FALSE(contact(tx, boss));
}

TEST_F(ProfilesTest, TakeInWhoCameByAnotherWay) {
    const UserId joe = user("joe");
    const auto take_in = [&] {
        db::Transaction tx(database.pool());
        const auto taken = take_in_newcomers(tx, fixture_now);
        tx.commit();
        return taken;
    };

    EXPECT_EQ(take_in(), 1);
    EXPECT_EQ(take_in(), 0);
    EXPECT_EQ(ask("GET", "/partners/" + joe.text()).body.at("enrolments").as_array().size(), 1u);
    column("update programs set status = 'closed'");
    user("eve");
    EXPECT_EQ(take_in(), 1) << "a profile, and nothing to take part in";
    EXPECT_EQ(column("select count(*) from enrolments"), "1");
}

}  // namespace
}  // namespace referral::partners

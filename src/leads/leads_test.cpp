#include "leads/fixture_test.hpp"
#include "testing/database_test.hpp"

namespace referral::leads {
namespace {

using std::chrono::days;

customers::Contact contact(std::string_view email) { return {.email = Email::parse(email)}; }

TEST_F(LeadsTest, WaitForADecision) {
    const Answer lead = register_acme(R"("email": "joe@acme.example", "name": "Joe",
                                         "phone": "+1 555 0100", "mc_number": "123456",
                                         "country": "US", "note": "Two trucks a week")");

    ASSERT_EQ(lead.status, 201) << lead.text;
    EXPECT_EQ(lead.at("status"), "waiting");
    EXPECT_EQ(lead.at("user_id"), ada.text());
    EXPECT_EQ(lead.at("domain"), "acme.example") << "that of the address";
    EXPECT_EQ(lead.at("registered_at"), "2026-04-01T12:00:00Z");
    EXPECT_EQ(lead.at("protected_until"), "null");
    EXPECT_EQ(column("select count(*) from customers"), "0") << "nobody is a customer by it";
    EXPECT_EQ(ask("GET", "/leads/" + lead.at("id")).text, lead.text);
    EXPECT_EQ(column("select action from audit_logs"), "leads.create");
}

TEST_F(LeadsTest, AreProtectedOnceAccepted) {
    const std::string id = lead_of(ada);
    fixture_now += days(2);

    const Answer accepted = decide(id, "accept");

    ASSERT_EQ(accepted.status, 200) << accepted.text;
    EXPECT_EQ(accepted.at("status"), "accepted");
    EXPECT_EQ(accepted.at("protected_until"), "2026-07-02T12:00:00Z") << "90 days from now";
    EXPECT_EQ(accepted.at("decided_by"), boss.text());
    EXPECT_TRUE(accepted.at("customer_id").starts_with("cus_"));
    EXPECT_TRUE(accepted.at("account_id").starts_with("acc_"));
    EXPECT_EQ(accepted.at("known_since"), "null") << "the lead itself is no reason";
    EXPECT_EQ(decide(id, "accept").status, 409);
    as(ada);
    const Answer own = ask("GET", "/leads/" + id);
    EXPECT_EQ(own.at("decided_by"), "null");
    EXPECT_EQ(own.at("account_id"), "null");
    EXPECT_EQ(own.at("protected_until"), accepted.at("protected_until"));
}

TEST_F(LeadsTest, TellTheirPartnerByMailWhatBecameOfThem) {
    decide(lead_of(ada), "accept");
    decide(lead_of(eve), "reject", R"({"reason": "Ada was first"})");

    EXPECT_EQ(column("select string_agg(template || ' ' || to_address || ' ' || "
                     "(details->>'prospect'), ',' order by id) from mails"),
              "lead-accepted ada@partners.example Acme,lead-rejected eve@partners.example Acme");
    EXPECT_EQ(column("select details->>'reason' from mails where template = 'lead-rejected'"),
              "Ada was first");
}

TEST_F(LeadsTest, AreProtectedAsLongAsSomebodySays) {
    const std::string id = lead_of(ada);

    EXPECT_EQ(decide(id, "accept", R"({"protected_until": "2026-04-01T12:00:00Z"})").status, 422);
    const Answer accepted =
        decide(id, "accept", R"({"protected_until": "2026-04-08T00:00:00Z", "reason": "A week"})");

    EXPECT_EQ(accepted.at("protected_until"), "2026-04-08T00:00:00Z");
    EXPECT_EQ(accepted.at("reason"), "A week");
}

TEST_F(LeadsTest, AreClaimsOfEverybodyOfTheCompany) {
    const std::string id = lead_of(ada);
    EXPECT_FALSE(claims_on(customer(contact("ann@acme.example"))).at(0).is_accepted());
    const CustomerId joe = customer(contact("joe@acme.example"));
    EXPECT_FALSE(claims_on(joe).at(0).is_accepted());
    decide(id, "accept");

    const CustomerId zoe = customer(
        {.email = Email::parse("zoe@acme.example"), .company = Line<200>::parse("Acme Inc")});
    ASSERT_EQ(claims_on(zoe).size(), 1u);
    const Lead claim = claims_on(zoe).at(0);
    EXPECT_TRUE(claim.is_accepted());
    EXPECT_EQ(claim.user_id, ada);
    EXPECT_EQ(claim.registered_at, testing::at("2026-04-01T12:00:00Z"));
    EXPECT_EQ(claim.protected_until, testing::at("2026-06-30T12:00:00Z"));
    EXPECT_EQ(claims_on(customer(contact("x@other.example"))).size(), 0u);
    decide(id, "reject", R"({"reason": "By mistake"})");
    EXPECT_FALSE(claims_on(zoe).at(0).is_accepted()) << "taken back";
}

TEST_F(LeadsTest, AreRecognisedByNumbersAlone) {
    as(ada);
    const std::string id = register_acme(R"("mc_number": "123456")").at("id");
    EXPECT_EQ(decide(id, "accept").at("customer_id"), "null") << "nobody is named";

    const CustomerId joe = customer({.email = Email::parse("joe@acme.example"),
                                     .company = Line<200>::parse("Acme"),
                                     .mc_number = CarrierNumber::parse("123456")});

    EXPECT_EQ(claims_on(joe).size(), 1u);
}

TEST_F(LeadsTest, ProtectACompanyForOnePartnerAtATime) {
    const std::string first = lead_of(ada), second = lead_of(eve);
    EXPECT_EQ(decide(first, "accept").status, 200);

    const Answer refused = decide(second, "accept");
    EXPECT_EQ(refused.status, 409);
    EXPECT_NE(refused.text.find("2026-06-30T12:00:00Z"), refused.text.npos) << refused.text;
    const Answer seen = ask("GET", "/leads/" + second);
    ASSERT_EQ(seen.body.at("rivals").as_array().size(), 1u);
    EXPECT_EQ(seen.body.at("rivals").at(0).at("user_id").as_string(), ada.text());
    as(eve);
    EXPECT_EQ(ask("GET", "/leads/" + second).body.at("rivals").as_array().size(), 0u)
        << "partners do not hear of each other";

    fixture_now = testing::at("2026-06-30T12:00:00Z");
    EXPECT_EQ(decide(second, "accept").status, 200) << "once that is over";
}

TEST_F(LeadsTest, SayThatACompanyWasKnownBefore) {
    customer({.email = Email::parse("zoe@acme.example"), .company = Line<200>::parse("Acme")});
    fixture_now += days(5);
    const std::string id = lead_of(ada);
    as_boss();

    EXPECT_EQ(ask("GET", "/leads/" + id).at("known_since"), "2026-04-01T12:00:00Z");
    as(ada);
    EXPECT_EQ(ask("GET", "/leads/" + id).at("known_since"), "null");
}

TEST_F(LeadsTest, AreRegisteredOnceByAPartner) {
    const std::string id = lead_of(ada);

    EXPECT_EQ(register_acme().status, 409) << "it waits";
    EXPECT_EQ(register_acme(R"("domain": "acme.example")").status, 409) << "the same company";
    EXPECT_EQ(register_acme(R"("email": "joe@other.example")").status, 201);
    decide(id, "reject", R"({"reason": "No"})");
    as(ada);
    EXPECT_EQ(register_acme().status, 201) << "once more";
    as(eve);
    EXPECT_EQ(register_acme().status, 201) << "another partner is not told";
}

TEST_F(LeadsTest, RefuseWhatCannotBe) {
    const auto refused = [&](const std::string& more, const std::string& field) {
        const Answer answer = register_acme(more);
        EXPECT_EQ(answer.status, 422) << more;
        EXPECT_NE(answer.text.find("\"field\":\"" + field + "\""), answer.text.npos) << answer.text;
    };
    const std::string email = R"("email": "joe@acme.example", )";

    refused(R"("name": "Joe")", "email");
    refused(R"("domain": "gmail.com")", "domain");
    refused(R"("email": "ada@partners.example")", "email");
    refused(email + R"("user_id": ")" + eve.text() + "\"", "user_id");
    refused(email + R"("registered_at": "2026-03-01T00:00:00Z")", "registered_at");
    refused(email + R"("program_id": "prg_0000000000000")", "program_id");
    column("update enrolments set status = 'suspended' where user_id = " +
           std::to_string(ada.value));
    refused(R"("email": "joe@acme.example")", "program_id");
    as_boss();
    refused(R"("email": "joe@acme.example")", "user_id");
    refused(email + R"("registered_at": "2026-04-01T12:00:01Z", "user_id": ")" + eve.text() + "\"",
            "registered_at");
}

TEST_F(LeadsTest, DoNotTakeFreeMailForACompany) {
    EXPECT_EQ(register_acme(R"("email": "joe@gmail.com")").at("domain"), "null");
    as(eve);
    const std::string other = register_acme(R"("email": "ann@gmail.com")").at("id");
    as_boss();
    EXPECT_EQ(ask("GET", "/leads/" + other).body.at("rivals").as_array().size(), 0u);
}

TEST_F(LeadsTest, AreRegisteredByStaffAsOfEarlier) {
    as_boss();
    const Answer lead = register_acme(R"("email": "joe@acme.example", "user_id": ")" + ada.text() +
                                      R"(", "registered_at": "2026-03-01T00:00:00Z")");

    EXPECT_EQ(lead.at("user_id"), ada.text());
    EXPECT_EQ(lead.at("registered_at"), "2026-03-01T00:00:00Z");
    decide(lead.at("id"), "accept");
    EXPECT_EQ(column("select first_known_at at time zone 'UTC' from accounts"),
              "2026-03-01 00:00:00");
}

TEST_F(LeadsTest, TellPartnersOfTheirOwnOnly) {
    const std::string theirs = lead_of(ada);
    as(eve);

    EXPECT_EQ(ask("GET", "/leads").rows(), 0u);
    EXPECT_EQ(ask("GET", "/leads?user_id=" + ada.text()).rows(), 0u);
    EXPECT_EQ(ask("GET", "/leads/" + theirs).status, 404);
    EXPECT_EQ(ask("POST", "/leads/" + theirs + "/accept").status, 403);
    EXPECT_EQ(decide("led_0000000000000", "accept").status, 404);
    EXPECT_EQ(decide("led_0000000000000", "reject", R"({"reason": "x"})").status, 404);
}

TEST_F(LeadsTest, AreListedByWhatIsAsked) {
    const std::string id = lead_of(ada);
    fixture_now += days(1);
    lead_of(eve);
    decide(id, "reject", R"({"reason": "No"})");

    EXPECT_EQ(ask("GET", "/leads?status=waiting").rows(), 1u);
    EXPECT_EQ(ask("GET", "/leads?q=ACME&user_id=" + ada.text()).rows(), 1u);
    EXPECT_EQ(ask("GET", "/leads?q=nobody").rows(), 0u);
    const Answer first = ask("GET", "/leads?limit=1");
    EXPECT_EQ(first.body.at("data").at(0).at("user_name").as_string(), "eve") << "the newest";
    EXPECT_EQ(ask("GET", "/leads?limit=1&cursor=" + first.at("next_cursor")).rows(), 1u);
    EXPECT_EQ(ask("GET", "/leads?cursor=W10").status, 422);
}

TEST_F(LeadsTest, ExpireAndStillClaimWhatOccurredBefore) {
    const std::string id = lead_of(ada);
    decide(id, "accept");
    const auto expire_at = [&](std::string_view when) {
        db::Transaction tx(database.pool());
        const auto ended = expire(tx, testing::at(when));
        tx.commit();
        return ended;
    };

    EXPECT_EQ(expire_at("2026-06-30T11:59:59Z"), 0);
    EXPECT_EQ(expire_at("2026-06-30T12:00:00Z"), 1);
    EXPECT_EQ(expire_at("2026-06-30T12:00:00Z"), 0);
    EXPECT_EQ(ask("GET", "/leads/" + id).at("status"), "expired");
    EXPECT_TRUE(claims_on(customer(contact("joe@acme.example"))).at(0).is_accepted());
    EXPECT_EQ(decide(id, "reject", R"({"reason": "x"})").status, 409);
}

TEST_F(LeadsTest, ConvertByTheEarliestSale) {
    const std::string id = lead_of(ada);
    const std::string waiting = lead_of(eve);
    decide(id, "accept");
    const auto convert_at = [&](const std::string& lead, std::string_view when) {
        db::Transaction tx(database.pool());
        convert(tx, *LeadId::parse(lead), testing::at(when), fixture_now);
        tx.commit();
        return ask("GET", "/leads/" + lead);
    };

    EXPECT_EQ(convert_at(id, "2026-05-10T00:00:00Z").at("status"), "converted");
    EXPECT_EQ(convert_at(id, "2026-05-01T00:00:00Z").at("converted_at"), "2026-05-01T00:00:00Z");
    EXPECT_EQ(convert_at(id, "2026-05-20T00:00:00Z").at("converted_at"), "2026-05-01T00:00:00Z");
    EXPECT_EQ(convert_at(waiting, "2026-05-01T00:00:00Z").at("status"), "waiting");
    EXPECT_EQ(decide(waiting, "accept").status, 409) << "it stays protected";
}

TEST_F(LeadsTest, WaitInALimitedNumber) {
    column(
        "insert into leads (program_id, user_id, company, domain, status, registered_at, "
        "created_by, created_at, updated_at) select " +
        std::to_string(program.value) + ", " + std::to_string(ada.value) +
        ", 'X', 'x' || i || '.example', 'waiting', now(), " + std::to_string(ada.value) +
        ", now(), now() from generate_series(1, 200) i");
    EXPECT_EQ(register_acme().status, 409);
}

}  // namespace
}  // namespace referral::leads

/// Rows of the table A of the domain's contract, through the database.

#include "base/base32.hpp"
#include "conversions/fixture_test.hpp"
#include "leads/leads.hpp"
#include "testing/database_test.hpp"

namespace referral::conversions {
namespace {

class TouchesTest : public SaleTest {
protected:
    NewConversion of_visitor(const std::string& id, Instant occurred_at, std::uint8_t by = 1) {
        NewConversion report = load(id, occurred_at);
        report.visitor = VisitorCookie::parse(base32::encode(visitor(by)));
        return report;
    }
    static constexpr db::Query<db::Nothing(partners::EnrolmentId, Instant)> suspend{R"sql(
    insert into enrolment_changes (enrolment_id, since, counts_from, status, reason)
    values ($1, $2, $2, 'suspended', 'why')
)sql"};
    void set_model(const char* model) {
        change_program({.attribution_model = named<AttributionModel>(model)});
    }
};

const Instant march_1 = at("2026-03-01T12:00:00Z"), march_10 = at("2026-03-10T12:00:00Z"),
              march_12 = at("2026-03-12T12:00:00Z");

TEST_F(TouchesTest, OfAVisitorAreItsClicks_A1) {
    click(ann, march_1);
    click(bob, march_10);
    click(bob, march_1, 2);

    EXPECT_THAT(credits(record(of_visitor("L1", march_12)).id), ElementsAre("bob clicks 1000000"));
    set_model("first");
    NewConversion report = of_visitor("L2", march_12);
    report.customer = customers::Contact{.external_id = Line<200>::parse("other")};
    EXPECT_THAT(credits(record(report).id), ElementsAre("ann clicks 1000000"));
}

TEST_F(TouchesTest, CountWithinTheWindow_A2) {
    click(ann, march_1);

    EXPECT_THAT(credits(record(of_visitor("L1", at("2026-05-30T11:59:59Z"))).id),
                ElementsAre("ann clicks 1000000"));
    EXPECT_THAT(credits(record(of_visitor("L2", at("2026-05-30T12:00:00Z"))).id), IsEmpty());
}

TEST_F(TouchesTest, LoseToACode_A5) {
    click(bob, march_10);
    NewConversion report = of_visitor("L1", march_12);
    report.code = Line<64>::parse("ann-code");

    EXPECT_THAT(credits(record(report).id), ElementsAre("ann code 1000000"));
}

TEST_F(TouchesTest, AreThoseOfTheClicksVisitor_A9) {
    click(bob, at("2026-03-02T12:00:00Z"));
    const ClickId of_ann = click(ann, at("2026-03-04T12:00:00Z"));
    {
        db::Transaction tx(database.pool());
        const auto membership = partners::membership(tx, program, ann);
        tx.run_for_effect(suspend, membership->id, at("2026-03-05T12:00:00Z"));
        tx.commit();
    }
    NewConversion report = load("L1", march_12);
    report.click_id = of_ann;

    const Recorded recorded = record(report);

    EXPECT_THAT(credits(recorded.id), ElementsAre("bob clicks 1000000"));
    const WhyNot why = why_not(outcome_of(recorded.id).attribution.trace, ann);
    EXPECT_EQ(why.nearest->reason, Reason::suspended);
}

TEST_F(TouchesTest, AreKeptWithTheCustomer) {
    NewConversion lead = load("F1", march_1);
    lead.kind = EventKind::lead;
    lead.click_id = click(ann, at("2026-03-01T11:00:00Z"));
    record(lead);

    EXPECT_THAT(credits(record(load("L1", march_10)).id), ElementsAre("ann clicks 1000000"));
    click(bob, at("2026-03-11T12:00:00Z"));
    EXPECT_THAT(credits(record(load("L2", march_12)).id), ElementsAre("bob clicks 1000000"));
}

TEST_F(TouchesTest, OfABotAreShownAndDoNotCount) {
    NewConversion report = load("L1", march_12);
    report.click_id = click(ann, march_10, 1, clicks::Class::bot);

    const Recorded recorded = record(report);

    EXPECT_THAT(credits(recorded.id), IsEmpty());
    EXPECT_EQ(why_not(outcome_of(recorded.id).attribution.trace, ann).nearest->reason,
              Reason::not_human);
}

TEST_F(TouchesTest, LockTheCustomer_A6) {
    change_program({.lock_days = schema::Whole<1, 36'500>{365}});
    NewConversion first = load("L1", march_1);
    first.code = Line<64>::parse("ann-code");
    record(first);
    click(bob, march_10);

    EXPECT_THAT(credits(record(of_visitor("L2", march_12)).id), ElementsAre("ann lock 1000000"));
    EXPECT_THAT(outcome_of(ConversionId{2}).attribution.credits[0].link_id, link_of[ann]);
}

TEST_F(TouchesTest, EndTheSameWhateverComesFirst) {
    change_program({.lock_days = schema::Whole<1, 36'500>{365}});
    NewConversion later = load("L2", march_12), earlier = load("L1", march_1);
    later.code = Line<64>::parse("bob-code");
    earlier.code = Line<64>::parse("ann-code");
    const Recorded second = record(later);
    EXPECT_THAT(credits(second.id), ElementsAre("bob code 1000000"));

    const Recorded first = record(earlier);
    work(noon);

    EXPECT_THAT(credits(first.id), ElementsAre("ann code 1000000"));
    EXPECT_THAT(credits(second.id), ElementsAre("ann lock 1000000"));
    EXPECT_THAT(credits(record(load("L3", noon)).id), ElementsAre("ann lock 1000000"));
}

TEST_F(TouchesTest, AreNothingWhereTheCompanyWasKnown_A8) {
    change_program({.acquisition = true});
    click(ann, march_1);
    NewConversion report = of_visitor("L1", march_12);
    report.customer->known_since = at("2026-01-15T00:00:00Z");

    const Recorded recorded = record(report);

    EXPECT_THAT(credits(recorded.id), IsEmpty());
    EXPECT_EQ(why_not(outcome_of(recorded.id).attribution.trace, ann).nearest->reason,
              Reason::existing_customer);
}

TEST_F(TouchesTest, OfTheCustomersOwnAreNone) {
    NewConversion report = load("L1", march_12);
    report.code = Line<64>::parse("ann-code");
    report.customer = customers::Contact{.email = customers::Email::parse("Ann@partners.example")};

    const Recorded recorded = record(report);

    EXPECT_THAT(credits(recorded.id), IsEmpty());
    EXPECT_EQ(why_not(outcome_of(recorded.id).attribution.trace, ann).nearest->reason,
              Reason::self);
}

TEST_F(TouchesTest, MayBeSignedTokens) {
    const TokenClaims claims{.link_id = link_of[ann],
                             .user_id = ann,
                             .program_id = program,
                             .code = "ann-code",
                             .issued_at = march_1,
                             .expires_at = march_12,
                             .number = "1"};
    NewConversion report = load("L1", march_10);
    report.token = Line<2'000>::parse(tokens.sign(claims));

    EXPECT_THAT(credits(record(report).id), ElementsAre("ann token 1000000"));
    report.external_id = Line<200>::parse("L2").value();
    report.occurred_at = march_12;
    EXPECT_THAT([&] { record(report); }, refused(Refusal::invalid, "token"));
}

TEST_F(TouchesTest, WaitForAClickThatIsNotStoredYet) {
    const Instant clicked_at = noon - std::chrono::minutes(1);
    const ClickId late = id_at(clicked_at);
    NewConversion report = load("L1");
    report.click_id = late;
    const Recorded recorded = record(report);
    EXPECT_THAT(credits(recorded.id), IsEmpty());
    EXPECT_EQ(one(test_sql::jobs, "conversions.take-click"), 1);

    store_click(late, ann, clicked_at);
    work(noon + std::chrono::seconds(2));

    EXPECT_THAT(credits(recorded.id), ElementsAre("ann click_id 1000000"));
    EXPECT_EQ(earned[recorded.id].at(0).amount.minor, 1'000);
    db::Transaction tx(database.pool());
    const JourneyView view = journey(tx, std::nullopt, recorded.id);
    EXPECT_FALSE(view.awaits_click);
    EXPECT_EQ(view.history.size(), 2u);
    EXPECT_EQ(view.cause, Cause::click);
}

TEST_F(TouchesTest, StopWaitingForAClickAfterAWeek) {
    NewConversion report = load("L1");
    report.click_id = id_at(noon);
    const Recorded recorded = record(report);

    work(noon + std::chrono::days(8));

    EXPECT_EQ(one(test_sql::jobs, "conversions.take-click"), 0);
    db::Transaction tx(database.pool());
    EXPECT_FALSE(journey(tx, std::nullopt, recorded.id).awaits_click);
}

TEST_F(TouchesTest, LoseToAnAcceptedLead_A3_A4) {
    {
        db::Transaction tx(database.pool());
        leads::NewLead wanted;
        wanted.company = Line<200>::parse("Acme").value();
        wanted.domain = customers::Domain::parse("acme.example");
        wanted.program_id = program;
        wanted.user_id = ann;
        wanted.registered_at = at("2026-04-01T12:00:00Z");
        const auto lead =
            leads::add(tx, {.user_id = ann.value}, wanted, at("2026-04-01T12:00:00Z"));
        leads::accept(tx, {.user_id = ann.value}, lead.id,
                      {.protected_until = at("2026-06-30T12:00:00Z")}, at("2026-04-01T12:00:00Z"));
        tx.commit();
    }
    click(bob, at("2026-05-01T12:00:00Z"));
    const auto booking = [&](const char* id, const char* when) {
        NewConversion report = of_visitor(id, at(when));
        report.customer->domain = customers::Domain::parse("acme.example");
        return record(report).id;
    };

    EXPECT_THAT(credits(booking("L1", "2026-05-15T12:00:00Z")), ElementsAre("ann lead 1000000"));
    EXPECT_THAT(credits(booking("L2", "2026-07-01T12:00:00Z")), ElementsAre("bob clicks 1000000"));
    db::Transaction tx(database.pool());
    const auto leads =
        leads::leads_of(tx, program, outcome_of(ConversionId{1}).conversion.customer_id);
    EXPECT_EQ(leads.at(0).status, leads::LeadStatus::converted);
}

}  // namespace
}  // namespace referral::conversions

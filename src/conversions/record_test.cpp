#include <barrier>
#include <thread>

#include "conversions/fixture_test.hpp"
#include "testing/database_test.hpp"

namespace referral::conversions {
namespace {

class RecordTest : public SaleTest {};

NewConversion with_code(NewConversion report, const char* code) {
    report.code = Line<64>::parse(code);
    return report;
}

TEST_F(RecordTest, StoresAConversionWithItsDecisionAndAuditEntry) {
    NewConversion report = with_code(load("L1"), "ANN-CODE");
    report.cost = Decimal::parse("80");
    report.line = DocumentLine::parse("2");
    report.metadata = GivenMetadata{{{"equipment", "reefer"}}};

    const Recorded recorded = record(report);

    EXPECT_TRUE(recorded.is_new);
    ASSERT_EQ(recorded.earned.size(), 1u);
    EXPECT_EQ(recorded.earned[0].amount.minor, 1'000);
    const Outcome outcome = outcome_of(recorded.id);
    EXPECT_EQ(outcome.conversion.revenue, 10'000);
    EXPECT_EQ(outcome.conversion.cost, 8'000);
    EXPECT_EQ(outcome.conversion.quantity, 1'000);
    EXPECT_EQ(outcome.conversion.line, "2");
    EXPECT_EQ(outcome.conversion.metadata.at("equipment"), "reefer");
    EXPECT_THAT(credits(recorded.id), ElementsAre("ann code 1000000"));
    EXPECT_EQ(outcome.attribution.credits[0].link_id, link_of[ann]);
    EXPECT_EQ(one(test_sql::audited), 1);
}

TEST_F(RecordTest, GivesTheSameAnswerForTheSameFactsHoweverTheyAreWritten) {
    NewConversion report = with_code(load("L1"), "ann-code");
    const Recorded first = record(report);
    report.revenue = Decimal::parse("100");
    report.code = Line<64>::parse("ANN-CODE");

    const Recorded second = record(report, noon + std::chrono::hours(5));

    EXPECT_EQ(second.id, first.id);
    EXPECT_FALSE(second.is_new);
    ASSERT_EQ(second.earned.size(), 1u);
    EXPECT_EQ(second.earned[0].amount.minor, 1'000);
    EXPECT_EQ(settled, 1);
    EXPECT_EQ(one(test_sql::conversions), 1);
    EXPECT_EQ(one(test_sql::attributions), 1);
}

TEST_F(RecordTest, RefusesTheKeyWithOtherFactsAndChangesNothing) {
    const Recorded first = record(load("L1"));
    NewConversion other = load("L1");
    other.revenue = Decimal::parse("100.01");

    EXPECT_THAT([&] { record(other); }, refused(Refusal::conflict, "external_id"));
    EXPECT_EQ(outcome_of(first.id).conversion.revenue, 10'000);
    EXPECT_EQ(one(test_sql::conversions), 1);
}

TEST_F(RecordTest, TellsKindsLinesAndSourcesOfOneDocumentApart) {
    NewConversion line = load("L1");
    line.line = DocumentLine::parse("1");
    NewConversion booked = load("L1");
    booked.kind = EventKind::booked;
    NewConversion other = load("L1");
    other.source = Line<50>::parse("erp").value();

    for (const NewConversion& report : {load("L1"), line, booked, other})
        EXPECT_TRUE(record(report).is_new);
    EXPECT_EQ(one(test_sql::conversions), 4);
}

// A13: the same event posted many times at once.
TEST_F(RecordTest, StoresOneConversionWhenItIsToldManyTimesAtOnce) {
    constexpr int threads = 16, rounds = 12;
    const NewConversion report = with_code(load("L1"), "ann-code");
    std::mutex seen_mutex;
    std::map<ConversionId, int> seen;
    int made = 0;
    std::barrier begin(threads);
    {
        std::vector<std::jthread> all;
        for (int i = 0; i < threads; ++i)
            all.emplace_back([&] {
                begin.arrive_and_wait();
                for (int round = 0; round < rounds; ++round) {
                    const Recorded recorded = record(report);
                    const std::lock_guard lock(seen_mutex);
                    ++seen[recorded.id];
                    made += recorded.is_new;
                    EXPECT_EQ(recorded.earned.size(), 1u);
                }
            });
    }

    EXPECT_EQ(seen.size(), 1u);
    EXPECT_EQ(made, 1);
    EXPECT_EQ(settled, 1);
    EXPECT_EQ(one(test_sql::conversions), 1);
    EXPECT_EQ(one(test_sql::attributions), 1);
    EXPECT_EQ(one(test_sql::audited), 1);
}

TEST_F(RecordTest, RefusesAllBadFieldsAtOnce) {
    NewConversion report = with_code(load("L1"), "nobodys");
    report.occurred_at = noon + std::chrono::hours(1);
    report.token = Line<2'000>::parse("a.b.c");
    report.customer = customers::Contact{};
    try {
        record(report);
        FAIL() << "was not refused";
    } catch (const Problem& problem) {
        std::vector<std::string> fields;
        for (const FieldError& error : problem.errors()) fields.push_back(error.field);
        EXPECT_THAT(fields, ElementsAre("occurred_at", "customer", "code", "token"));
        EXPECT_THAT(problem.errors()[2].message, HasSubstr("did you mean ann-code?"));
    }
}

TEST_F(RecordTest, RefusesAmountsThatTheCurrencyCannotHold) {
    NewConversion report = load("L1");
    report.currency = Currency::parse("JPY");
    report.revenue = Decimal::parse("100.5");
    EXPECT_THAT([&] { record(report); }, refused(Refusal::invalid, "revenue"));
    report = load("L1");
    report.revenue = Decimal::parse("-1");
    EXPECT_THAT([&] { record(report); }, refused(Refusal::invalid, "revenue"));
    report = load("L1");
    report.quantity = Decimal::parse("1.2345");
    EXPECT_THAT([&] { record(report); }, refused(Refusal::invalid, "quantity"));
    EXPECT_EQ(one(test_sql::conversions), 0);
}

TEST_F(RecordTest, StoresWhatNobodyIsCreditedFor) {
    const Recorded recorded = record(load("L1"));

    EXPECT_THAT(recorded.earned, IsEmpty());
    EXPECT_THAT(credits(recorded.id), IsEmpty());
    EXPECT_EQ(outcome_of(recorded.id).attribution.trace.source, Source::organic);
}

TEST_F(RecordTest, KnowsACustomerByTheDocumentAloneWhereNobodyIsNamed) {
    NewConversion booked = with_code(load("L1", noon - std::chrono::hours(2)), "ann-code");
    booked.kind = EventKind::booked;
    booked.customer.reset();
    NewConversion delivered = load("L1");
    delivered.customer.reset();

    const Recorded first = record(booked), second = record(delivered);

    EXPECT_EQ(outcome_of(first.id).conversion.customer_id,
              outcome_of(second.id).conversion.customer_id);
    EXPECT_THAT(credits(second.id), ElementsAre("ann code 1000000"));
}

}  // namespace
}  // namespace referral::conversions

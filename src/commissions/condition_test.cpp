#include "commissions/condition.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "commissions/fixture_test.hpp"

namespace referral::commissions {
namespace {

struct Read {
    std::optional<Condition> condition;
    std::vector<std::string> errors;
};

Read read(std::string_view text) {
    std::vector<FieldError> errors;
    schema::Reading reading{errors, "conditions"};
    Read result{.condition = read_condition(schema::parse(text), Currency(), reading)};
    for (const FieldError& error : errors)
        result.errors.push_back(error.field + ' ' + error.message);
    return result;
}

Condition good(std::string_view text) {
    const Read result = read(text);
    EXPECT_THAT(result.errors, ::testing::IsEmpty()) << text;
    return result.condition.value();
}

/// A booked reefer load from Chicago to Dallas for a new customer in the US, USD 1,000.00.
Facts booking() {
    static constexpr Metadatum metadata[] = {{"equipment", "Reefer"}, {"priority", "high"}};
    return {.kind = EventKind::booked,
            .revenue = 1'000'00,
            .mode = Mode::ftl,
            .lane = "CHI-DAL",
            .customer_country = "US",
            .metadata = metadata};
}

TEST(Conditions, HoldOrDoNot) {
    const struct {
        const char* text;
        bool holds;
    } rows[] = {
        {R"({"field": "event_kind", "is": "booked"})", true},
        {R"({"field": "event_kind", "is": ["delivered", "paid"]})", false},
        {R"({"field": "mode", "is": ["ltl", "ftl"]})", true},
        {R"({"field": "mode", "is": "air"})", false},
        {R"({"field": "lane", "is": "chi-dal"})", true},
        {R"({"field": "lane", "is": "CHI-DA"})", false},
        {R"({"field": "amount", "at_least": "1000.00"})", true},
        {R"({"field": "amount", "at_least": "1000.01"})", false},
        {R"({"field": "amount", "below": "1000.00"})", false},
        {R"({"field": "amount", "at_least": "999", "below": "1000.01"})", true},
        {R"({"field": "customer_country", "is": ["CA", "US"]})", true},
        {R"({"field": "customer_country", "is": "MX"})", false},
        {R"({"field": "customer", "is": "new"})", true},
        {R"({"field": "customer", "is": "returning"})", false},
        {R"({"field": "metadata", "key": "equipment", "is": "reefer"})", true},
        {R"({"field": "metadata", "key": "equipment", "is": "high"})", false},
        {R"({"field": "metadata", "key": "colour", "is": "reefer"})", false},
        {R"({"not": {"field": "mode", "is": "air"}})", true},
        {R"({"not": {"field": "mode", "is": "ftl"}})", false},
        {R"({"and": [{"field": "mode", "is": "ftl"}, {"field": "customer", "is": "new"}]})", true},
        {R"({"and": [{"field": "mode", "is": "ftl"}, {"field": "mode", "is": "air"}]})", false},
        {R"({"or": [{"field": "mode", "is": "air"}, {"field": "customer", "is": "new"}]})", true},
        {R"({"or": [{"field": "mode", "is": "air"}, {"field": "lane", "is": "X"}]})", false},
    };
    for (const auto& row : rows)
        EXPECT_EQ(holds(good(row.text), booking(), Currency()), row.holds) << row.text;
}

TEST(Conditions, TakeWhatIsUnknownForNothing) {
    for (const char* text : {R"({"field": "mode", "is": "ftl"})", R"({"field": "lane", "is": "A"})",
                             R"({"field": "customer_country", "is": "US"})"})
        EXPECT_FALSE(holds(good(text), Facts{}, Currency())) << text;
}

TEST(Conditions, CompareAmountsExactlyInTheRulesCurrency) {
    Facts sale = booking();
    sale.currency = currency("EUR");
    sale.exchange_rate = ExchangeRate::parse("1.00001");  // USD 1,000.01
    EXPECT_TRUE(holds(good(R"({"field": "amount", "at_least": "1000.01"})"), sale, Currency()));
    sale.exchange_rate = ExchangeRate::parse("1.000009");  // A tenth of a cent less
    EXPECT_FALSE(holds(good(R"({"field": "amount", "at_least": "1000.01"})"), sale, Currency()));
}

TEST(Conditions, NameTheFieldThatIsWrong) {
    const std::pair<const char*, const char*> rows[] = {
        {"[]", "conditions must be an object"},
        {"{}", "conditions must have one of: and, or, not, field"},
        {R"({"and": []})", "conditions.and must be a list that is not empty"},
        {R"({"or": {"field": "mode", "is": "ftl"}})",
         "conditions.or must be a list that is not empty"},
        {R"({"not": {"field": "colour", "is": "red"}})",
         "conditions.not.field must be one of: event_kind, mode, lane, amount, customer_country, "
         "customer, metadata"},
        {R"({"and": [{"field": "mode", "is": "ftl"}, {"field": "mode", "is": ["ftl", "rail"]}]})",
         "conditions.and.1.is.1 must be one of: ftl, ltl, intermodal, parcel, air, ocean, "
         "warehouse"},
        {R"({"field": "event_kind", "is": "sold"})",
         "conditions.is must be one of: lead, signup, booked, delivered, invoiced, paid, custom"},
        {R"({"field": "customer", "is": "old"})", "conditions.is must be one of: new, returning"},
        {R"({"field": "customer_country", "is": "usa"})",
         "conditions.is must be a country's code of two capital letters"},
        {R"({"field": "mode"})", "conditions.is is required"},
        {R"({"field": "mode", "is": []})", "conditions.is must have 1 to 100 entries"},
        {R"({"field": "mode", "is": 3})", "conditions.is must be text"},
        {R"({"field": "lane", "is": " "})",
         "conditions.is must be 1 to 100 characters on one line"},
        {R"({"field": "metadata", "is": "x"})",
         "conditions.key must be 1 to 100 characters on one line"},
        {R"({"field": "amount"})", "conditions must have at_least, below or both"},
        {R"({"field": "amount", "at_least": "1.005"})",
         "conditions.at_least must be an amount of USD"},
        {R"({"field": "amount", "below": 5})", "conditions.below must be an amount of USD"},
        {R"({"field": "amount", "at_least": "2", "below": "2.00"})",
         "conditions.below must be more than at_least"},
        {R"({"field": "amount", "is": "2", "below": "2.00"})", "conditions.is is not known here"},
        {R"({"field": "mode", "is": "ftl", "or": []})", "conditions.or is not known here"},
        {R"({"and": [{"field": "mode", "is": "ftl"}], "or": []})",
         "conditions.or is not known here"},
    };
    for (const auto& [text, error] : rows) {
        const Read result = read(text);
        EXPECT_THAT(result.errors, ::testing::ElementsAre(error)) << text;
        EXPECT_FALSE(result.condition) << text;
    }
}

TEST(Conditions, TellAllErrorsTogether) {
    EXPECT_THAT(read(R"({"or": [{"field": "mode", "is": "x"}, {"field": "lane"}, 5]})").errors,
                ::testing::SizeIs(3));
}

TEST(Conditions, HaveALimitOnDepth) {
    const auto nested = [](std::size_t levels) {
        std::string text = R"({"field": "mode", "is": "ftl"})";
        for (std::size_t i = 1; i < levels; ++i) text = R"({"not": )" + text + '}';
        return text;
    };

    EXPECT_THAT(read(nested(Condition::depth_max)).errors, ::testing::IsEmpty());
    EXPECT_THAT(read(nested(Condition::depth_max + 1)).errors,
                ::testing::ElementsAre("conditions.not.not.not.not.not.not is nested deeper than 6 "
                                       "levels"));
}

TEST(Conditions, HaveALimitOnSize) {
    const auto wide = [](std::size_t tests) {
        std::string text = R"({"field": "mode", "is": "ftl"})";
        for (std::size_t i = 1; i < tests; ++i) text += R"(, {"field": "mode", "is": "ftl"})";
        return R"({"or": [)" + text + "]}";
    };
    const std::string half = wide(Condition::tests_max / 2 + 1);

    EXPECT_EQ(count_tests(good(wide(Condition::tests_max))), Condition::tests_max);
    EXPECT_THAT(read(wide(Condition::tests_max + 1)).errors,
                ::testing::ElementsAre("conditions.or makes more than 50 conditions"));
    EXPECT_THAT(read(R"({"and": [)" + half + ", " + half + "]}").errors,
                ::testing::ElementsAre("conditions.and.1.or.24 makes more than 50 conditions"));
}

TEST(Conditions, AreSentences) {
    const std::pair<const char*, const char*> rows[] = {
        {R"({"field": "event_kind", "is": ["booked", "delivered", "paid"]})",
         "the event is booked, delivered or paid"},
        {R"({"field": "amount", "at_least": "100", "below": "5000"})",
         "the amount is at least USD 100.00 and is below USD 5000.00"},
        {R"({"field": "customer_country", "is": "US"})", "the customer's country is US"},
        {R"({"field": "metadata", "key": "equipment", "is": ["reefer", "van"]})",
         R"("equipment" is "reefer" or "van")"},
        {R"({"not": {"field": "mode", "is": "air"}})", "the mode is not air"},
        {R"({"not": {"field": "mode", "is": ["air", "ocean"]}})",
         "the mode is neither air nor ocean"},
        {R"({"not": {"field": "amount", "at_least": "1", "below": "2"}})",
         "the amount is below USD 1.00 or is at least USD 2.00"},
        {R"({"and": [{"field": "customer", "is": "new"},
                     {"or": [{"field": "mode", "is": "ftl"}, {"field": "lane", "is": "CHI-DAL"}]},
                     {"not": {"and": [{"field": "mode", "is": "air"},
                                      {"field": "amount", "below": "9"}]}}]})",
         R"(the customer is new, and (the mode is ftl, or the lane is "CHI-DAL"), and it is )"
         R"(not so that (the mode is air, and the amount is below USD 9.00))"},
    };
    for (const auto& [text, words] : rows) EXPECT_EQ(sentence(good(text), Currency()), words);
}

TEST(Conditions, KnowWhatStandsInTheWay) {
    const Condition condition = good(R"({"and": [{"field": "customer", "is": "new"},
        {"and": [{"field": "mode", "is": "ftl"}, {"field": "lane", "is": "CHI-LAX"}]}]})");

    const Condition* found = obstacle(condition, booking(), Currency());

    ASSERT_NE(found, nullptr);
    EXPECT_EQ(sentence(*found, Currency()), R"(the lane is "CHI-LAX")");
    EXPECT_EQ(obstacle(good(R"({"field": "mode", "is": "ftl"})"), booking(), Currency()), nullptr);
}

}  // namespace
}  // namespace referral::commissions

#include "commissions/rule_form.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "commissions/schemas.hpp"

namespace referral::commissions {
namespace {

const RuleFrame frame{.program_id = {1},
                      .currency = Currency(),
                      .trigger = EventKind::delivered,
                      .now = parse_instant("2026-03-01T00:00:00Z").value()};

RuleVersion read(std::string_view json, std::vector<FieldError>& errors) {
    return version_of(schema::read<RuleForm>(schema::parse(json)), frame, errors);
}

std::vector<std::string> wrong(std::string_view json) {
    std::vector<FieldError> errors;
    read(json, errors);
    std::vector<std::string> fields;
    for (const FieldError& error : errors) fields.push_back(error.field);
    return fields;
}

TEST(RuleForms, AreReadAndShownInTheSameWords) {
    struct Row {
        const char* json;
        const char* sentence;
    };
    const Row rows[] = {
        {R"({"name": "A", "basis": "margin", "rate_ppm": 100000})",
         "Pays 10 % of the margin for each delivered event."},
        {R"({"name": "B", "basis": "quantity", "unit": "mile", "unit_amount": "0.0125"})",
         "Pays USD 0.0125 per mile for each delivered event."},
        {R"({"name": "C", "basis": "fixed", "flat_amount": "25.00", "cap_customer": "500.00",
             "cap_partner_period": "1000.00", "cap_period": "quarter", "budget": "9000.00",
             "duration_months": 12, "event_kind": "booked"})",
         "Pays USD 25.00 for each booked event. At most USD 500.00 for one customer, "
         "USD 1000.00 for one partner in a quarter, USD 9000.00 for the whole rule. "
         "For 12 months from the customer's first."},
        {R"({"name": "D", "basis": "revenue", "tier_mode": "whole", "tiers": [
             {"from": "0", "rate_ppm": 50000}, {"from": "5000.00", "rate_ppm": 80000}],
             "conditions": {"field": "mode", "is": ["ftl", "ltl"]}})",
         "Pays 5 % of the revenue, 8 % from USD 5000.00 on in a month, all at the rate reached "
         "for each delivered event if the mode is ftl or ltl."},
        {R"({"name": "E", "basis": "commission", "level": 2, "rate_ppm": 100000, "priority": -5,
             "min_amount": "1.00", "max_amount": "2.00"})",
         "Pays 10 % of what level 1 earns, at least USD 1.00 and at most USD 2.00, for each "
         "delivered event to the partner of level 2."},
    };
    for (const Row& row : rows) {
        std::vector<FieldError> errors;
        const RuleVersion version = read(row.json, errors);
        ASSERT_TRUE(errors.empty()) << row.json << errors.at(0).field << errors.at(0).message;
        EXPECT_EQ(sentence(version), row.sentence);
        // Shown, its words are those of the form.
        const auto shown = schema::Json<RuleView>::write(view_of(version, {1})).as_object();
        const schema::json::value form = schema::parse(row.json);
        for (const auto& [key, value] : form.as_object()) {
            if (key == "tiers" || key == "conditions") continue;
            EXPECT_EQ(shown.at(key), value) << key;
        }
    }
}

TEST(RuleForms, NameEveryFieldThatIsWrong) {
    using ::testing::ElementsAre;
    EXPECT_THAT(wrong(R"({"name": "A", "basis": "margin"})"), ElementsAre("rate_ppm"));
    EXPECT_THAT(wrong(R"({"name": "A", "basis": "fixed", "rate_ppm": 5, "flat_amount": "1.005"})"),
                ElementsAre("rate_ppm", "flat_amount"));
    EXPECT_THAT(wrong(R"({"name": "A", "basis": "quantity", "unit_amount": "1"})"),
                ElementsAre("unit"));
    EXPECT_THAT(wrong(R"({"name": "A", "basis": "revenue", "rate_ppm": 5, "unit": "mile",
                          "currency": "EUR", "cap_period": "month", "tier_mode": "whole",
                          "scope": "group", "conditions": {"field": "mode", "is": "boat"},
                          "min_amount": "5.00", "max_amount": "4.00"})"),
                ElementsAre("currency", "conditions.is", "unit", "tier_mode", "cap_period",
                            "scope_id", "max_amount"));
    EXPECT_THAT(wrong(R"({"name": "A", "basis": "revenue", "rate_ppm": 5, "tiers": [
                          {"from": "1", "rate_ppm": 5}, {"from": "0.005", "flat_amount": "1"}]})"),
                ElementsAre("rate_ppm", "tiers.1.from", "tiers.1.rate_ppm", "tiers.1.flat_amount",
                            "tiers.0.from"));
    EXPECT_THAT(wrong(R"({"name": "A", "basis": "revenue", "rate_ppm": 5, "scope": "code",
                          "scope_id": "prg_1"})"),
                ElementsAre("scope_id"));
}

}  // namespace
}  // namespace referral::commissions

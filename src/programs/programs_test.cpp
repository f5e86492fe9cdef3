#include "programs/programs.hpp"

#include "testing/database_test.hpp"

namespace referral::programs {
namespace {

using std::chrono::days;

constexpr db::Query<db::Nothing(ProgramId)> change_by_hand{
    "update programs set currency = 'EUR' where id = $1"};

class ProgramsTest : public testing::DatabaseTest {
protected:
    const Instant noon = testing::at("2026-03-01T12:00:00Z");

    Program make(const std::string& name, NewProgram wanted = {}) {
        wanted.name = *Line<100>::parse(name);
        return create(tx, wanted, false, noon);
    }
    Program changed(const Program& program, const ProgramChange& wanted, Instant at) {
        return change(tx, program.id, wanted, false, at);
    }
    static Decimal decimal(std::string_view text) { return *Decimal::parse(text); }
    static Currency currency(std::string_view text) { return *Currency::parse(text); }
};

TEST_F(ProgramsTest, AreMadeWithANameAlone) {
    const Program made = make("Shippers");

    EXPECT_EQ(made.name.text(), "Shippers");
    EXPECT_EQ(made.currency.text(), "USD");
    EXPECT_EQ(made.trigger, EventKind::delivered);
    EXPECT_EQ(made.half_life_days, 7);
    EXPECT_EQ(made.protection_days, 90);
    EXPECT_EQ(made.minimum_payout, 0);
    EXPECT_FALSE(made.budget || made.four_eyes_above || made.lock_days || made.acquisition);
    EXPECT_EQ(made.version, 1);
    EXPECT_EQ(policy_at(tx, made.id, noon).click_window_days, 90);
}

TEST_F(ProgramsTest, AreMadeWithEverything) {
    const Program made = make("Drivers", {.kind = Kind::driver,
                                          .currency = currency("JPY"),
                                          .timezone = Timezone::parse("America/Chicago"),
                                          .attribution_model = AttributionModel::decay,
                                          .click_window_days = {{30}},
                                          .duplicate_window_seconds = {{60}},
                                          .half_life_days = {{3}},
                                          .acquisition = true,
                                          .lock_days = {{365}},
                                          .protection_days = {{45}},
                                          .trigger = EventKind::paid,
                                          .hold_days = {{0}},
                                          .minimum_payout = decimal("500"),
                                          .budget = decimal("1000000"),
                                          .four_eyes_above = decimal("0"),
                                          .allowed_hosts = {{*HostPattern::parse("a.example")}},
                                          .fallback_url = Url::parse("https://a.example/")});

    EXPECT_EQ(made.kind, Kind::driver);
    EXPECT_EQ(made.minimum_payout, 500) << "yen have no smaller unit";
    EXPECT_EQ(made.budget, 1'000'000);
    EXPECT_EQ(made.four_eyes_above, 0);
    EXPECT_EQ(made.trigger, EventKind::paid);
    EXPECT_EQ(made.fallback_url->text(), "https://a.example/");
    const AttributionPolicy policy = policy_at(tx, made.id, noon);
    EXPECT_EQ(policy.model, AttributionModel::decay);
    EXPECT_EQ(policy.half_life_days, 3);
    EXPECT_TRUE(policy.acquisition);
    EXPECT_EQ(policy.lock_days, 365);
}

TEST_F(ProgramsTest, RefuseANameThatIsTaken) {
    make("Shippers");
    EXPECT_THAT([&] { make("Shippers"); }, testing::refused(Refusal::conflict, "name"));
}

TEST_F(ProgramsTest, RefuseAmountsThatTheirCurrencyDoesNotHave) {
    for (const char* text : {"1.005", "-1.00", "10000000000000"})
        EXPECT_THAT([&] { make("X", {.budget = decimal(text)}); },
                    testing::refused(Refusal::invalid, "budget"))
            << text;
    EXPECT_THAT([&] { make("X", {.currency = currency("JPY"), .minimum_payout = decimal("1.5")}); },
                testing::refused(Refusal::invalid, "minimum_payout"));
    EXPECT_EQ(make("Y", {.currency = currency("KWD"), .budget = decimal("1.005")}).budget, 1'005);
}

TEST_F(ProgramsTest, TellOfAllThatIsWrongAtOnce) {
    try {
        make("X", {.minimum_payout = decimal("0.001"),
                   .budget = decimal("-1"),
                   .fallback_url = Url::parse("http://a.example/")});
        FAIL() << "taken";
    } catch (const Problem& problem) {
        ASSERT_EQ(problem.errors().size(), 3u);
        EXPECT_EQ(problem.errors()[0].field, "minimum_payout");
        EXPECT_EQ(problem.errors()[2].field, "fallback_url");
    }
}

TEST_F(ProgramsTest, KeepWhatTheySaidWhen) {
    const Program made = make("Shippers");
    const Instant later = noon + days(10), latest = noon + days(20);
    changed(made, {.click_window_days = {{30}}}, later);
    changed(made, {.name = *Line<100>::parse("Senders")}, later + days(1));
    const Program last = changed(made, {.attribution_model = AttributionModel::first}, latest);

    EXPECT_EQ(last.version, 3) << "a name is no policy";
    EXPECT_EQ(policy_at(tx, made.id, noon - days(900)).version, 1) << "before there was any";
    EXPECT_EQ(policy_at(tx, made.id, later - std::chrono::microseconds(1)).click_window_days, 90);
    EXPECT_EQ(policy_at(tx, made.id, later).click_window_days, 30);
    EXPECT_EQ(policy_at(tx, made.id, latest - days(1)).model, AttributionModel::last);
    EXPECT_EQ(policy_at(tx, made.id, latest + days(900)).model, AttributionModel::first);
    const auto all = policies(tx, made.id);
    ASSERT_EQ(all.size(), 3u);
    EXPECT_EQ(all[0].version, 3);
    EXPECT_EQ(all[0].effective_from, latest);
    EXPECT_THAT([&] { policy_at(tx, ProgramId{1'000'000}, noon); },
                testing::refused(Refusal::not_found, "program"));
}

TEST_F(ProgramsTest, NeverPutAPolicyBeforeTheOneItReplaces) {
    const Program made = make("Shippers");
    changed(made, {.acquisition = true}, noon + days(2));
    changed(made, {.acquisition = false}, noon + days(1));

    EXPECT_EQ(policies(tx, made.id)[0].effective_from, noon + days(2));
    EXPECT_FALSE(policy_at(tx, made.id, noon + days(2)).acquisition);
    EXPECT_FALSE(policy_at(tx, made.id, noon + days(1)).acquisition) << "version 1";
}

TEST_F(ProgramsTest, ChangeTheirCurrencyTogetherWithTheirAmounts) {
    const Program made = make("Shippers", {.budget = decimal("100.00")});

    EXPECT_THAT([&] { changed(made, {.currency = currency("JPY")}, noon); },
                testing::refused(Refusal::invalid, "budget"));
    const Program yen = changed(
        made, {.currency = currency("JPY"), .budget = std::optional(decimal("15000"))}, noon);

    EXPECT_EQ(yen.currency.text(), "JPY");
    EXPECT_EQ(yen.budget, 15'000);
    EXPECT_EQ(changed(yen, {.currency = currency("USD"), .budget = std::optional<Decimal>()}, noon)
                  .budget,
              std::nullopt);
}

TEST_F(ProgramsTest, KeepTheirCurrencyOnceThereIsBusinessInIt) {
    const Program made = make("Shippers");
    fix_currency(tx, made.id);
    fix_currency(tx, made.id);

    EXPECT_TRUE(get(tx, made.id).currency_fixed);
    EXPECT_THAT([&] { changed(made, {.currency = currency("EUR")}, noon); },
                testing::refused(Refusal::conflict, "currency"));
    EXPECT_EQ(changed(made, {.currency = currency("USD"), .hold_days = {{1}}}, noon).hold_days, 1);
    EXPECT_THROW(tx.run_for_effect(change_by_hand, made.id), db::Error) << "the table says so, too";
}

TEST_F(ProgramsTest, TakeAwayWhatCanBeAbsent) {
    const Program made = make("Shippers", {.lock_days = {{365}},
                                           .budget = decimal("1.00"),
                                           .four_eyes_above = decimal("2.00"),
                                           .fallback_url = Url::parse("https://a.example/")});

    const Program after = changed(made,
                                  {.fallback_url = std::optional<Url>(),
                                   .lock_days = std::optional<schema::Whole<1, 36'500>>(),
                                   .budget = std::optional<Decimal>(),
                                   .four_eyes_above = std::optional<Decimal>(),
                                   .status = ProgramStatus::closed},
                                  noon + days(1));

    EXPECT_FALSE(after.lock_days || after.budget || after.four_eyes_above || after.fallback_url);
    EXPECT_EQ(after.status, ProgramStatus::closed);
    EXPECT_EQ(after.version, 2);
}

}  // namespace
}  // namespace referral::programs

#include "links/links.hpp"

#include "links/queries.hpp"
#include "testing/database_test.hpp"

namespace referral::links {
namespace {

using testing::at, testing::refused;

Url url(std::string_view text) { return Url::parse(text).value(); }
Code code(std::string_view text) { return Code::parse(text).value(); }

class LinksTest : public testing::DatabaseTest {
protected:
    LinksTest() {
        programs::ensure_default(tx, now);
        tx.run_for_effect(allow_hosts, std::vector{*HostPattern::parse("quote.example.com")});
    }

    http::Caller user(std::string_view name, accounts::Role role) {
        const auto made =
            accounts::create(tx,
                             {.email = *accounts::Email::parse(std::string(name) + "@example.com"),
                              .name = *Line<100>::parse(name),
                              .role = role},
                             now);
        return {.user_id = made.id.value, .sees_all = role != accounts::Role::partner};
    }
    Link create(const NewLink& wanted) { return links.create(tx, ada, wanted, now); }
    Link create_at(std::string_view text) { return create({.destination_url = url(text)}); }
    LinkPage list(const LinkFilter& filter) { return links.list(tx, ada, filter, now); }
    std::vector<std::string> listed(const LinkFilter& filter) {
        std::vector<std::string> codes;
        for (const Link& link : list(filter).links) codes.push_back(link.code);
        return codes;
    }

    static constexpr db::Query<db::Nothing(std::vector<HostPattern>)> allow_hosts{
        "update programs set allowed_hosts = $1"};

    const Instant now = at("2026-03-01T12:00:00Z");
    const http::Caller ada = user("ada", accounts::Role::partner);
    const http::Caller bob = user("bob", accounts::Role::partner);
    const http::Caller staff = user("staff", accounts::Role::manager);
    Links links{{.public_url = url("https://go.example.com/")}};
};

TEST_F(LinksTest, DrawACodeWhenNoneIsChosen) {
    const Link link = create_at("https://quote.example.com/start");

    EXPECT_TRUE(check_character_fits(link.code)) << link.code;
    EXPECT_EQ(link.short_url, "https://go.example.com/r/" + link.code);
    EXPECT_EQ(link.status, Status::active);
    EXPECT_EQ(link.user_id.value, ada.user_id);
    EXPECT_EQ(link.user_name, "ada");
    EXPECT_EQ(link.created_at, now);
    EXPECT_EQ(link.clicks, 0);
    EXPECT_FALSE(link.last_clicked_at);
}

TEST_F(LinksTest, KeepEverythingThatIsFilledIn) {
    const Link link = create(
        {.destination_url = url("https://quote.example.com/start"),
         .code = code("spring"),
         .name = Line<100>::parse("Spring"),
         .starts_at = now,
         .expires_at = now + std::chrono::hours(1),
         .visits_max = VisitsMax{10},
         .password = LinkPassword::parse("secret"),
         .utm = Utm{.source = Utm::Value::parse("mail")},
         .targets = std::vector{Target{.countries = std::vector{*Country::parse("US")},
                                       .devices = std::vector{Device::mobile},
                                       .destination_url = url("https://quote.example.com/us")}},
         .pass_params = true});

    EXPECT_EQ(link.code, "spring");
    EXPECT_EQ(link.name->text(), "Spring");
    EXPECT_EQ(link.expires_at, now + std::chrono::hours(1));
    EXPECT_EQ(link.visits_max->value, 10);
    EXPECT_TRUE(link.has_password);
    EXPECT_EQ(link.utm->source->text(), "mail");
    EXPECT_EQ(link.targets.at(0).countries->at(0).text(), "US");
    EXPECT_EQ(link.targets.at(0).destination_url.text(), "https://quote.example.com/us");
    EXPECT_TRUE(link.pass_params);
    EXPECT_EQ(links.get(tx, ada, link.id, now).utm, link.utm);
}

TEST_F(LinksTest, RefuseACodeThatIsTakenOrLooksLikeOne) {
    create({.destination_url = url("https://quote.example.com"), .code = code("oil-10")});

    for (const char* like : {"oil-10", "0il-1o", "o1l-lo"})
        EXPECT_THAT(
            [&] {
                create({.destination_url = url("https://quote.example.com"), .code = code(like)});
            },
            refused(Refusal::conflict, "code"));
}

TEST_F(LinksTest, RefuseDestinationsOutsideTheProgram) {
    for (const char* stray : {"https://evil.example", "http://quote.example.com",
                              "https://quote.example.com.evil.example",
                              "https://quote.example.com:8443", "http://127.0.0.1:9000"})
        EXPECT_THAT([&] { create_at(stray); }, refused(Refusal::invalid, "destination_url"))
            << stray;
    EXPECT_THAT(
        [&] {
            create(
                {.destination_url = url("https://quote.example.com"),
                 .targets = std::vector{Target{.devices = std::vector{Device::mobile},
                                               .destination_url = url("https://evil.example")}}});
        },
        refused(Refusal::invalid, "targets.0.destination_url"));
}

TEST_F(LinksTest, RefuseDestinationsThatLeadBackHere) {
    tx.run_for_effect(allow_hosts, std::vector{*HostPattern::parse("*.example.com")});

    EXPECT_THAT([&] { create_at("https://go.example.com/r/abc"); },
                refused(Refusal::invalid, "destination_url"));
    EXPECT_THAT([&] { create_at("https://GO.example.com:443/"); },
                refused(Refusal::invalid, "destination_url"));
}

TEST_F(LinksTest, MayLeadToThisMachineInDevelopment) {
    Links here{{.public_url = url("http://127.0.0.1:8080"), .development = true}};

    EXPECT_EQ(here.create(tx, ada, {.destination_url = url("http://127.0.0.1:9000/x")}, now)
                  .destination_url.text(),
              "http://127.0.0.1:9000/x");
    EXPECT_THAT(
        [&] { here.create(tx, ada, {.destination_url = url("http://127.0.0.1:8080/x")}, now); },
        refused(Refusal::invalid, "destination_url"));
}

TEST_F(LinksTest, RefuseATargetForNobodyAndDatesTheWrongWayRound) {
    EXPECT_THAT(
        [&] {
            create({.destination_url = url("https://quote.example.com"),
                    .targets =
                        std::vector{Target{.destination_url = url("https://quote.example.com")}}});
        },
        refused(Refusal::invalid, "targets.0"));
    EXPECT_THAT(
        [&] {
            create({.destination_url = url("https://quote.example.com"),
                    .starts_at = now,
                    .expires_at = now});
        },
        refused(Refusal::invalid, "expires_at"));
}

TEST_F(LinksTest, BelongToOthersOnlyWhenStaffMakesThem) {
    const NewLink for_bob{.destination_url = url("https://quote.example.com"),
                          .user_id = accounts::UserId{bob.user_id}};
    EXPECT_THAT([&] { create(for_bob); }, refused(Refusal::invalid, "user_id"));
    EXPECT_EQ(links.create(tx, staff, for_bob, now).user_name, "bob");

    const NewLink for_nobody{.destination_url = url("https://quote.example.com"),
                             .user_id = accounts::UserId{999'999}};
    EXPECT_THAT([&] { links.create(tx, staff, for_nobody, now); },
                refused(Refusal::invalid, "user_id"));
}

TEST_F(LinksTest, StayHiddenFromOtherPartners) {
    const LinkId id = create_at("https://quote.example.com").id;

    EXPECT_THAT([&] { links.get(tx, bob, id, now); }, refused(Refusal::not_found, "link"));
    EXPECT_THAT([&] { links.change(tx, bob, id, {}, now); }, refused(Refusal::not_found, "link"));
    EXPECT_THAT([&] { links.set_status(tx, bob, id, Status::paused, now); },
                refused(Refusal::not_found, "link"));
    EXPECT_TRUE(links.list(tx, bob, {}, now).links.empty());
    EXPECT_EQ(links.get(tx, staff, id, now).id, id);
    EXPECT_EQ(links.list(tx, staff, {}, now).links.size(), 1u);
}

TEST_F(LinksTest, ChangeWhatIsSaidAndNothingElse) {
    const Link link = create({.destination_url = url("https://quote.example.com/1"),
                              .name = Line<100>::parse("one"),
                              .visits_max = VisitsMax{5},
                              .password = LinkPassword::parse("secret"),
                              .pass_params = true});
    const Instant later = now + std::chrono::minutes(1);

    const Link changed = links.change(tx, ada, link.id,
                                      {.destination_url = url("https://quote.example.com/2"),
                                       .name = std::optional<Line<100>>{},
                                       .password = std::optional<LinkPassword>{}},
                                      later);

    EXPECT_EQ(changed.destination_url.text(), "https://quote.example.com/2");
    EXPECT_FALSE(changed.name);
    EXPECT_FALSE(changed.has_password);
    EXPECT_EQ(changed.visits_max->value, 5);
    EXPECT_TRUE(changed.pass_params);
    EXPECT_EQ(changed.code, link.code);
    EXPECT_EQ(changed.updated_at, later);
    EXPECT_EQ(changed.created_at, now);
    EXPECT_THAT(
        [&] {
            links.change(tx, ada, link.id, {.destination_url = url("https://evil.example")}, now);
        },
        refused(Refusal::invalid, "destination_url"));
}

TEST_F(LinksTest, CanBeRenamedWhenTheProgramsHostsHaveChanged) {
    const LinkId id = create_at("https://quote.example.com").id;
    tx.run_for_effect(allow_hosts, std::vector<HostPattern>{});

    EXPECT_EQ(links.change(tx, ada, id, {.name = Line<100>::parse("new")}, now).name->text(),
              "new");
}

TEST_F(LinksTest, GoFromStatusToStatusAsTheRulesSay) {
    struct Case {
        Status from, to;
        bool allowed;
    };
    using enum Status;
    for (const auto& [from, to, allowed] : std::vector<Case>{{active, paused, true},
                                                             {active, active, false},
                                                             {active, disabled, true},
                                                             {active, banned, true},
                                                             {paused, active, true},
                                                             {paused, paused, false},
                                                             {paused, disabled, true},
                                                             {paused, banned, true},
                                                             {disabled, active, false},
                                                             {disabled, paused, false},
                                                             {disabled, banned, true},
                                                             {banned, active, false},
                                                             {banned, paused, false},
                                                             {banned, disabled, false},
                                                             {expired, active, false},
                                                             {expired, paused, false},
                                                             {expired, disabled, false},
                                                             {expired, banned, true}}) {
        const LinkId id = create_at("https://quote.example.com").id;
        tx.run_for_effect(sql::set_status, id, std::nullopt, from, now);
        if (allowed)
            EXPECT_EQ(links.set_status(tx, ada, id, to, now).status, to);
        else
            EXPECT_THAT([&] { links.set_status(tx, ada, id, to, now); },
                        refused(Refusal::conflict, "status"))
                << name_of(from) << " to " << name_of(to);
    }
}

TEST_F(LinksTest, AreExpiredWhenTheirTimeOrTheirVisitsAreOver) {
    const Link dated = create({.destination_url = url("https://quote.example.com"),
                               .expires_at = now + std::chrono::hours(1)});
    const Link limited =
        create({.destination_url = url("https://quote.example.com"), .visits_max = VisitsMax{3}});
    const Link free = create_at("https://quote.example.com");
    add_visits(tx, {{limited.id, 2}, {free.id, 2}, {dated.id, 9}});
    EXPECT_EQ(links.get(tx, ada, dated.id, now).status, Status::active);
    EXPECT_EQ(links.get(tx, ada, limited.id, now).status, Status::active);

    add_visits(tx, {{limited.id, 1}});
    const Instant later = now + std::chrono::hours(1);

    EXPECT_EQ(links.get(tx, ada, dated.id, later).status, Status::expired);
    EXPECT_EQ(links.get(tx, ada, limited.id, later).status, Status::expired);
    EXPECT_EQ(links.list(tx, ada, {.status = Status::expired}, later).links.size(), 2u);
    EXPECT_EQ(links.list(tx, ada, {.status = Status::active}, later).links.size(), 1u);
    EXPECT_THAT([&] { links.set_status(tx, ada, dated.id, Status::paused, later); },
                refused(Refusal::conflict, "status"));
    const LinkChange longer{.expires_at = later + std::chrono::hours(1)};
    EXPECT_EQ(links.change(tx, ada, dated.id, longer, later).status, Status::active);
}

TEST_F(LinksTest, OnceBannedCannotBeChanged) {
    const LinkId id = create_at("https://quote.example.com").id;
    links.set_status(tx, staff, id, Status::banned, now);

    EXPECT_THAT([&] { links.change(tx, ada, id, {.pass_params = true}, now); },
                refused(Refusal::conflict, "status"));
}

TEST_F(LinksTest, AreFoundByCodeNameAndDestination) {
    create({.destination_url = url("https://quote.example.com/carriers"),
            .code = code("oil-sale"),
            .name = Line<100>::parse("Frühling 100%")});
    create({.destination_url = url("https://quote.example.com/drivers"), .code = code("winter")});
    const auto q = [](std::string_view text) { return LinkFilter{.q = Line<200>::parse(text)}; };

    for (const char* text : {"oil-s", "0IL", "o", "oil-sale", "rühl", "FRÜ", "carrier", "100%",
                             "https://go.example.com/r/oil-sale"})
        EXPECT_EQ(listed(q(text)), std::vector<std::string>{"oil-sale"}) << text;
    EXPECT_EQ(listed(q("quote.example")).size(), 2u);
    for (const char* text : {"sale", "100_", "\\", "ü", "%", "%%%"})
        EXPECT_TRUE(listed(q(text)).empty()) << text;
}

TEST_F(LinksTest, AreListedInEveryOrderPageByPage) {
    for (int i = 0; i < 7; ++i)
        links.create(tx, ada,
                     {.destination_url = url("https://quote.example.com"),
                      .code = code("code-" + std::to_string(i * 5 % 7)),
                      .name = i % 2 ? Line<100>::parse("Name") : std::nullopt},
                     now + std::chrono::microseconds(i / 2));
    static constexpr db::Query<db::Nothing()> totals{
        "insert into link_totals select id, right(code, 1)::bigint % 3, right(code, 1)::bigint % 2,"
        " created_at from referral_links where code <> 'code-6'"};
    tx.run_for_effect(totals);

    for (const auto& [sort, name] : Names<Sort>::list) {
        const auto whole = listed({.sort = sort});
        ASSERT_EQ(whole.size(), 7u);
        std::vector<std::string> pieces;
        LinkFilter filter{.sort = sort, .limit = schema::Whole<1, 200>{2}};
        while (true) {
            const LinkPage page = list(filter);
            for (const Link& link : page.links) pieces.push_back(link.code);
            if (!page.next_cursor) break;
            filter.cursor = schema::Cursor::parse(*page.next_cursor);
        }
        EXPECT_EQ(pieces, whole) << name;
    }
    EXPECT_EQ(listed({.sort = Sort::by_code}).front(), "code-0");
    EXPECT_EQ(listed({.sort = Sort::newest_first}).front(), "code-2");
    EXPECT_EQ(list({.sort = Sort::by_clicks}).links.front().clicks, 2);
}

TEST_F(LinksTest, RefuseACursorOfAnotherOrder) {
    create_at("https://quote.example.com");
    create_at("https://quote.example.com");
    const auto cursor = list({.limit = schema::Whole<1, 200>{1}}).next_cursor;
    ASSERT_TRUE(cursor);

    EXPECT_THAT([&] { list({.sort = Sort::by_code, .cursor = schema::Cursor::parse(*cursor)}); },
                refused(Refusal::invalid, "cursor"));
    EXPECT_THAT(
        [&] {
            list({.cursor = schema::Cursor({"-created_at", "yesterday", "lnk_x"})});
        },
        refused(Refusal::invalid, "cursor"));
}

TEST_F(LinksTest, AreFilteredByProgramAndUser) {
    create_at("https://quote.example.com");
    const auto program = programs::default_program(tx).id;

    EXPECT_EQ(list({.program_id = program}).links.size(), 1u);
    EXPECT_EQ(list({.program_id = ProgramId{999}}).links.size(), 0u);
    EXPECT_EQ(list({.user_id = accounts::UserId{ada.user_id}}).links.size(), 1u);
    EXPECT_EQ(list({.user_id = accounts::UserId{bob.user_id}}).links.size(), 0u);
}

TEST(LinkPasswords, HaveALengthInCharacters) {
    EXPECT_TRUE(LinkPassword::parse("ümläut"));
    for (const std::string& bad :
         {std::string("abc"), std::string(101, 'x'), std::string("\xff\xff\xff\xff")})
        EXPECT_FALSE(LinkPassword::parse(bad));
}

}  // namespace
}  // namespace referral::links

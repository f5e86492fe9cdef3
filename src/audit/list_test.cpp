#include "audit/fixture_test.hpp"
#include "testing/database_test.hpp"

namespace referral::audit {
namespace {

constexpr db::Query<std::int64_t()> add_user{R"sql(
    insert into users (email, name, role, created_at, updated_at)
    values ('ada@example.com', 'Ada', 'admin', now(), now()) returning id
)sql"};

class Lists : public testing::DatabaseTest {
protected:
    void add(Actor actor, std::string_view action, std::string type, std::string id,
             Instant when = noon, std::string reason = "") {
        note(tx, actor,
             {.action = action,
              .object_type = std::move(type),
              .object_id = std::move(id),
              .reason = std::move(reason)},
             when);
    }
    std::string objects(const AuditFilter& filter) {
        std::string text;
        for (const AuditLog& row : list(tx, filter).rows) text += row.object_id + ' ';
        return text;
    }
};

TEST_F(Lists, FilterByEverythingAtOnceOrAlone) {
    const std::int64_t ada = tx.one(add_user);
    add({.user_id = ada, .request_id = "req_a"}, "links.create", "link", "1", noon);
    add({.user_id = ada, .request_id = "req_b"}, "links.change", "link", "2",
        noon + std::chrono::hours(1));
    add({.user_id = 999, .request_id = "req_b"}, "links_x.change", "other", "2",
        noon + std::chrono::hours(2));
    add({.job = "mails.send"}, "mails.send", "mail", "3", noon + std::chrono::hours(3));
    const auto line = [](auto text) { return Line<100>::parse(text); };

    EXPECT_EQ(objects({}), "3 2 2 1 ");
    EXPECT_EQ(objects({.user_id = ActorId{ada}}), "2 1 ");
    EXPECT_EQ(objects({.action = line("links.")}), "2 1 ");
    EXPECT_EQ(objects({.action = line("links_")}), "2 ") << "no wildcard of LIKE";
    EXPECT_EQ(objects({.action = line("%")}), "");
    EXPECT_EQ(objects({.object_type = Line<50>::parse("link")}), "2 1 ");
    EXPECT_EQ(objects({.object_id = Line<200>::parse("2")}), "2 2 ");
    EXPECT_EQ(objects({.from = noon + std::chrono::hours(1), .to = noon + std::chrono::hours(3)}),
              "2 2 ");
    EXPECT_EQ(objects({.request_id = line("req_b")}), "2 2 ");
    EXPECT_EQ(objects({.user_id = ActorId{ada},
                       .action = line("links.c"),
                       .object_type = Line<50>::parse("link"),
                       .object_id = Line<200>::parse("2"),
                       .from = noon,
                       .to = noon + std::chrono::hours(2),
                       .request_id = line("req_b")}),
              "2 ");
    EXPECT_EQ(list(tx, {.user_id = ActorId{ada}}).rows[0].user_name, "Ada");
    EXPECT_EQ(get(tx, list(tx, {}).rows[0].id).job, "mails.send");
    EXPECT_THAT([&] { get(tx, AuditId{1'000'000}); },
                testing::refused(Refusal::not_found, "audit log"));
}

TEST_F(Lists, GiveEveryRowOnceAPageAtATime) {
    for (int i = 0; i < 7; ++i) add({}, "links.change", "link", std::to_string(i), noon);
    AuditFilter filter{.limit = schema::Whole<1, 200>{3}};
    std::string text;
    for (int pages = 0; pages < 3; ++pages) {
        const AuditPage page = list(tx, filter);
        for (const AuditLog& row : page.rows) text += row.object_id;
        filter.cursor = page.next_cursor ? schema::Cursor::parse(*page.next_cursor) : std::nullopt;
        EXPECT_EQ(filter.cursor.has_value(), pages < 2);
    }
    EXPECT_EQ(text, "6543210");

    filter.cursor = schema::Cursor({"yesterday", "aud_1"});
    EXPECT_THAT([&] { list(tx, filter); }, testing::refused(Refusal::invalid, "cursor"));
}

TEST_F(Lists, AreExportedWholeWithoutFormulas) {
    for (int i = 0; i < 2'500; ++i) add({}, "links.change", "link", "=1+1", noon, "+cmd \"x\"");

    const Export rows = export_csv(tx, {.object_id = Line<200>::parse("=1+1")});

    EXPECT_FALSE(rows.next_cursor);
    EXPECT_EQ(std::ranges::count(rows.csv, '\n'), 2'501);
    EXPECT_TRUE(rows.csv.starts_with("\"sequence\",\"id\",\"created_at\",\"user_id\""));
    EXPECT_NE(rows.csv.find(",\"links.change\",\"link\",\"'=1+1\",\"\",\"\",\"'+cmd \"\"x\"\"\","),
              rows.csv.npos);
}

}  // namespace
}  // namespace referral::audit

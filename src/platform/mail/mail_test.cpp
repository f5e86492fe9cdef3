#include "platform/mail/mail.hpp"

#include "platform/config/settings.hpp"
#include "platform/log/log.hpp"
#include "testing/database_test.hpp"

namespace referral::mail {
namespace {

using testing::at, testing::refused;
using ::testing::ElementsAre, ::testing::HasSubstr, ::testing::IsEmpty, ::testing::Not;
namespace json = schema::json;

const Instant now = at("2026-03-01T12:00:00Z");

NewMail verification(std::string key = "") {
    return {.to = "ada@example.com",
            .template_name = "verify-email",
            .values = {{"name", "Ada"},
                       {"link", "https://go.example.com/verify?token=s3cret"},
                       {"expires_in", "24 hours"}},
            .dedupe_key = std::move(key),
            .secret = true};
}

Settings without_server() {
    return {.server = {},
            .sender = MailSender::parse("no-reply@go.example.com").value(),
            .site_url = "https://go.example.com"};
}

/// Nobody listens on that port.
Settings with_dead_server() {
    Settings settings = without_server();
    settings.server = {.host = "127.0.0.1",
                       .port = 1,
                       .security = Security::none,
                       .username = {},
                       .password = {},
                       .authorities = {},
                       .timeout = std::chrono::seconds(2)};
    return settings;
}

Mailer mailer(Settings settings) {
    return Mailer(std::move(settings), [](db::Transaction&) { return Branding{}; });
}

constexpr db::Query<std::int64_t()> count_jobs{
    "select count(*) from jobs where kind = 'mails.send'"};
constexpr db::Query<std::optional<std::string>(MailId)> details{
    "select details::text from mails where id = $1"};

class Mails : public testing::DatabaseTest {};

TEST_F(Mails, BringTheJobThatSendsThem) {
    const auto id = send(tx, verification(), now);

    ASSERT_TRUE(id);
    EXPECT_EQ(tx.one(count_jobs), 1);
    const auto mails = list(tx, {}).mails;
    ASSERT_EQ(mails.size(), 1u);
    EXPECT_EQ(mails[0].id, *id);
    EXPECT_EQ(mails[0].to, "ada@example.com");
    EXPECT_EQ(mails[0].state, State::waiting);
    EXPECT_EQ(mails[0].created_at, now);
}

TEST_F(Mails, OfOneKeyAreOne) {
    EXPECT_TRUE(send(tx, verification("a"), now));
    EXPECT_FALSE(send(tx, verification("a"), now));
    EXPECT_TRUE(send(tx, verification("b"), now));

    EXPECT_EQ(tx.one(count_jobs), 2);
}

TEST_F(Mails, AreNotWrittenWhenTheCallerIsWrong) {
    NewMail unknown = verification();
    unknown.template_name = "no-such-mail";
    NewMail nowhere = verification();
    nowhere.to = "ada@example.com\r\nRCPT TO:<eve@example.com>";
    NewMail empty = verification();
    empty.values["link"] = "";
    NewMail script = verification();
    script.values["link"] = "javascript:alert(1)";

    for (const NewMail& wrong : {unknown, nowhere, empty, script})
        EXPECT_THROW(send(tx, wrong, now), std::logic_error) << wrong.template_name;
    EXPECT_EQ(tx.one(count_jobs), 0);
}

TEST_F(Mails, AreListedNewestFirstPageByPage) {
    for (int i = 0; i < 5; ++i) send(tx, verification(), now);

    const MailPage first = list(tx, {.limit = {{3}}});
    const MailPage second =
        list(tx, {.limit = {{3}}, .cursor = schema::Cursor::parse(first.next_cursor.value())});

    EXPECT_EQ(first.mails.size(), 3u);
    EXPECT_GT(first.mails[0].id, first.mails[1].id);
    EXPECT_EQ(second.mails.size(), 2u);
    EXPECT_LT(second.mails[0].id, first.mails[2].id);
    EXPECT_FALSE(second.next_cursor);
}

TEST_F(Mails, AreFoundByStateTemplateAndAddress) {
    send(tx, verification(), now);

    EXPECT_EQ(list(tx, {.state = State::waiting}).mails.size(), 1u);
    EXPECT_EQ(list(tx, {.template_name = "verify-email", .to = "ADA@example.com"}).mails.size(),
              1u);
    EXPECT_THAT(list(tx, {.state = State::failed}).mails, IsEmpty());
    EXPECT_THAT(list(tx, {.template_name = "test"}).mails, IsEmpty());
    EXPECT_THAT(list(tx, {.to = "eve@example.com"}).mails, IsEmpty());
}

TEST_F(Mails, HaveCursorsOfTheirOwn) {
    const MailFilter strange{.cursor = schema::Cursor({"lnk_0", "x"})};

    EXPECT_THAT([&] { list(tx, strange); }, refused(Refusal::invalid, "cursor"));
    EXPECT_THAT([&] { mailer(without_server()).get(tx, MailId{99}); },
                refused(Refusal::not_found, "id"));
}

/// A mail in a database of its own, and tries to send it.
class Delivery : public ::testing::Test {
protected:
    Delivery() {
        db::Transaction tx(database.pool());
        id = *send(tx, verification(), now);
        tx.commit();
        payload = {{"mail_id", id.value}};
    }

    void deliver(Mailer& by, Instant when = now) {
        jobs::Run run({.payload = payload, .now = when, .pool = database.pool()});
        by.deliver(run);
    }
    Mail mail() {
        db::Transaction tx(database.pool());
        return list(tx, {}).mails.at(0);
    }
    std::optional<std::string> kept() {
        db::Transaction tx(database.pool());
        return tx.one(details, id);
    }

    testing::Database database;
    MailId id;
    json::value payload;
    Mailer showing = mailer(without_server());
    Mailer sending = mailer(with_dead_server());
};

TEST_F(Delivery, WithoutAServerShowsTheMail) {
    std::string logged;
    log::configure({.to = [&](std::string_view line) { logged += line; }});

    deliver(showing);
    log::configure({});

    EXPECT_EQ(mail().state, State::shown);
    EXPECT_EQ(mail().sent_at, now);
    EXPECT_THAT(logged, HasSubstr("mail_shown"));
    EXPECT_THAT(logged, HasSubstr("https://go.example.com/verify?token=s3cret"));
    db::Transaction tx(database.pool());
    const MailView view = showing.get(tx, id);
    ASSERT_TRUE(view.content);
    EXPECT_EQ(view.content->subject, "Confirm your e-mail address");
    EXPECT_THAT(view.content->html, HasSubstr("token=s3cret"));
    EXPECT_THAT(view.content->text, HasSubstr("token=s3cret"));
}

TEST_F(Delivery, HappensOnce) {
    deliver(showing);

    deliver(showing, now + std::chrono::hours(1));

    EXPECT_EQ(mail().attempts, 1);
    EXPECT_EQ(mail().sent_at, now);
}

TEST_F(Delivery, IsTriedAgainWhenNobodyIsThere) {
    EXPECT_THROW(deliver(sending), std::runtime_error);

    EXPECT_EQ(mail().state, State::waiting);
    EXPECT_EQ(mail().attempts, 1);
    EXPECT_THAT(mail().last_error.value(), HasSubstr("onnect"));
    EXPECT_TRUE(kept());
}

constexpr db::Query<db::Nothing(MailId, std::int64_t)> set_attempts{
    "update mails set attempts = $2 where id = $1"};

TEST_F(Delivery, IsGivenUpAtLastAndForgetsTheToken) {
    {
        db::Transaction tx(database.pool());
        tx.run_for_effect(set_attempts, id, attempts_max - 1);
        tx.commit();
    }

    EXPECT_THROW(deliver(sending), jobs::GiveUp);

    EXPECT_EQ(mail().state, State::failed);
    EXPECT_FALSE(kept());
    EXPECT_THROW(deliver(sending), jobs::GiveUp) << "replayed";
}

TEST_F(Delivery, LogsNoTokenAndNoAddressWhenThereIsAServer) {
    std::string logged;
    log::configure({.to = [&](std::string_view line) { logged += line; }});

    EXPECT_THROW(deliver(sending), std::runtime_error);
    log::configure({});

    EXPECT_THAT(logged, HasSubstr("mail_postponed"));
    EXPECT_THAT(logged, Not(HasSubstr("s3cret")));
    EXPECT_THAT(logged, Not(HasSubstr("ada@example.com")));
}

TEST_F(Delivery, ShowsNoContentOnceThereIsAServer) {
    deliver(showing);

    db::Transaction tx(database.pool());
    EXPECT_FALSE(sending.get(tx, id).content);
}

constexpr db::Query<db::Nothing(MailId, Instant)> take{
    "update mails set sending_until = $2 where id = $1"};

TEST_F(Delivery, IsLeftToTheWorkerThatHasIt) {
    {
        db::Transaction tx(database.pool());
        tx.run_for_effect(take, id, now + std::chrono::seconds(30));
        tx.commit();
    }

    EXPECT_THROW(deliver(showing), std::runtime_error);
    EXPECT_EQ(mail().state, State::waiting);

    deliver(showing, now + std::chrono::seconds(30));
    EXPECT_EQ(mail().state, State::shown);
}

TEST_F(Delivery, IsLeftToAnotherJobWhenTheServerHasItsHandsFull) {
    Settings full = without_server();
    full.at_once_max = 0;
    Mailer busy = mailer(full);

    deliver(busy);

    EXPECT_EQ(mail().attempts, 0);
    EXPECT_EQ(mail().state, State::waiting);
    db::Transaction tx(database.pool());
    EXPECT_EQ(tx.one(count_jobs), 2);
}

TEST_F(Delivery, OfARemovedMailIsNothing) {
    const json::value gone{{"mail_id", id.value + 1}};
    jobs::Run run({.payload = gone, .now = now, .pool = database.pool()});

    EXPECT_NO_THROW(showing.deliver(run));
}

TEST_F(Delivery, IsForgottenAfterItsDays) {
    const auto forget = [&](const Mailer& by, Instant when) {
        db::Transaction tx(database.pool());
        jobs::Run run(
            {.payload = payload, .now = when, .pool = database.pool(), .transaction = &tx});
        by.forget(run);
        tx.commit();
    };
    deliver(showing);

    forget(showing, now + std::chrono::days(90));
    EXPECT_TRUE(kept());
    forget(sending, now + std::chrono::days(90));
    EXPECT_FALSE(kept()) << "a shown token, with a server";

    forget(showing, now + std::chrono::days(90) + std::chrono::seconds(1));
    db::Transaction tx(database.pool());
    EXPECT_THAT(list(tx, {}).mails, IsEmpty());
}

TEST(Settings, FindTheSender) {
    struct {
        std::string sender, username, base_url, address;
    } const rows[] = {
        {"Acme <mail@acme.example>", "u@x.example", "https://go.example.com", "mail@acme.example"},
        {"", "u@x.example", "https://go.example.com", "u@x.example"},
        {"", "user", "https://go.example.com:8443", "no-reply@go.example.com"},
        {"", "", "http://[::1]:8080", "no-reply@localhost"},
    };
    for (const auto& row : rows) {
        config::Settings settings;
        settings.mail_default_sender = row.sender;
        settings.mail_username = row.username;
        settings.base_url = row.base_url;
        EXPECT_EQ(settings_from(settings).sender.address.text(), row.address);
    }
}

TEST(Moment, IsWrittenForPeople) {
    EXPECT_EQ(moment(at("2026-11-26T08:44:59Z")), "26 November 2026, 08:44 UTC");
}

}  // namespace
}  // namespace referral::mail

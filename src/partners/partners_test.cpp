#include "partners/partners.hpp"

#include <map>

#include "platform/cache/limiter.hpp"
#include "testing/database_test.hpp"
#include "testing/routes_test.hpp"

namespace referral::partners {
namespace {

Instant clock_now;
Instant now() { return clock_now; }

using testing::Answer;

constexpr db::Query<std::tuple<std::string, schema::json::value>()> waiting_jobs{
    "select kind, payload from jobs where state = 'waiting' and kind like 'partners.%' order by "
    "id"};
constexpr db::Query<db::Nothing()> forget_jobs{"delete from jobs where kind like 'partners.%'"};

class PartnersTest : public ::testing::Test {
protected:
    PartnersTest() {
        clock_now = testing::at("2026-03-01T12:00:00Z");
        db::Transaction tx(database.pool());
        programs::ensure_default(tx, clock_now);
        tx.commit();
        gate.caller = {
            .user_id = make_user("boss", accounts::Role::admin),
            .permissions = {"applications:read", "applications:write", "terms:own", "terms:write"},
            .sees_all = true};
    }

    std::int64_t make_user(const std::string& name, accounts::Role role) {
        db::Transaction tx(database.pool());
        const auto made = accounts::create(tx,
                                           {.email = *Email::parse(name + "@example.com"),
                                            .name = *Line<100>::parse(name),
                                            .role = role,
                                            .password_hash = "x"},
                                           clock_now);
        tx.commit();
        return made.id.value;
    }

    Answer ask(const std::string& method, const std::string& path, const std::string& body = "{}") {
        return testing::ask(
            dispatch,
            {.method = method, .path = path, .body = body, .headers = "Host: evil.example\r\n"});
    }

    Answer apply(const std::string& email, const std::string& more = "") {
        return ask("POST", "/auth/apply",
                   R"({"email": ")" + email +
                       R"(", "name": "Ada", "kind": "person", "country": "US",
                       "terms_version": 1, "password": "purple tractors hum")" +
                       more + "}");
    }

    void work() {
        const auto kinds = partners::tasks("https://go.example.com");
        db::Transaction tx(database.pool());
        for (const auto& [name, payload] : tx.all(waiting_jobs)) {
            const auto kind = std::ranges::find(kinds, name, &jobs::JobKind::name);
            ASSERT_NE(kind, kinds.end()) << name;
            jobs::Run run({.payload = payload,
                           .now = clock_now,
                           .pool = database.pool(),
                           .transaction = &tx});
            kind->work(run);
        }
        tx.run_for_effect(forget_jobs);
        tx.commit();
    }

    void forget(std::chrono::days later) {
        db::Transaction tx(database.pool());
        forget_unverified(tx, clock_now + later);
        tx.commit();
    }

    std::string column(const std::string& statement) {
        db::Connection connection({.url = database.conninfo()});
        const db::Result result = connection.run_script(statement);
        return result.rows() == 1 ? std::string(result.value(0, 0).value_or("")) : "";
    }
    std::string mails(const std::string& template_name) {
        return column("select count(*) from mails where template = '" + template_name + "'");
    }
    std::string token() {
        const std::string link = column(
            "select details->>'link' from mails where template = 'verify-email' order by id desc "
            "limit 1");
        EXPECT_TRUE(link.starts_with("https://go.example.com/auth/verify?token=")) << link;
        return R"({"token": ")" + link.substr(link.find("?token=") + 7) + "\"}";
    }
    /// The id of a new application that waits.
    std::string waiting(const std::string& email) {
        apply(email);
        work();
        EXPECT_EQ(ask("POST", "/auth/verify-email", token()).status, 204);
        const Answer list = ask("GET", "/applications?status=waiting");
        return std::string(list.body.at("data").at(0).at("id").as_string());
    }

    testing::Database database;
    cache::Limiter limiter{{}};
    http::RateLimits limits{http::rate_limits("off"), limiter};
    accounts::Accounts accounts{
        database.pool(),
        limits,
        {.sessions = {}, .base_url = "https://go.example.com", .common_passwords = {}}};
    testing::OpenGate gate;
    links::Links links{{.public_url = Url::parse("https://go.example.com").value()}};
    http::Dispatch dispatch{partners::routes({.accounts = accounts, .links = links}), gate,
                            database.pool(), now};
};

TEST_F(PartnersTest, AreTakenInByTheirApplication) {
    const std::string id = waiting("ada@example.com");
    EXPECT_EQ(mails("application-received"), "1");

    const Answer approved = ask("POST", "/applications/" + id + "/approve");

    ASSERT_EQ(approved.status, 200) << approved.text;
    EXPECT_EQ(column("select role || ' ' || status from users where email = 'ada@example.com'"),
              "partner active");
    EXPECT_EQ(column("select p.country || ' ' || a.version from partners p "
                     "join terms_acceptances a using (user_id)"),
              "US 1");
    EXPECT_EQ(column("select status from enrolments"), "approved") << "in the default program";
    EXPECT_EQ(column("select password_hash is null from partner_applications"), "t");
    EXPECT_EQ(mails("application-approved"), "1");
    EXPECT_EQ(ask("POST", "/applications/" + id + "/approve").status, 409);
    EXPECT_EQ(column("select count(*) from audit_logs where action = 'applications.approve'"), "1");
    EXPECT_EQ(column("select count(*) from audit_logs a where a::text like '%argon2%'"), "0");
}

TEST_F(PartnersTest, AreTurnedDownWithAReason) {
    const std::string id = waiting("ada@example.com");

    EXPECT_EQ(ask("POST", "/applications/" + id + "/reject").status, 422);
    const Answer rejected =
        ask("POST", "/applications/" + id + "/reject", R"({"reason": "Not in our trade"})");

    EXPECT_EQ(rejected.body.at("status").as_string(), "rejected");
    EXPECT_EQ(
        column("select details->>'reason' from mails where template = 'application-rejected'"),
        "Not in our trade");
    EXPECT_EQ(ask("POST", "/applications/" + id + "/approve").status, 409);
    EXPECT_EQ(apply("ada@example.com").status, 202) << "again";
}

TEST_F(PartnersTest, LearnNothingOfWhoHasAnAddress) {
    make_user("known", accounts::Role::partner);

    const Answer known = apply("known@example.com"), unknown = apply("new@example.com");

    EXPECT_EQ(known.status, 202);
    EXPECT_EQ(known.text, unknown.text);
    EXPECT_EQ(column("select count(*) from partner_applications"), "2");
    EXPECT_EQ(column("select count(*) from jobs where kind = 'partners.answer-application'"), "2");
    work();
    EXPECT_EQ(mails("account-exists"), "1");
    EXPECT_EQ(mails("verify-email"), "1");
    apply("known@example.com");
    work();
    EXPECT_EQ(mails("account-exists"), "1") << "once an hour";
}

TEST_F(PartnersTest, AreSeenOnceTheirMailboxIsShownToBeTheirs) {
    apply("ada@example.com");
    work();
    EXPECT_EQ(ask("GET", "/applications").body.at("data").as_array().size(), 0u);
    const std::string first = token();
    EXPECT_EQ(ask("POST", "/auth/verify-email/resend", R"({"email": "ada@example.com"})").status,
              202);
    EXPECT_EQ(ask("POST", "/auth/verify-email/resend", R"({"email": "x@example.com"})").status,
              202);
    work();
    EXPECT_EQ(mails("verify-email"), "1") << "none within a minute";
    clock_now += std::chrono::minutes(2);
    ask("POST", "/auth/verify-email/resend", R"({"email": "ada@example.com"})");
    work();
    EXPECT_EQ(mails("verify-email"), "2");

    EXPECT_EQ(ask("POST", "/auth/verify-email", first).status, 422) << "replaced";
    EXPECT_EQ(ask("POST", "/auth/verify-email", token()).status, 204);
    EXPECT_EQ(ask("POST", "/auth/verify-email", token()).status, 422) << "used";
    EXPECT_EQ(ask("GET", "/applications").body.at("data").as_array().size(), 1u);
    EXPECT_EQ(ask("GET", "/applications?q=ADA@").body.at("data").as_array().size(), 1u);
    EXPECT_EQ(ask("GET", "/applications?q=zoe").body.at("data").as_array().size(), 0u);
}

TEST_F(PartnersTest, WaitOnceForEachAddress) {
    waiting("ada@example.com");
    apply("ADA@example.com");
    work();

    EXPECT_EQ(mails("verify-email"), "1") << "whoever waits is told nothing more";
}

TEST_F(PartnersTest, RefuseWhatDoesNotGoTogether) {
    EXPECT_EQ(apply("ada@example.com", R"(, "company": "Acme")").status, 422);
    const std::string rest = R"("name": "Ada", "country": "US", "password": "purple tractors hum",
                                "email": "ada@example.com")";
    EXPECT_EQ(ask("POST", "/auth/apply", R"({"kind": "company", "terms_version": 1, )" + rest + "}")
                  .status,
              422);
    EXPECT_EQ(ask("POST", "/auth/apply", R"({"kind": "person", "terms_version": 2, )" + rest + "}")
                  .status,
              422);
    EXPECT_EQ(ask("POST", "/auth/apply", R"({"kind": "person", "terms_version": 0, )" + rest + "}")
                  .status,
              422);
    EXPECT_EQ(apply("ada@example.com", R"(, "mc_number": "MC-1")").status, 422);
    EXPECT_EQ(apply("ada@example.com", R"(, "role": "admin")").status, 422);
    EXPECT_EQ(apply("ada@example.com", R"(, "mc_number": "123456", "dot_number": "1234567",
                                            "website": "https://ada.example", "audience": "All")")
                  .status,
              202);
}

TEST_F(PartnersTest, AreNotTakenWhileApplicationsAreClosed) {
    EXPECT_TRUE(ask("GET", "/auth/terms").body.at("applications_open").as_bool());
    column("update settings set applications_open = false");

    EXPECT_FALSE(ask("GET", "/auth/terms").body.at("applications_open").as_bool());
    EXPECT_EQ(apply("ada@example.com").status, 403);
}

TEST_F(PartnersTest, PublishTheTermsThatAreNextAndNoOthers) {
    const auto publish = [&](const std::string& version, const std::string& text) {
        return ask("POST", "/terms", R"({"version": )" + version + R"(, "text": ")" + text + "\"}");
    };

    EXPECT_EQ(publish("2", R"( One\n\nTwo )").body.at("text").as_string(), "One\n\nTwo");

    for (const char* version : {"1", "2", "4"}) EXPECT_EQ(publish(version, "x").status, 409);
    for (const char* version : {"0", "99999999999", "\"3\""})
        EXPECT_EQ(publish(version, "x").status, 422);
    EXPECT_EQ(publish("3", "").status, 422);
    EXPECT_EQ(publish("3", "\\u0000").status, 422);
    EXPECT_EQ(publish("3", std::string(100'001, 'x')).status, 422);
    EXPECT_EQ(publish("3", std::string(100'000, 'x')).status, 201);
    EXPECT_EQ(column("select string_agg(object_id, ' ' order by id) from audit_logs "
                     "where action = 'terms.publish'"),
              "2 3");
    EXPECT_EQ(
        column("select count(*) from audit_logs a join terms t on a.object_id = t.version::text"
               " where a.after->>'text_sha256' = encode(sha256(t.text::bytea), 'hex')"),
        "2");
}

TEST_F(PartnersTest, AcceptTheNewestTermsOnce) {
    EXPECT_TRUE(ask("GET", "/terms").body.at("accepted_at").is_null());
    EXPECT_EQ(ask("POST", "/terms/accept", R"({"version": 1})").status, 200);
    ask("POST", "/terms", R"({"version": 2, "text": "Other terms"})");
    EXPECT_TRUE(ask("GET", "/terms").body.at("accepted_at").is_null()) << "not the new ones";

    EXPECT_EQ(ask("POST", "/terms/accept", R"({"version": 1})").status, 409) << "the old ones";
    const Answer accepted = ask("POST", "/terms/accept", R"({"version": 2})");
    clock_now += std::chrono::minutes(1);
    const Answer again = ask("POST", "/terms/accept", R"({"version": 2})");

    EXPECT_EQ(accepted.body.at("accepted_at").as_string(), "2026-03-01T12:00:00Z");
    EXPECT_EQ(again.text, accepted.text) << "the first time counts";
    EXPECT_EQ(column("select count(*) from audit_logs where action = 'terms.accept'"), "2");
}

TEST_F(PartnersTest, KeepTermsAsTheyWere) {
    EXPECT_EQ(ask("GET", "/auth/terms").body.at("version").as_int64(), 1);
    EXPECT_EQ(ask("POST", "/terms", R"({"version": 2, "text": "Other terms"})").status, 201);

    EXPECT_EQ(ask("GET", "/auth/terms").body.at("text").as_string(), "Other terms");
    EXPECT_EQ(apply("ada@example.com").status, 422) << "the old ones";
    EXPECT_THROW(column("update terms set text = 'x' where version = 1"), db::Error);
}

TEST_F(PartnersTest, AreForgottenWhenTheyNeverOpenTheLink) {
    apply("ada@example.com");
    forget(std::chrono::days(6));
    EXPECT_EQ(column("select count(*) from partner_applications"), "1");
    forget(std::chrono::days(7));
    EXPECT_EQ(column("select count(*) from partner_applications"), "0");
}

}  // namespace
}  // namespace referral::partners

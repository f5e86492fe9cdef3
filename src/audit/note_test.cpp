#include "audit/fixture_test.hpp"
#include "platform/http/call.hpp"
#include "testing/database_test.hpp"

namespace referral::audit {
namespace {

namespace json = schema::json;

class Note : public testing::DatabaseTest {
protected:
    AuditLog stored(const Actor& actor, const Entry& entry) {
        note(tx, actor, entry, noon);
        const AuditPage page = list(tx, {});
        EXPECT_EQ(page.rows.size(), 1u);
        return page.rows.at(0);
    }
    AuditLog stored(json::value before, json::value after) {
        return stored({}, {.action = "users.change",
                           .object_type = "user",
                           .object_id = "usr_1",
                           .before = std::move(before),
                           .after = std::move(after)});
    }
};

TEST_F(Note, KeepsWhoDidWhat) {
    const AuditLog row = stored({.user_id = 1,
                                 .acting_as = 2,
                                 .api_key_id = 3,
                                 .ip = IpAddress::parse("203.0.113.7"),
                                 .request_id = "req_1"},
                                {.action = "users.invite",
                                 .object_type = "user",
                                 .object_id = "usr_9",
                                 .reason = "new colleague"});

    EXPECT_EQ(row.created_at, noon);
    EXPECT_EQ(row.user_id, ActorId{1});
    EXPECT_EQ(row.acting_as, ActorId{2});
    EXPECT_EQ(row.api_key_id, ApiKeyId{3});
    EXPECT_FALSE(row.job || row.before || row.after || row.sequence);
    EXPECT_EQ(row.action, "users.invite");
    EXPECT_EQ(row.object_type, "user");
    EXPECT_EQ(row.object_id, "usr_9");
    EXPECT_EQ(row.reason, "new colleague");
    EXPECT_EQ(row.ip, "203.0.113.7");
    EXPECT_EQ(row.request_id, "req_1");
}

TEST_F(Note, KeepsOnlyWhatDiffers) {
    const AuditLog row = stored(json::parse(R"({"name": "a", "role": "admin", "gone": 1})"),
                                json::parse(R"({"name": "b", "role": "admin", "new": null})"));

    EXPECT_EQ(*row.before, json::parse(R"({"name": "a", "gone": 1})"));
    EXPECT_EQ(*row.after, json::parse(R"({"name": "b", "new": null})"));
}

// The names whose values are never stored: whoever adds a secret to the API adds its name here.
constexpr const char* secrets[] = {"password",
                                   "current_password",
                                   "new_password",
                                   "password_hash",
                                   "passphrase",
                                   "token",
                                   "csrf_token",
                                   "token_hash",
                                   "access_token",
                                   "refresh_token",
                                   "secret",
                                   "totp_secret",
                                   "client_secret",
                                   "key",
                                   "key_hash",
                                   "totp",
                                   "pin",
                                   "uri",
                                   "qr_svg",
                                   "recovery_codes",
                                   "recovery_code",
                                   "private_key",
                                   "signature",
                                   "cookie",
                                   "authorization",
                                   "iban",
                                   "account_number",
                                   "routing_number",
                                   "tax_id",
                                   "card_number",
                                   "Password",
                                   "code_hash",
                                   "secret_key",
                                   "webhook_secret"};

TEST_F(Note, NeverKeepsASecret) {
    json::object members, inner;
    for (const char* name : secrets) inner[name] = "hunter2";
    members["deep"] = json::array{json::object{{"deeper", inner}}};
    members["secret"] = json::object{{"inside", "hunter2"}};
    members["tokens"] = json::array{"hunter2"};

    const AuditLog row = stored(nullptr, members);

    const std::string text = json::serialize(*row.after);
    EXPECT_EQ(text.find("hunter2"), text.npos) << text;
    const auto& kept = row.after->at("deep").at(0).at("deeper").as_object();
    for (const char* name : secrets) {
        EXPECT_TRUE(names_a_secret(name)) << name;
        EXPECT_EQ(kept.at(name), json::value("(secret)")) << name;
    }
}

TEST_F(Note, TellsThatASecretChangedAndWhetherThereIsOne) {
    const json::object before{{"password_hash", "x"}, {"token", nullptr}, {"totp_secret", "s"}};
    const json::object after{
        {"password_hash", "y"}, {"token", "t"}, {"totp_secret", "s"}, {"has_password", true}};

    const AuditLog row = stored(before, after);

    const json::object kept_before{{"password_hash", "(secret)"}, {"token", nullptr}};
    const json::object kept_after{
        {"password_hash", "(secret)"}, {"token", "(secret)"}, {"has_password", true}};
    EXPECT_EQ(*row.before, json::value(kept_before));
    EXPECT_EQ(*row.after, json::value(kept_after));
}

TEST(NamesASecret, LeavesOtherNamesAlone) {
    for (const char* name : {"code", "code_key", "name", "api_key_id", "email", "status",
                             "destination_url", "short_url", "keywords", "hosts", "monkey"})
        EXPECT_FALSE(names_a_secret(name)) << name;
}

TEST_F(Note, TakesAnyText) {
    const std::string strange("a\0b\xff", 4);
    const AuditLog row = stored({}, {.action = "links.change",
                                     .object_type = "link",
                                     .object_id = strange,
                                     .after = json::object{{"name", json::string("a\0b", 3)}},
                                     .reason = strange + std::string(5'000, 'x')});

    EXPECT_EQ(row.object_id,
              "a\xef\xbf\xbd"
              "b\xef\xbf\xbd");
    EXPECT_EQ(row.after->at("name"),
              "a\xef\xbf\xbd"
              "b");
    EXPECT_EQ(row.reason->size(), 1'000u);
}

TEST_F(Note, BoundsWhatIsKept) {
    const AuditLog row = stored(nullptr, json::object{{"name", std::string(300'000, 'x')}});

    EXPECT_TRUE(row.after->at("too_large_bytes").is_int64());
}

TEST(NoteApart, IsThereWhenTheRequestsOwnTransactionIsNot) {
    testing::Database database;
    {
        db::Transaction request(database.pool());
        note_apart(database.pool(), {}, {.action = "links.get", .object_type = "link"}, noon);
    }
    db::Transaction tx(database.pool());
    EXPECT_EQ(list(tx, {}).rows.size(), 1u);
}

}  // namespace
}  // namespace referral::audit

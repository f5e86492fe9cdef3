#include "accounts/fixture_test.hpp"

#include "platform/crypto/password.hpp"
#include "testing/database_test.hpp"

namespace referral::accounts {

namespace {

/// Of the one password that all users of these tests have; 50 ms, spent once.
const std::string& good_hash(const char* password) {
    static const std::string hash = crypto::hash_password(Secret(password));
    return hash;
}

constexpr db::Query<std::tuple<std::string, schema::json::value>()> waiting_jobs{
    "select kind, payload from jobs where state = 'waiting' and kind like 'accounts.%' order by "
    "id"};
constexpr db::Query<db::Nothing()> forget_jobs{"delete from jobs where kind like 'accounts.%'"};
constexpr db::Query<std::int64_t(std::string)> count_mails{
    "select count(*) from mails where template = $1"};
constexpr db::Query<std::string(std::string)> newest_link{
    "select details->>'link' from mails where template = $1 order by id desc limit 1"};
constexpr db::Query<std::int64_t(std::string)> count_audited{
    "select count(*) from audit_logs where action = $1"};

}  // namespace

AccountsFixture::AccountsFixture() { clock_now = testing::at("2026-03-01T12:00:00Z"); }

Answer AccountsFixture::Client::ask(const std::string& method, const std::string& path,
                                    const std::string& body, const std::string& headers) {
    std::string raw = method + " /api/v1" + path + " HTTP/1.1\r\nHost: evil.example\r\n" +
                      "User-Agent: Firefox/144.0 Linux\r\n" + headers;
    std::string jar;
    for (const auto& [name, value] : cookies) jar += (jar.empty() ? "" : "; ") + name + '=' + value;
    if (!jar.empty()) raw += "Cookie: " + jar + "\r\n";
    if (method != "GET") {
        raw += "Content-Type: application/json\r\nX-CSRF-Token: " + csrf + "\r\n";
        raw += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    }
    http::Origin origin;
    origin.client = IpAddress::parse(ip_).value();
    const auto request = http::RequestCopy::parse(raw + "\r\n" + body, origin);
    const http::Response response = site_.dispatch.serve(request->request());
    for (const http::Header& header : response.headers) {
        if (header.name != "Set-Cookie") continue;
        const std::string pair = header.value.substr(0, header.value.find(';'));
        const auto equals = pair.find('=');
        if (equals + 1 == pair.size())
            cookies.erase(pair.substr(0, equals));
        else
            cookies[pair.substr(0, equals)] = pair.substr(equals + 1);
    }
    Answer answer{.status = response.status, .body = nullptr, .text = response.body};
    if (response.body.starts_with('{')) answer.body = schema::parse(response.body);
    if (answer.status == 200 && !answer.at("csrf_token").empty()) csrf = answer.at("csrf_token");
    return answer;
}

Answer AccountsFixture::Client::sign_in(const std::string& email, const std::string& password,
                                        const std::string& totp) {
    schema::json::object body{{"email", email}, {"password", password}};
    if (!totp.empty()) body["totp"] = totp;
    return post("/auth/sign-in", schema::json::serialize(body));
}

void AccountsFixture::Client::forget_devices() {
    std::erase_if(cookies, [](const auto& cookie) { return cookie.first.starts_with("device-"); });
}

User AccountsFixture::user(const std::string& name, Role role) {
    db::Transaction tx(database.pool());
    User made = create(tx,
                       {.email = Email::parse(name + "@example.com").value(),
                        .name = Line<100>::parse(name).value(),
                        .role = role,
                        .password_hash = good_hash(good_password)},
                       clock_now);
    tx.commit();
    return made;
}

AccountsFixture::Client AccountsFixture::signed_in(const std::string& name, Role role) {
    user(name, role);
    Client client(*this, "203.0.113.1");
    EXPECT_EQ(client.sign_in(name + "@example.com").status, 200);
    return client;
}

Secret AccountsFixture::with_totp(Client& client) {
    const Answer begun =
        client.post("/me/totp", std::string(R"({"password": ")") + good_password + "\"}");
    EXPECT_EQ(begun.status, 200) << begun.text;
    // RFC 4648 base 32, as an authenticator reads it.
    std::string bytes;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : begun.at("secret")) {
        bits = (bits << 5) | static_cast<std::uint32_t>(c >= 'A' ? c - 'A' : c - '2' + 26);
        if ((count += 5) >= 8) bytes += static_cast<char>((bits >> (count -= 8)) & 0xff);
    }
    Secret secret(bytes);
    const Answer confirmed =
        client.post("/me/totp/confirm", R"({"code": ")" + code(secret) + "\"}");
    EXPECT_EQ(confirmed.status, 200) << confirmed.text;
    pass(std::chrono::seconds(60));
    return secret;
}

std::string AccountsFixture::code(const Secret& secret) const {
    return totp::code(secret, totp::step_at(clock_now));
}

void AccountsFixture::work() {
    const auto kinds = tasks("https://go.example.com", std::chrono::minutes(60));
    db::Transaction tx(database.pool());
    for (const auto& [name, payload] : tx.all(waiting_jobs)) {
        const auto kind = std::ranges::find(kinds, name, &jobs::JobKind::name);
        ASSERT_NE(kind, kinds.end()) << name;
        jobs::Run run(
            {.payload = payload, .now = clock_now, .pool = database.pool(), .transaction = &tx});
        kind->work(run);
    }
    tx.run_for_effect(forget_jobs);
    tx.commit();
}

std::int64_t AccountsFixture::mails(const std::string& template_name) {
    db::Transaction tx(database.pool());
    return tx.one(count_mails, template_name);
}

std::string AccountsFixture::mailed_token(const std::string& template_name) {
    db::Transaction tx(database.pool());
    const std::string link = tx.one(newest_link, template_name);
    EXPECT_TRUE(link.starts_with("https://go.example.com/auth/")) << link;
    return link.substr(link.find("?token=") + 7);
}

std::int64_t AccountsFixture::audited(const std::string& action) {
    db::Transaction tx(database.pool());
    return tx.one(count_audited, action);
}

std::string AccountsFixture::column(const std::string& statement) {
    db::Connection connection({.url = database.conninfo()});
    const db::Result result = connection.run_script(statement);
    return result.rows() == 1 ? std::string(result.value(0, 0).value_or("")) : "";
}

}  // namespace referral::accounts

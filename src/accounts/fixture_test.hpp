#pragma once

#include <map>
#include <string>
#include <string_view>

#include "accounts/accounts.hpp"
#include "accounts/totp.hpp"
#include "platform/cache/limiter.hpp"
#include "platform/http/dispatch.hpp"
#include "platform/http/route.hpp"
#include "testing/database_test.hpp"

namespace referral::accounts {

/// An answer of the API.
struct Answer {
    int status = 0;
    schema::json::value body;
    std::string text;

    /// A member of the body as text.
    std::string at(std::string_view name) const {
        const auto* value = body.as_object().if_contains({name.data(), name.size()});
        if (!value) return "";
        return value->is_string() ? std::string(value->get_string())
                                  : schema::json::serialize(*value);
    }
};

/// What a password is changed to.
inline const std::string next_password = "seven boats at noon";

/// The routes of this folder on a database of their own, with a clock that tests move, and a mail
/// box that is read in the database.
class AccountsFixture : public ::testing::Test {
public:
    /// A browser: it keeps cookies and the CSRF token, and comes from an address of its own.
    class Client {
    public:
        Client(AccountsFixture& site, std::string ip) : site_(site), ip_(std::move(ip)) {}

        Answer ask(const std::string& method, const std::string& path, const std::string& body = "",
                   const std::string& headers = "");
        Answer get(const std::string& path) { return ask("GET", path); }
        Answer post(const std::string& path, const std::string& body = "{}") {
            return ask("POST", path, body);
        }
        Answer sign_in(const std::string& email, const std::string& password = good_password,
                       const std::string& totp = "");
        void forget_devices();

        std::map<std::string, std::string> cookies;
        std::string csrf;

    private:
        AccountsFixture& site_;
        const std::string ip_;
    };

    AccountsFixture();

    User user(const std::string& name, Role role = Role::partner);
    /// Signed in as a new user.
    Client signed_in(const std::string& name, Role role = Role::partner);
    Client stranger(const std::string& ip = "203.0.113.9") { return {*this, ip}; }

    /// Sets up a second factor; its secret.
    Secret with_totp(Client& client);
    std::string code(const Secret& secret) const;

    /// Does the jobs of this folder that wait.
    void work();
    /// How many mails of a template were written; and the token of the newest's link.
    std::int64_t mails(const std::string& template_name);
    std::string mailed_token(const std::string& template_name);
    /// How many audit entries of an action there are.
    std::int64_t audited(const std::string& action);
    /// The first column of the only row.
    std::string column(const std::string& statement);

    static void pass(std::chrono::seconds time) { clock_now += time; }
    static Instant now() { return clock_now; }

    static constexpr const char* good_password = "purple tractors hum";
    static inline Instant clock_now{};

    testing::Database database;
    cache::Limiter limiter{{}};
    http::RateLimits limits{http::rate_limits("sign-in.name=10/min:5"), limiter};
    Accounts accounts{
        database.pool(),
        limits,
        {.sessions = {}, .base_url = "https://go.example.com", .common_passwords = {}}};
    http::Dispatch dispatch{routes(accounts), accounts.sessions, database.pool(), now};
};

}  // namespace referral::accounts

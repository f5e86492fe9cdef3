#pragma once

/// What tests of routes share: a program of hosts, people, and a dispatch that lets one of them in.

#include <gtest/gtest.h>

#include <string>

#include "partners/partners.hpp"
#include "platform/cache/limiter.hpp"
#include "platform/http/dispatch.hpp"
#include "platform/http/route.hpp"
#include "testing/database_test.hpp"

namespace referral::partners {

inline Instant fixture_now;

/// Lets whoever it is set to in, with all permissions of the role.
class RoleGate : public http::Gate {
public:
    std::optional<http::Caller> admit(const http::Request&, db::Transaction&, Instant) override {
        return http::Caller{.user_id = user.value,
                            .permissions = accounts::permissions(role),
                            .sees_all = accounts::sees_all(role)};
    }
    UserId user{};
    accounts::Role role = accounts::Role::manager;
};

struct Answer {
    int status = 0;
    std::string text;
    schema::json::value body;

    /// A member as text: of a string itself, of all else its JSON.
    std::string at(std::string_view name) const {
        const schema::json::value& value = body.at({name.data(), name.size()});
        return value.is_string() ? std::string(value.get_string()) : schema::json::serialize(value);
    }
    std::size_t rows() const { return body.at("data").as_array().size(); }
};

class PeopleTest : public ::testing::Test {
protected:
    PeopleTest() {
        fixture_now = testing::at("2026-03-01T12:00:00Z");
        db::Transaction tx(database.pool());
        programs::ensure_default(tx, fixture_now);
        program = programs::change(tx, programs::default_program(tx).id,
                                   {.allowed_hosts = {{*HostPattern::parse("www.example.com")}}},
                                   false, fixture_now);
        tx.commit();
        boss = user("boss", accounts::Role::manager);
        gate.user = boss;
    }

    UserId user(const std::string& name, accounts::Role role = accounts::Role::partner) {
        db::Transaction tx(database.pool());
        const auto made = accounts::create(tx,
                                           {.email = *Email::parse(name + "@example.com"),
                                            .name = *Line<100>::parse(name),
                                            .role = role,
                                            .password_hash = "x"},
                                           fixture_now);
        tx.commit();
        return made.id;
    }
    programs::Program another_program(const std::string& name) {
        db::Transaction tx(database.pool());
        auto made = programs::create(tx, {.name = *Line<100>::parse(name)}, false, fixture_now);
        tx.commit();
        return made;
    }
    void as(UserId who, accounts::Role role = accounts::Role::partner) {
        gate.user = who;
        gate.role = role;
    }
    void as_boss() { as(boss, accounts::Role::manager); }

    Answer ask(const std::string& method, const std::string& path, const std::string& body = "") {
        const auto request = http::RequestCopy::parse(
            method + " /api/v1" + path + " HTTP/1.1\r\nHost: go.example.com\r\n" +
            (body.empty() ? "" : "Content-Type: application/json\r\n") +
            "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
        const http::Response response = dispatch.serve(request->request());
        Answer answer{.status = response.status, .text = response.body, .body = nullptr};
        if (response.body.starts_with('{')) answer.body = schema::parse(response.body);
        return answer;
    }
    /// The id of what a request makes.
    std::string made(const std::string& path, const std::string& body) {
        const Answer answer = ask("POST", path, body);
        EXPECT_EQ(answer.status, 201) << answer.text;
        return answer.status == 201 ? answer.at("id") : "";
    }
    std::string column(const std::string& statement) {
        db::Connection connection({.url = database.conninfo()});
        const db::Result result = connection.run_script(statement);
        return result.rows() == 1 ? std::string(result.value(0, 0).value_or("")) : "";
    }

    testing::Database database;
    programs::Program program;
    UserId boss;
    cache::Limiter limiter{{}};
    http::RateLimits limits{http::rate_limits("off"), limiter};
    accounts::Accounts accounts{
        database.pool(),
        limits,
        {.sessions = {}, .base_url = "https://go.example.com", .common_passwords = {}}};
    links::Links links{{.public_url = Url::parse("https://go.example.com").value()}};
    RoleGate gate;
    http::Dispatch dispatch{partners::routes({.accounts = accounts, .links = links}), gate,
                            database.pool(), [] { return fixture_now; }};
};

}  // namespace referral::partners

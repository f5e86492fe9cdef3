#pragma once

/// What tests of routes share: a program of hosts, people, and a dispatch that lets one of them in.

#include <gtest/gtest.h>

#include <string>

#include "partners/partners.hpp"
#include "platform/cache/limiter.hpp"
#include "testing/database_test.hpp"
#include "testing/routes_test.hpp"

namespace referral::partners {

inline Instant fixture_now;

using testing::Answer;

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
        as(boss, accounts::Role::manager);
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
        gate.caller = {.user_id = who.value,
                       .permissions = accounts::permissions(role),
                       .sees_all = accounts::sees_all(role)};
    }
    void as_boss() { as(boss, accounts::Role::manager); }

    Answer ask(const std::string& method, const std::string& path, const std::string& body = "") {
        return testing::ask(dispatch, {.method = method, .path = path, .body = body});
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
    testing::OpenGate gate;
    http::Dispatch dispatch{partners::routes({.accounts = accounts, .links = links}), gate,
                            database.pool(), [] { return fixture_now; }};
};

}  // namespace referral::partners

#pragma once

/// What tests of leads share: a program, partners in it, and a dispatch that lets one of them in.

#include <gtest/gtest.h>

#include <string>

#include "leads/leads.hpp"
#include "platform/http/dispatch.hpp"
#include "platform/http/route.hpp"
#include "testing/database_test.hpp"

namespace referral::leads {

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

class LeadsTest : public ::testing::Test {
protected:
    LeadsTest() {
        fixture_now = testing::at("2026-04-01T12:00:00Z");
        db::Transaction tx(database.pool());
        programs::ensure_default(tx, fixture_now);
        program = programs::default_program(tx).id;
        boss = user(tx, "boss", accounts::Role::manager);
        ada = user(tx, "ada", accounts::Role::partner);
        eve = user(tx, "eve", accounts::Role::partner);
        for (const UserId partner : {ada, eve})
            partners::enrol(tx, {.partner = partner, .program = program}, {}, fixture_now);
        tx.commit();
        as(ada);
    }

    static UserId user(db::Transaction& tx, const std::string& name, accounts::Role role) {
        return accounts::create(tx,
                                {.email = *Email::parse(name + "@partners.example"),
                                 .name = *Line<100>::parse(name),
                                 .role = role,
                                 .password_hash = "x"},
                                fixture_now)
            .id;
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
    /// Registers "Acme" as whoever is let in; `more` are members of the body.
    Answer register_acme(const std::string& more = R"("email": "joe@acme.example")") {
        return ask("POST", "/leads", R"({"company": "Acme", )" + more + "}");
    }
    /// The id of a lead of a partner's, for Acme.
    std::string lead_of(UserId partner) {
        as(partner);
        const Answer answer = register_acme();
        EXPECT_EQ(answer.status, 201) << answer.text;
        return answer.status == 201 ? answer.at("id") : "";
    }
    Answer decide(const std::string& id, const std::string& verb, const std::string& body = "") {
        as_boss();
        return ask("POST", "/leads/" + id + "/" + verb, body);
    }
    CustomerId customer(const customers::Contact& contact) {
        db::Transaction tx(database.pool());
        const auto found = customers::identify(tx, contact, fixture_now, fixture_now);
        tx.commit();
        return found.customer.id;
    }
    std::vector<Lead> claims_on(CustomerId customer) {
        db::Transaction tx(database.pool());
        return leads_of(tx, program, customer);
    }
    std::string column(const std::string& statement) {
        db::Connection connection({.url = database.conninfo()});
        const db::Result result = connection.run_script(statement);
        return result.rows() == 1 ? std::string(result.value(0, 0).value_or("")) : "";
    }

    testing::Database database;
    ProgramId program;
    UserId boss, ada, eve;
    RoleGate gate;
    http::Dispatch dispatch{routes(), gate, database.pool(), [] { return fixture_now; }};
};

}  // namespace referral::leads

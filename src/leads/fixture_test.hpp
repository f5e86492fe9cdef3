#pragma once

/// What tests of leads share: a program, partners in it, and a dispatch that lets one of them in.

#include <gtest/gtest.h>

#include <string>

#include "leads/leads.hpp"
#include "testing/database_test.hpp"
#include "testing/routes_test.hpp"

namespace referral::leads {

inline Instant fixture_now;

using testing::Answer;

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
        gate.caller = {.user_id = who.value,
                       .permissions = accounts::permissions(role),
                       .sees_all = accounts::sees_all(role)};
    }
    void as_boss() { as(boss, accounts::Role::manager); }

    Answer ask(const std::string& method, const std::string& path, const std::string& body = "") {
        return testing::ask(dispatch, {.method = method, .path = path, .body = body});
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
    testing::OpenGate gate;
    http::Dispatch dispatch{routes(), gate, database.pool(), [] { return fixture_now; }};
};

}  // namespace referral::leads

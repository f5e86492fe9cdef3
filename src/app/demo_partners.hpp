#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "accounts/accounts.hpp"
#include "partners/partners.hpp"
#include "platform/db/transaction.hpp"
#include "programs/programs.hpp"

namespace referral::app {

/// What a made-up text means; it is well made.
template <class T>
T parsed(std::string_view text) {
    return T::parse(text).value();
}

/// The made-up company's program, its groups of partners, and who looks after them.
struct DemoProgram {
    programs::Program program;
    accounts::UserId manager{};
    std::vector<partners::GroupId> groups{};  ///< Once partners are in it.
};

/// Gives the program terms of its own, and somebody who has looked after it since `since`. Whoever
/// signs in as them uses `password_hash`'s password.
DemoProgram make_demo_program(db::Transaction& tx, const std::string& password_hash, Instant since,
                              Instant now);

/// Puts these partners (20, of the company's 95 days) into the program: profiles, groups, who
/// referred whom, states, and a few leads.
void enrol_demo_partners(db::Transaction& tx, DemoProgram& demo,
                         const std::vector<accounts::User>& partners, Instant now);

}  // namespace referral::app

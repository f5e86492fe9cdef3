#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/problem.hpp"
#include "base/time.hpp"
#include "platform/db/cluster.hpp"
#include "platform/db/transaction.hpp"

namespace referral::testing {

/// A database of its own, migrated, for a test that commits. Dropped at its end.
class Database {
public:
    Database();
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// Connected as the role that serves.
    db::Pool& pool() { return *pool_; }
    /// Connected as the owner: for what only a test does to tables.
    db::Pool& owner_pool() { return *owner_pool_; }
    /// How libpq reaches it as the role that serves.
    const std::string& conninfo() const { return conninfo_; }

private:
    std::string name_;
    std::string conninfo_;
    std::unique_ptr<db::Pool> pool_, owner_pool_;
};

/// The PostgreSQL of this test program: started with the first test that asks, in a folder of its
/// own, ended with the program. As root, the whole test program becomes the user postgres.
db::Cluster& cluster();

/// A migrated database shared by the tests of this program, as the role that serves; what they do
/// must roll back.
db::Pool& shared_pool();

/// "2026-03-01T12:00:00Z" as an instant; throws std::bad_optional_access on a typo.
inline Instant at(std::string_view text) { return parse_instant(text).value(); }

/// A test inside one transaction; it rolls back at the end.
class DatabaseTest : public ::testing::Test {
protected:
    db::Transaction tx{shared_pool()};
};

/// Matches a callable that throws a Problem of this kind about `field`.
MATCHER_P2(refused, refusal, field, "refuses about that field") {
    try {
        arg();
    } catch (const Problem& problem) {
        return problem.refusal() == refusal &&
               (problem.errors().empty() ? std::string_view(field).empty()
                                         : problem.errors().at(0).field == field);
    }
    return false;
}

}  // namespace referral::testing

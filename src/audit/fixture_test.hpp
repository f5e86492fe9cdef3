#pragma once

/// What the tests of this folder share: a database with rows, and hands that change what must not
/// be changed.

#include <cstdlib>
#include <filesystem>
#include <string>

#include "audit/audit.hpp"
#include "testing/database_test.hpp"

namespace referral::audit {

inline const Instant noon = testing::at("2026-03-01T12:00:00Z");

class AuditTest : public ::testing::Test {
protected:
    ~AuditTest() override { std::filesystem::remove_all(folder_); }

    /// Adds rows "links.change" of objects numbered on.
    void add(int rows, Instant when = noon) {
        db::Transaction tx(database_.pool());
        for (int i = 0; i < rows; ++i)
            note(tx, {.user_id = 1, .request_id = "req_1"},
                 {.action = "links.change",
                  .object_type = "link",
                  .object_id = "lnk_" + std::to_string(++added_),
                  .after = schema::json::object{{"name", added_}}},
                 when);
        tx.commit();
    }

    /// What an owner does who switches the triggers off.
    void tamper(const std::string& statements) {
        db::Connection connection(database_.owner_pool().settings());
        connection.run_script("begin; set local session_replication_role = replica; " + statements +
                              "; commit");
    }

    Proof proof(Part part = {.now = noon}) {
        const AnchorList list = anchors_.read();
        db::Transaction tx(database_.pool());
        return verify(tx, list, part);
    }

    std::filesystem::path anchors_file() const { return folder_ / "audit-anchors"; }

    testing::Database database_;
    const std::filesystem::path folder_ = made_folder();
    Anchors anchors_{anchors_file(), crypto::Key{7}};

private:
    static std::filesystem::path made_folder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "audit-XXXXXX").string();
        return mkdtemp(pattern.data());
    }

    std::int64_t added_ = 0;
};

}  // namespace referral::audit

#pragma once

/// Keeps the directory of codes in step with PostgreSQL, one step at a time.

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "links/directory.hpp"
#include "platform/db/transaction.hpp"

namespace referral::links {

/// How far a directory has followed the change log of a database.
struct Horizon {
    std::string database;  ///< Cluster, timeline and database: another history has another text.
    std::int64_t xid = 0;  ///< Every transaction below had ended, and is in the directory.
    std::int64_t next_xid = 0;  ///< No transaction from here on had begun.
    Instant at;                 ///< By the database's clock.

    friend bool operator==(const Horizon&, const Horizon&) = default;
};

/// A row of the change log.
struct Change {
    std::int64_t id = 0;
    std::int64_t xid = 0;
    std::optional<LinkId> link_id;
    std::optional<ProgramId> program_id;
};

/// A link's row, its JSON still as text: nearly all links have none.
struct StoredLink {
    LinkId id;
    UserId user_id;
    ProgramId program_id;
    std::string code;
    std::string destination_url;
    Status status = Status::active;
    std::optional<Instant> starts_at;
    std::optional<Instant> expires_at;
    std::optional<std::int64_t> visits_max;
    std::int64_t visits = 0;
    std::optional<std::string> password_hash;
    std::optional<std::string> utm;
    std::string targets;
    bool pass_params = false;
};

/// Changes are kept for a week (`forget_old_changes`); a directory that is further behind is loaded
/// anew.
inline constexpr std::chrono::hours changes_kept{7 * 24};

/// Brings all links and changes from the database into the directory. One thread at a time.
class DirectorySync {
public:
    /// What one step did.
    struct Step {
        std::size_t changes = 0;  ///< Links and programs taken over.
        bool loaded_all = false;
    };

    /// `pool` needs one connection.
    DirectorySync(Directory& directory, db::Pool& pool) : directory_(directory), pool_(pool) {}

    /// Goes on from where the directory's contents come from (a snapshot).
    void resume(const Horizon& horizon) { horizon_ = horizon; }

    /// Takes over what was committed before the call; loads everything the first time, and when the
    /// database is another one or was set back. Throws db::Error; then nothing is lost.
    Step step();

    /// What the directory is in step with; nothing before the first step.
    const std::optional<Horizon>& horizon() const { return horizon_; }

private:
    bool must_load_all(const Horizon& now) const;
    std::size_t load_all(db::Transaction& tx);
    std::size_t take_changes(db::Transaction& tx, const Horizon& now);
    std::size_t take_links(db::Transaction& tx, const std::vector<LinkId>& ids);
    std::size_t take_programs(db::Transaction& tx);

    Directory& directory_;
    db::Pool& pool_;
    std::optional<Horizon> horizon_;
    /// Changes taken over whose transaction may still be above the horizon, by id, with their xid.
    std::unordered_map<std::int64_t, std::int64_t> taken_;
};

/// Deletes changes that no directory asks for any more; a bounded piece of them a call.
void forget_old_changes(db::Pool& pool, Instant now);

}  // namespace referral::links

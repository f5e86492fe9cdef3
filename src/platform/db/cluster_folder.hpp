#pragma once

/// The files of the private PostgreSQL and the processes that use them.

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>

#include "platform/db/child_process.hpp"
#include "platform/db/cluster.hpp"

namespace referral::db {

/// Where the parts of DATA_DIR/postgres are.
class ClusterFolder {
public:
    /// Makes and locks the folder. Throws std::runtime_error with one line when it cannot, or when
    /// another program has it.
    explicit ClusterFolder(const std::filesystem::path& data_dir);

    std::filesystem::path data() const { return root_ / "data"; }
    std::filesystem::path configuration() const { return root_ / "postgresql.conf"; }
    std::filesystem::path log() const { return root_ / "postgres.log"; }
    const std::filesystem::path& socket_folder() const { return socket_folder_; }

    /// The folder of PostgreSQL's programs below `installations` that fit `data`; the newest when
    /// there is no cluster yet. Throws std::runtime_error with one line when there are none.
    std::filesystem::path programs(const std::filesystem::path& installations) const;

    bool has_cluster() const;

    /// Makes a cluster: complete or not there, whenever the machine dies. Throws
    /// std::runtime_error with initdb's complaint.
    void make_cluster(const std::filesystem::path& programs) const;

    /// Throws std::runtime_error with one line when the cluster belongs to another user or others
    /// can look into it.
    void check_rights() const;

    /// Opens the log to append to; throws std::system_error.
    Descriptor open_log() const;

    /// Moves a log of more than 8 MiB to `.1`, also while the server writes to it.
    void rotate_log() const;

    /// What in the log from `from` on tells why the server gave up, or "": a full disk, else the
    /// last fatal error.
    std::string last_complaint(std::uintmax_t from) const;

    /// Whether the server `pid` says of itself that it takes connections.
    bool is_ready(pid_t pid) const;

    /// Ends the server and its processes that a killed program left behind (tidily for up to
    /// `limit`, then at once), and takes away their lock files, which may name processes of today.
    void end_leftovers(std::chrono::milliseconds limit) const;

private:
    void lock();
    void choose_socket_folder();

    std::filesystem::path root_;
    std::filesystem::path socket_folder_;
    Descriptor lock_;
};

/// The text of postgresql.conf for `settings` on this machine.
std::string cluster_configuration(const ClusterSettings& settings,
                                  const std::filesystem::path& socket_folder,
                                  const std::filesystem::path& additions);

/// The machine's memory, or the control group's limit when that is less.
std::uint64_t memory_bytes_here();

}  // namespace referral::db

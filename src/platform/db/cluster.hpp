#pragma once

/// The private PostgreSQL: a server that the program makes, starts, watches and stops, reached only
/// through a Unix socket of its own user. Below DATA_DIR/postgres:
///
///     data/              the database cluster, made by initdb
///     socket/            the socket; below /tmp when that is too long, as the file socket_folder
///     says postgresql.conf    written at each start; local.conf beside it may add to it
///     postgres.log, .1   what the server says, at most 8 MiB each
///     lock               held by the one program that owns all this
///
/// A cluster is only served by the major version that made it. Newer versions do not convert it:
/// dump it with the old one (pg_dump), move data/ away, start, restore.

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace referral::db {

struct ClusterSettings {
    std::filesystem::path data_dir;  // DATA_DIR; made when missing.
    int connections_max = 40;        // For the program; a few more are kept for administration.
    std::uint64_t memory_bytes = 0;  // 0: the machine's, or the control group's when that is less.
    std::chrono::seconds stop_wait{30};  // For a tidy stop, before an immediate one.
    std::filesystem::path installations = "/usr/lib/postgresql";  // Holds VERSION/bin.
};

/// One running PostgreSQL. Started again whenever it dies, with growing pauses of up to 5 s.
class Cluster {
public:
    /// Makes the cluster when there is none (about a second), ends what a killed program left
    /// running on it, and starts it in the background: use `wait_until_ready`. Throws
    /// std::runtime_error with one line: run as root, no PostgreSQL installed, made by another
    /// version, another program uses it, no right to write, disk full.
    explicit Cluster(ClusterSettings settings);

    /// As `stop`.
    ~Cluster();
    Cluster(const Cluster&) = delete;
    Cluster& operator=(const Cluster&) = delete;

    /// How libpq reaches the database `referral` as its owner.
    const std::string& conninfo() const;

    /// Whether it took connections when last looked at.
    bool ready() const;

    /// Waits until it takes connections; recovery after a crash can take its time. Throws
    /// std::runtime_error after `limit` or when `stop` is called, with the server's last complaint.
    void wait_until_ready(std::chrono::milliseconds limit) const;

    /// Stops it: open transactions roll back, what is committed is on disk. Does nothing twice.
    void stop();

    /// The server's process now, or 0.
    pid_t pid() const;

    /// How often it had to be started again.
    std::uint64_t restarts() const;

private:
    class Supervisor;
    std::unique_ptr<Supervisor> supervisor_;
};

/// How libpq reaches, as its owner, the private PostgreSQL below `data_dir` that another program
/// runs; nothing when none answers.
std::optional<std::string> conninfo_of_running(const std::filesystem::path& data_dir);

}  // namespace referral::db

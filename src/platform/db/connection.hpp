#pragma once

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "platform/db/sql.hpp"

struct pg_conn;
struct pg_result;

namespace referral::db {

/// PostgreSQL refused or is away. `code` is the SQLSTATE, empty when the connection was lost.
class Error : public std::runtime_error {
public:
    Error(std::string code, std::string constraint, const std::string& message)
        : std::runtime_error(message), code_(std::move(code)), constraint_(std::move(constraint)) {}

    const std::string& code() const { return code_; }
    /// The constraint that was broken, or empty.
    const std::string& constraint() const { return constraint_; }
    bool is_unique_violation() const { return code_ == "23505"; }
    /// Serialization failure or deadlock: the transaction may be tried again.
    bool is_retryable() const { return code_ == "40001" || code_ == "40P01"; }
    /// The server is away, starting, stopping or read-only, or the connection broke: nothing of the
    /// transaction is there unless its commit was under way.
    bool is_unavailable() const;
    /// Others held what it needed for too long, or it took too long itself: later it may work.
    bool is_overdue() const { return code_ == "55P03" || code_ == "57014"; }

private:
    std::string code_;
    std::string constraint_;
};

/// The rows of one statement.
class Result {
public:
    explicit Result(pg_result* result);

    int rows() const;
    View value(int row, int column) const;
    /// The position of the column called `name`, or -1.
    int column(std::string_view name) const;
    /// Rows an insert, update or delete touched.
    std::int64_t affected() const;

private:
    struct Clear {
        void operator()(pg_result*) const;
    };
    std::unique_ptr<pg_result, Clear> result_;
};

struct ConnectionSettings {
    std::string url;  ///< postgresql://… or "host=… dbname=…".
    /// Keep statements prepared on the connection. Off behind PgBouncer's transaction pooling.
    bool prepare = true;
    std::chrono::milliseconds connect_timeout{800};
    /// The longest any one statement may take; then the connection is dropped.
    std::chrono::milliseconds statement_timeout{10'000};
};

/// One session with PostgreSQL, used by one thread at a time. Every call has a deadline and throws
/// Error; after a lost connection the object is dead.
class Connection {
public:
    explicit Connection(const ConnectionSettings& settings);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Runs one statement whose text lives as long as the program (a Query's).
    Result run(std::string_view static_sql, const std::vector<Text>& parameters);

    /// Runs statements without parameters: begin, commit, a migration's file.
    Result run_script(const std::string& sql);

    /// `copy … from stdin (format binary)` with `data` as made by CopyRows.
    void copy(std::string_view statement, std::string_view data);

    /// Waits up to `timeout` for a notification on a channel listened to; its channel, or nothing.
    std::optional<std::string> wait_for_notification(std::chrono::milliseconds timeout);

    bool is_alive() const { return alive_; }

private:
    struct Close {
        void operator()(pg_conn*) const;
    };

    void connect(std::chrono::milliseconds timeout);
    /// The name that it is prepared by; empty when it is not to be.
    const std::string& prepared(std::string_view static_sql);
    Result finish(std::chrono::milliseconds timeout);
    pg_result* next_result(std::chrono::steady_clock::time_point deadline);
    void flush(std::chrono::steady_clock::time_point deadline);
    void wait(short events, std::chrono::steady_clock::time_point deadline);
    [[noreturn]] void lose(const std::string& why);

    ConnectionSettings settings_;
    std::unique_ptr<pg_conn, Close> connection_;
    std::vector<std::pair<const char*, std::string>> prepared_;
    bool alive_ = true;
};

}  // namespace referral::db

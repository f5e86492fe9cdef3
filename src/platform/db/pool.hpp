#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "platform/db/connection.hpp"

namespace referral::db {

/// Connections shared by the threads that serve requests and run jobs: at most `size` at once, made
/// when first needed, thrown away when broken.
class Pool {
public:
    Pool(ConnectionSettings settings, std::size_t size);

    /// A connection lent to one thread; goes back when it is destroyed.
    class Lease {
    public:
        Lease(Pool& pool, std::unique_ptr<Connection> connection)
            : pool_(&pool), connection_(std::move(connection)) {}
        Lease(Lease&&) = default;
        Lease& operator=(Lease&&) = delete;
        ~Lease();

        Connection* operator->() { return connection_.get(); }
        Connection& operator*() { return *connection_; }
        /// Do not give it back: its state is not known.
        void discard() { broken_ = true; }
        /// Calls what was given to `on_announced`.
        void announce() const;

    private:
        Pool* pool_;
        std::unique_ptr<Connection> connection_;
        bool broken_ = false;
    };

    /// A connection with a transaction begun on it. A connection that had died unnoticed is
    /// replaced. Throws Error when the database is away, or when none comes free within a second.
    Lease begin();

    /// A connection of one's own, outside the pool, with its own settings for long statements.
    std::unique_ptr<Connection> connect(std::chrono::milliseconds statement_timeout) const;

    const ConnectionSettings& settings() const { return settings_; }

    std::size_t connections_in_use() const;

    /// Has `action` called after the commit of each transaction that announced something. It must
    /// neither throw nor wait. To be set before threads share the pool.
    void on_announced(std::function<void()> action) { announced_ = std::move(action); }

private:
    Lease lease();
    void give_back(std::unique_ptr<Connection> connection);

    const ConnectionSettings settings_;
    const std::size_t size_;
    std::function<void()> announced_;
    mutable std::mutex mutex_;
    std::condition_variable returned_;
    std::vector<std::unique_ptr<Connection>> idle_;
    std::size_t lent_ = 0;
};

}  // namespace referral::db

#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "platform/db/pool.hpp"

namespace referral::jobs {

/// Tells the workers of other processes that jobs have been added: at most one NOTIFY in 10 ms,
/// after the commit, on a connection of its own. Inside the business transactions each of them
/// would wait for the one lock that NOTIFY takes until the commit is on the disk. A ring that gets
/// lost is made good by the workers' looking each second.
class Bell {
public:
    /// `pool` says how the database is reached, and outlives the bell.
    explicit Bell(const db::Pool& pool);
    ~Bell();
    Bell(const Bell&) = delete;
    Bell& operator=(const Bell&) = delete;

    /// Returns at once. Any thread.
    void ring();

private:
    void work();

    const db::Pool& pool_;
    std::mutex mutex_;
    std::condition_variable news_;
    bool rung_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace referral::jobs

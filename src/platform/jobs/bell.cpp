#include "platform/jobs/bell.hpp"

#include "platform/jobs/queries.hpp"

namespace referral::jobs {

namespace {

constexpr std::chrono::milliseconds ring_interval{10};
constexpr std::chrono::milliseconds statement_timeout{1'000};

}  // namespace

Bell::Bell(const db::Pool& pool) : pool_(pool), thread_([this] { work(); }) {}

Bell::~Bell() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    news_.notify_one();
    thread_.join();
}

void Bell::ring() {
    {
        const std::lock_guard lock(mutex_);
        rung_ = true;
    }
    news_.notify_one();
}

void Bell::work() {
    std::unique_ptr<db::Connection> connection;
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        news_.wait(lock, [this] { return rung_ || stopping_; });
        if (stopping_) return;
        rung_ = false;
        lock.unlock();
        try {
            if (!connection) {
                connection = pool_.connect(statement_timeout);
                // Who was not told because the server crashed asks the server anyway.
                connection->run_script("set synchronous_commit = off");
            }
            connection->run(sql::tell_others.sql(), {});
        } catch (const db::Error&) {
            connection.reset();
        }
        lock.lock();
        news_.wait_for(lock, ring_interval, [this] { return stopping_; });
    }
}

}  // namespace referral::jobs

#include "platform/http/pool.hpp"

#include <pthread.h>

namespace referral::http {

Pool::Pool(std::size_t threads, std::size_t queue_max) : queue_max_(queue_max) {
    for (std::size_t i = 0; i < threads; ++i) {
        threads_.emplace_back([this] { run(); });
        pthread_setname_np(threads_.back().native_handle(), "http pool");
    }
}

Pool::~Pool() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        queue_.clear();
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
}

bool Pool::submit(std::function<void()> work) {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_ || queue_.size() >= queue_max_) return false;
        queue_.push_back(std::move(work));
        waiting_ = queue_.size();
    }
    changed_.notify_one();
    return true;
}

void Pool::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
        if (stopping_) return;
        // Ends with this turn, so that what the work holds is let go before the next wait.
        const std::function<void()> work = std::move(queue_.front());
        queue_.pop_front();
        waiting_ = queue_.size();
        lock.unlock();
        ++busy_;
        work();
        --busy_;
        lock.lock();
    }
}

}  // namespace referral::http

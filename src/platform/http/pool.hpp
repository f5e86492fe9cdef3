#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace referral::http {

/// A fixed number of threads and a queue with an end.
class Pool {
public:
    Pool(std::size_t threads, std::size_t queue_max);
    /// Drops what still waits and waits for what runs.
    ~Pool();
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    /// Has `work` done by some thread; false, and nothing happens, when the queue is full.
    bool submit(std::function<void()> work);

    /// How much waits for a thread, and how many threads are at work.
    std::size_t waiting() const { return waiting_.load(std::memory_order_relaxed); }
    std::size_t busy() const { return busy_.load(std::memory_order_relaxed); }

private:
    void run();

    const std::size_t queue_max_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> queue_;
    bool stopping_ = false;
    std::atomic<std::size_t> waiting_ = 0;
    std::atomic<std::size_t> busy_ = 0;
    std::vector<std::thread> threads_;
};

}  // namespace referral::http

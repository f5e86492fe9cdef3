#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/time.hpp"

namespace referral::app {

/// Something done again and again.
struct Task {
    std::string name;  ///< For logs.
    std::chrono::milliseconds every;
    std::function<void(Instant now)> run;
};

/// Runs tasks one after the other on a thread of its own: each soon after the start and then
/// whenever its time has come. A task that fails is logged and tried again after a minute.
class Scheduler {
public:
    Scheduler(std::vector<Task> tasks, Clock clock);
    ~Scheduler();
    Scheduler(const Scheduler&) = delete;
    Scheduler& operator=(const Scheduler&) = delete;

    /// Waits for the task at work and ends.
    void stop();

private:
    struct Due {
        Task task;
        std::chrono::steady_clock::time_point at;
    };

    void work();

    std::vector<Due> tasks_;
    const Clock clock_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace referral::app

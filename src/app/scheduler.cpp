#include "app/scheduler.hpp"

#include <algorithm>

#include "platform/log/log.hpp"

namespace referral::app {

namespace {
constexpr std::chrono::minutes pause_after_failure{1};
}

Scheduler::Scheduler(std::vector<Task> tasks, Clock clock) : clock_(clock) {
    for (Task& task : tasks) tasks_.push_back({std::move(task), std::chrono::steady_clock::now()});
    thread_ = std::thread([this] { work(); });
}

Scheduler::~Scheduler() { stop(); }

void Scheduler::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void Scheduler::work() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        const auto next = std::ranges::min_element(tasks_, {}, &Due::at);
        if (next == tasks_.end()) return;
        if (wake_.wait_until(lock, next->at, [this] { return stopping_; })) return;
        lock.unlock();
        const auto started = std::chrono::steady_clock::now();
        try {
            next->task.run(clock_());
            next->at = started + next->task.every;
        } catch (const std::exception& error) {
            log::warn("task_failed", "a task failed and will be tried again",
                      {{"task", next->task.name}, {"reason", error.what()}});
            next->at = started +
                       std::min<std::chrono::milliseconds>(pause_after_failure, next->task.every);
        }
        lock.lock();
    }
}

}  // namespace referral::app

#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "platform/cache/redis_connection.hpp"

namespace referral::cache {

/// A script of Redis: its text, and the name the server keeps it by.
struct Script {
    explicit Script(std::string_view text);

    std::string text;
    std::string sha1;
};

/// Numbers for the metrics.
struct RedisStats {
    bool reached = false;        ///< Now.
    std::uint64_t answers = 0;   ///< Good ones.
    std::uint64_t failures = 0;  ///< Calls without one: away, too slow, garbage.
};

/// One Redis server for all threads of the program, none of which ever waits longer than
/// `patience` for it. Connections are made by a thread of its own. After a few failures in a row
/// nothing is asked (the breaker is open) until that thread, after a pause, got an answer again.
class Redis {
public:
    struct Settings {
        RedisAddress address;
        std::size_t connections = 8;  ///< As many as threads may ask at once.
        std::chrono::milliseconds patience{20};
        std::chrono::milliseconds pause{1'000};
        /// Asked by the keeper when it has connected and then every `beat`: whether the server can
        /// be trusted, and for the caller's own upkeep. Throws RedisError when not.
        std::function<void(RedisConnection&, Deadline)> probe;
        std::chrono::milliseconds beat{5'000};
    };

    explicit Redis(Settings settings);
    ~Redis();
    Redis(const Redis&) = delete;
    Redis& operator=(const Redis&) = delete;

    /// What the script answers: numbers. Nothing when Redis is away, slow or answers otherwise, or
    /// when `good` does not hold for the answer. One round trip, two when the server has forgotten
    /// the script.
    std::optional<std::vector<std::int64_t>> run(
        const Script& script, std::string_view key, const std::vector<std::string>& arguments,
        const std::function<bool(const std::vector<std::int64_t>&)>& good);

    RedisStats stats() const;

private:
    std::unique_ptr<RedisConnection> lease(Deadline deadline);
    void give_back(std::unique_ptr<RedisConnection> connection);
    void note_failure(const char* reason);
    void keep();
    void connect_missing();
    void beat(std::chrono::milliseconds patience);
    bool open_breaker();

    const Settings settings_;
    mutable std::mutex mutex_;
    std::condition_variable returned_;
    std::condition_variable wake_;
    std::vector<std::unique_ptr<RedisConnection>> idle_;
    std::size_t alive_ = 0;  ///< Connections, idle or lent.
    std::string numeric_host_;
    int failures_in_a_row_ = 0;
    bool stopping_ = false;
    std::atomic<bool> away_ = true;
    std::atomic<std::uint64_t> answers_ = 0;
    std::atomic<std::uint64_t> failures_ = 0;
    std::thread keeper_;
};

/// As Redis::run on a connection in hand. Throws RedisError.
std::vector<std::int64_t> run(RedisConnection& connection, const Script& script,
                              std::string_view key, const std::vector<std::string>& arguments,
                              Deadline deadline);

}  // namespace referral::cache

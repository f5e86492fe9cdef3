#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "platform/cache/redis_address.hpp"

struct redisContext;

namespace referral::cache {

using Deadline = std::chrono::steady_clock::time_point;

/// Redis is away, too slow, refuses, or answers what is no answer.
struct RedisError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// An answer as far as the scripts of this folder give any.
struct RedisAnswer {
    bool script_missing = false;        ///< NOSCRIPT: the server does not know the script.
    std::vector<std::int64_t> numbers;  ///< Of an array of numbers, or a single one.
};

/// One connection, used by one thread at a time; after a RedisError it is of no more use. Every
/// wait ends at its deadline, also when bytes come drop by drop.
class RedisConnection {
public:
    /// Connects to `numeric_host`, signs in and chooses the database.
    RedisConnection(const RedisAddress& address, const std::string& numeric_host,
                    Deadline deadline);

    /// Sends a command and waits for its answer. Anything but numbers and NOSCRIPT is an error.
    RedisAnswer ask(const std::vector<std::string_view>& words, Deadline deadline);

private:
    struct Free {
        void operator()(redisContext* context) const;
    };

    void wait(short events, Deadline deadline);
    void send(const std::vector<std::string_view>& words, Deadline deadline);
    /// The next whole answer; freed by the caller with freeReplyObject.
    void* receive(Deadline deadline);
    void expect_ok(const std::vector<std::string_view>& words, Deadline deadline);

    std::unique_ptr<redisContext, Free> context_;
};

/// The first address of a host as text: takes as long as the machine's resolver likes. Throws
/// RedisError.
std::string resolve(const std::string& host);

}  // namespace referral::cache

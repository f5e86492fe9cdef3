#include "platform/cache/redis.hpp"

#include <fmt/format.h>

#include <boost/uuid/detail/sha1.hpp>

#include "platform/log/log.hpp"

namespace referral::cache {

namespace {

using std::chrono::steady_clock;

/// In a row, until nothing more is asked.
constexpr int failures_max = 3;

/// What the keeper may take to connect: no request waits for it.
constexpr std::chrono::milliseconds connecting_patience{500};

}  // namespace

// Redis names scripts by their SHA-1; nothing depends on its strength.
Script::Script(std::string_view wanted) : text(wanted) {
    boost::uuids::detail::sha1 hash;
    hash.process_bytes(text.data(), text.size());
    unsigned int digest[5];
    hash.get_digest(digest);
    for (const unsigned int word : digest) sha1 += fmt::format("{:08x}", word);
}

std::vector<std::int64_t> run(RedisConnection& connection, const Script& script,
                              std::string_view key, const std::vector<std::string>& arguments,
                              Deadline deadline) {
    std::vector<std::string_view> words{"EVALSHA", script.sha1, "1", key};
    words.insert(words.end(), arguments.begin(), arguments.end());
    RedisAnswer answer = connection.ask(words, deadline);
    if (answer.script_missing) {
        words[0] = "EVAL";
        words[1] = script.text;
        answer = connection.ask(words, deadline);
    }
    if (answer.script_missing) throw RedisError("it does not take scripts");
    return std::move(answer.numbers);
}

Redis::Redis(Settings settings) : settings_(std::move(settings)), keeper_([this] { keep(); }) {}

Redis::~Redis() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    keeper_.join();
}

std::optional<std::vector<std::int64_t>> Redis::run(
    const Script& script, std::string_view key, const std::vector<std::string>& arguments,
    const std::function<bool(const std::vector<std::int64_t>&)>& good) {
    if (away_) return std::nullopt;
    const Deadline deadline = steady_clock::now() + settings_.patience;
    auto connection = lease(deadline);
    if (!connection) {
        ++failures_;
        return std::nullopt;
    }
    try {
        auto numbers = cache::run(*connection, script, key, arguments, deadline);
        if (!good(numbers)) throw RedisError("it answered wrong numbers");
        give_back(std::move(connection));
        ++answers_;
        return numbers;
    } catch (const RedisError& error) {
        note_failure(error.what());
        return std::nullopt;
    }
}

RedisStats Redis::stats() const {
    return {.reached = !away_, .answers = answers_, .failures = failures_};
}

std::unique_ptr<RedisConnection> Redis::lease(Deadline deadline) {
    std::unique_lock lock(mutex_);
    if (!returned_.wait_until(lock, deadline, [this] { return !idle_.empty() || away_; }) || away_)
        return nullptr;
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    return connection;
}

void Redis::give_back(std::unique_ptr<RedisConnection> connection) {
    {
        const std::lock_guard lock(mutex_);
        failures_in_a_row_ = 0;
        idle_.push_back(std::move(connection));
    }
    returned_.notify_one();
}

/// Called by whoever held a connection that is now of no use.
void Redis::note_failure(const char* reason) {
    ++failures_;
    bool too_many = false;
    {
        const std::lock_guard lock(mutex_);
        --alive_;
        too_many = ++failures_in_a_row_ >= failures_max;
    }
    if (too_many && open_breaker())
        log::warn("redis_away", "limits are kept by each process alone", {{"reason", reason}});
    wake_.notify_all();
}

/// The keeper's thread.
void Redis::keep() {
    bool said = false;  // That Redis cannot be reached: once, not every second.
    auto next_beat = steady_clock::now();
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        const bool was_away = away_;
        lock.unlock();
        try {
            if (was_away || steady_clock::now() >= next_beat) {
                beat(was_away ? settings_.patience : connecting_patience);
                next_beat = steady_clock::now() + settings_.beat;
            }
            connect_missing();
            if (was_away) log::info("redis_reached", "limits are shared by all processes");
            said = false;
        } catch (const RedisError& error) {
            if (!std::exchange(said, true))
                log::warn("redis_unreachable", "Redis cannot be used; it is tried every second",
                          {{"reason", error.what()}});
            open_breaker();
        }
        lock.lock();
        const bool good = !away_;
        wake_.wait_for(lock, settings_.pause, [this, good] {
            return stopping_ || (good && !away_ && alive_ < settings_.connections);
        });
    }
}

/// Nothing is asked until the keeper has got an answer again. False when that is so already.
bool Redis::open_breaker() {
    {
        const std::lock_guard lock(mutex_);
        if (away_.exchange(true)) return false;
        alive_ -= idle_.size();
        idle_.clear();
    }
    returned_.notify_all();
    return true;
}

/// Looks whether a fresh connection works, and how the others of the program fare.
void Redis::beat(std::chrono::milliseconds patience) {
    const std::string host = resolve(settings_.address.host);
    RedisConnection connection(settings_.address, host, steady_clock::now() + connecting_patience);
    settings_.probe(connection, steady_clock::now() + patience);
    const std::lock_guard lock(mutex_);
    numeric_host_ = host;
}

/// Fills up the connections; then Redis counts as reached.
void Redis::connect_missing() {
    for (;;) {
        std::string host;
        {
            const std::lock_guard lock(mutex_);
            if (stopping_ || alive_ >= settings_.connections) break;
            host = numeric_host_;
        }
        auto connection = std::make_unique<RedisConnection>(
            settings_.address, host, steady_clock::now() + connecting_patience);
        {
            const std::lock_guard lock(mutex_);
            ++alive_;
            idle_.push_back(std::move(connection));
        }
        returned_.notify_one();
    }
    const std::lock_guard lock(mutex_);
    if (away_) failures_in_a_row_ = 0;
    away_ = false;
}

}  // namespace referral::cache

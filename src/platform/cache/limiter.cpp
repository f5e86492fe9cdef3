#include "platform/cache/limiter.hpp"

#include "platform/crypto/encoding.hpp"
#include "platform/crypto/random.hpp"

namespace referral::cache {

namespace {

using std::chrono::microseconds;

/// `decide` of gcra.cpp by the server's clock. The key expires when nothing is owed. A value that
/// is no number counts as nothing; 2^53 us, as far as numbers of Lua are exact, is the year 2255.
/// Where there is none, what the asking process knows to be owed counts: so a server that has lost
/// everything learns it again from whoever asks first. (Were it always to count, the time that the
/// question was under way would be added each time.)
const Script decide_script(R"lua(
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval, window, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local known = tonumber(ARGV[4])
local arrival = tonumber(redis.call('GET', KEYS[1])) or now + known
local owed = math.min(math.max(arrival - now, 0), window)
local wanted = math.max(0, owed + cost * interval)
local allowed = wanted <= window
local left = allowed and wanted or owed
if left == 0 then
    redis.call('DEL', KEYS[1])
elseif now + left ~= arrival then
    redis.call('SET', KEYS[1], string.format('%.0f', now + left), 'PX', math.ceil(left / 1000))
end
return {allowed and 1 or 0, left, allowed and 0 or wanted - window}
)lua");

/// Notes that the process ARGV[1] lives and counts those that were heard of in the last ARGV[2] s.
const Script greet_script(R"lua(
local now = tonumber(redis.call('TIME')[1])
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[2])
return redis.call('ZCARD', KEYS[1])
)lua");

/// The 1 is the version of what stands in the keys. Braces say what a cluster spreads them by.
constexpr std::string_view limit_key = "referral:1:limit:{";
constexpr std::string_view processes_key = "referral:1:{processes}";
constexpr std::string_view heard_seconds = "16";

constexpr std::chrono::seconds processes_kept{60};

/// Nobody runs more: a made-up answer must not make parts of nothing.
constexpr std::int64_t processes_max = 1'000;

std::string limit_key_of(const Mark& mark) {
    std::string key(limit_key);
    key += crypto::to_base64url(mark);
    key += '}';
    return key;
}

}  // namespace

Limiter::Limiter(const Settings& settings)
    : key_(crypto::derived_sip(settings.key, "limits")),
      own_name_(crypto::random_token()),
      local_(settings.places) {
    if (!settings.redis) return;
    redis_ = std::make_unique<Redis>(
        Redis::Settings{.address = *settings.redis,
                        .connections = settings.connections,
                        .probe = [this](RedisConnection& connection, Deadline deadline) {
                            greet(connection, deadline);
                        }});
}

Verdict Limiter::take(std::string_view policy, std::string_view who, const Rate& rate, Instant now,
                      std::int64_t cost) {
    std::string text(policy);
    text += '\0';
    text += who;
    const Mark mark = crypto::siphash128(key_, crypto::bytes_of(text));
    if (!redis_) return local_.take(mark, rate, now, cost);
    microseconds known{0};
    if (cost > 0) {
        const Verdict mirrored = local_.look(mark, rate, now, cost);
        if (!mirrored.allowed) return mirrored;
        known = mirrored.reset_after - cost * rate.interval();
    }
    if (const auto shared = ask_redis(mark, rate, cost, known)) {
        // Own takings count here, too: a server that forgets cannot give everything anew.
        if (shared->allowed) local_.take(mark, rate, now, cost);
        if (cost > 0) local_.raise(mark, now + shared->reset_after, now);
        return *shared;
    }
    ++alone_;
    const Rate part = rate.shared_by(processes_);
    return local_.take(mark, part, now, std::min(cost, part.burst));
}

std::optional<Verdict> Limiter::ask_redis(const Mark& mark, const Rate& rate, std::int64_t cost,
                                          microseconds known) {
    const microseconds interval = rate.interval(), window = rate.window();
    const auto good = [&](const std::vector<std::int64_t>& n) {
        const auto in_window = [&](std::int64_t us) { return us >= 0 && us <= window.count(); };
        return n.size() == 3 && (n[0] == 0 || n[0] == 1) && in_window(n[1]) && in_window(n[2]) &&
               (n[0] == 0) == (n[2] > 0);
    };
    const auto numbers =
        redis_->run(decide_script, limit_key_of(mark),
                    {std::to_string(interval.count()), std::to_string(window.count()),
                     std::to_string(cost), std::to_string(known.count())},
                    good);
    if (!numbers) return std::nullopt;
    return Verdict{.allowed = numbers->at(0) == 1,
                   .remaining = (window - microseconds(numbers->at(1))) / interval,
                   .retry_after = microseconds(numbers->at(2)),
                   .reset_after = microseconds(numbers->at(1))};
}

/// The keeper's probe.
void Limiter::greet(RedisConnection& connection, Deadline deadline) {
    const auto numbers = run(connection, greet_script, processes_key,
                             {own_name_, std::string(heard_seconds)}, deadline);
    if (numbers.size() != 1 || numbers[0] < 1 || numbers[0] > processes_max)
        throw RedisError("it answered wrong numbers");
    // A Redis that has just forgotten them hears of the others one by one: the most that were
    // heard of lately counts.
    const auto heard = std::chrono::steady_clock::now();
    if (numbers[0] < processes_ && heard - processes_heard_ < processes_kept) return;
    processes_ = numbers[0];
    processes_heard_ = heard;
}

LimiterStats Limiter::stats() const {
    return {.shared = redis_ != nullptr,
            .redis = redis_ ? redis_->stats() : RedisStats{},
            .alone = alone_,
            .processes = processes_};
}

}  // namespace referral::cache

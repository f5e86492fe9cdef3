#include "platform/http/rate_limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "base/names.hpp"
#include "base/text.hpp"
#include "platform/cache/limiter.hpp"

template <>
struct referral::Names<referral::http::LimitScope> {
    using enum http::LimitScope;
    static constexpr std::array list{std::pair{user, "user"}, std::pair{key, "key"},
                                     std::pair{address, "address"}, std::pair{name, "name"}};
};

namespace referral::http {

namespace {

using cache::Rate;
using namespace std::chrono_literals;

/// What a page or a script needs, and not much more. Addresses may have several times of what a
/// user may, since an office has one address; those of sign-in are few: each is a password tried.
constexpr std::array defaults{
    RateLimit{"read", LimitScope::user, Rate{600, 1min, 150}},
    RateLimit{"read", LimitScope::key, Rate{1'200, 1min, 300}},
    RateLimit{"read", LimitScope::address, Rate{3'000, 1min, 750}},
    RateLimit{"write", LimitScope::user, Rate{120, 1min, 60}},
    RateLimit{"write", LimitScope::key, Rate{600, 1min, 150}},
    RateLimit{"write", LimitScope::address, Rate{1'500, 1min, 375}},
    RateLimit{"sign-in", LimitScope::address, Rate{10, 1min, 10}},
    RateLimit{"sign-in", LimitScope::name, Rate{20, 1h, 5}},
    RateLimit{"public", LimitScope::address, Rate{120, 1min, 60}},
    RateLimit{"export", LimitScope::user, Rate{10, 1min, 5}},
    RateLimit{"export", LimitScope::key, Rate{10, 1min, 5}},
    RateLimit{"export", LimitScope::address, Rate{60, 1min, 20}},
    // What the business's own systems tell: a day's loads at once, and again when in doubt.
    RateLimit{"report", LimitScope::user, Rate{3'000, 1min, 500}},
    RateLimit{"report", LimitScope::key, Rate{12'000, 1min, 2'000}},
    RateLimit{"report", LimitScope::address, Rate{24'000, 1min, 4'000}},
};

struct Unit {
    std::string_view name;
    std::chrono::microseconds period;
};
constexpr std::array units{Unit{"s", 1s}, Unit{"min", 1min}, Unit{"h", 1h}, Unit{"day", 24h}};

constexpr std::int64_t count_max = 1'000'000;

[[noreturn]] void refuse(std::string_view entry, std::string_view why) {
    throw std::invalid_argument(fmt::format("\"{}\" {}", entry, why));
}

/// Reads "600/min" or "600/min:100".
Rate read_rate(std::string_view entry, std::string_view text) {
    constexpr std::string_view form = "wants COUNT/UNIT or COUNT/UNIT:BURST, such as 600/min:150";
    const auto slash = text.find('/');
    if (slash == text.npos) refuse(entry, form);
    const auto count = parse_int(text.substr(0, slash));
    const std::string_view rest = text.substr(slash + 1);
    const auto colon = rest.find(':');
    const auto unit = std::ranges::find(units, rest.substr(0, colon), &Unit::name);
    if (unit == units.end()) refuse(entry, "has no unit; there are s, min, h and day");
    if (!count || *count < 1 || *count > count_max)
        refuse(entry, "wants a count from 1 to 1000000");
    if (colon == rest.npos) return {*count, unit->period, std::max<std::int64_t>(1, *count / 4)};
    const auto burst = parse_int(rest.substr(colon + 1));
    if (!burst || *burst < 1 || *burst > *count) refuse(entry, "wants a burst from 1 to its count");
    return {*count, unit->period, *burst};
}

void change(std::vector<RateLimit>& table, std::string_view entry) {
    const auto equals = entry.find('=');
    if (equals == entry.npos) refuse(entry, "wants CLASS=COUNT/UNIT, such as read=600/min");
    const std::string_view target = trimmed(entry.substr(0, equals));
    const std::string_view value = trimmed(entry.substr(equals + 1));
    const auto dot = target.find('.');
    const std::string_view wanted_class = target.substr(0, dot);
    if (!RateLimits::knows(wanted_class))
        refuse(entry,
               fmt::format("names no class; there are {}", fmt::join(RateLimits::classes, ", ")));
    const auto rate = value == "off" ? std::nullopt : std::optional(read_rate(entry, value));
    bool found = false;
    for (RateLimit& row : table) {
        if (row.limit_class != wanted_class) continue;
        if (dot != target.npos && name_of(row.scope) != target.substr(dot + 1)) continue;
        row.rate = rate;
        found = true;
    }
    if (!found) refuse(entry, "names no scope that this class is limited by");
}

std::int64_t seconds_up(std::chrono::microseconds time) {
    return std::chrono::ceil<std::chrono::seconds>(time).count();
}

/// RateLimit-Policy and RateLimit of draft-ietf-httpapi-ratelimit-headers-09. A bucket that holds
/// `burst` and fills in `window` is the policy "q in w"; its average is the configured rate.
void tell(Call& call, const RateLimit& row, const cache::Verdict& verdict) {
    const std::string policy = row.policy();
    call.note_limit(fmt::format("\"{}\";q={};w={}", policy, row.rate->burst,
                                std::max<std::int64_t>(1, seconds_up(row.rate->window()))),
                    fmt::format("\"{}\";r={};t={}", policy, verdict.remaining,
                                seconds_up(verdict.reset_after)));
}

}  // namespace

std::string RateLimit::policy() const { return fmt::format("{}.{}", limit_class, name_of(scope)); }

std::vector<RateLimit> rate_limits(std::string_view changes) {
    std::vector<RateLimit> table(defaults.begin(), defaults.end());
    if (trimmed(changes) == "off") {
        for (RateLimit& row : table) row.rate.reset();
        return table;
    }
    while (!changes.empty()) {
        const auto comma = changes.find(',');
        const std::string_view entry = trimmed(changes.substr(0, comma));
        if (!entry.empty()) change(table, entry);
        changes.remove_prefix(comma == changes.npos ? changes.size() : comma + 1);
    }
    return table;
}

RateLimits::RateLimits(std::vector<RateLimit> table, cache::Limiter& limiter)
    : table_(std::move(table)), limiter_(limiter) {}

bool RateLimits::knows(std::string_view limit_class) {
    return std::ranges::find(classes, limit_class) != classes.end();
}

void RateLimits::charge_address(Call& call, std::string_view limit_class) {
    charge(call, limit_class, LimitScope::address, address_block(call.request().client()));
}

void RateLimits::charge_caller(Call& call, std::string_view limit_class) {
    const Caller& caller = call.caller();
    if (caller.api_key_id)
        charge(call, limit_class, LimitScope::key, std::to_string(*caller.api_key_id));
    else  // Who looks as somebody else uses up nothing of theirs.
        charge(call, limit_class, LimitScope::user,
               std::to_string(caller.acting_for.value_or(caller.user_id)));
}

void RateLimits::charge(Call& call, std::string_view limit_class, LimitScope scope,
                        std::string_view who) {
    const RateLimit* row = find(limit_class, scope);
    if (!row) return;
    const cache::Verdict verdict = limiter_.take(row->policy(), who, *row->rate, call.now());
    // How often others try a name is nobody's business.
    if (scope != LimitScope::name) tell(call, *row, verdict);
    if (verdict.allowed) return;
    ++refused_[static_cast<std::size_t>(std::ranges::find(classes, limit_class) - classes.begin())];
    const std::int64_t wait = std::max<std::int64_t>(1, seconds_up(verdict.retry_after));
    call.note_retry_after(std::chrono::seconds(wait));
    throw Problem(Refusal::too_many, fmt::format("That is too often: try again in {} s.", wait));
}

void RateLimits::give_back(Call& call, std::string_view limit_class, LimitScope scope,
                           std::string_view who) {
    if (const RateLimit* row = find(limit_class, scope))
        limiter_.take(row->policy(), who, *row->rate, call.now(), -1);
}

const RateLimit* RateLimits::find(std::string_view limit_class, LimitScope scope) const {
    const auto row = std::ranges::find_if(table_, [&](const RateLimit& each) {
        return each.limit_class == limit_class && each.scope == scope && each.rate;
    });
    return row == table_.end() ? nullptr : &*row;
}

std::string address_block(const IpAddress& address) {
    constexpr int network_bits = 64;
    return address.is_v4() ? address.text() : address.truncated(network_bits).text();
}

}  // namespace referral::http

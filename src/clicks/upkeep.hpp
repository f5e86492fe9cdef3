#pragma once

/// What the clicks' tables need now and then.

#include <chrono>
#include <functional>

#include "base/time.hpp"
#include "platform/db/pool.hpp"

namespace referral::clicks {

/// How many months' partitions are made ahead.
constexpr int months_ahead = 3;

/// Makes the partitions of this month and the next `months_ahead`. Throws db::Error.
void make_partitions(db::Pool& pool, Instant now);

/// Cuts the addresses of clicks older than `kept` down to /24 (IPv4) or /48, a minute of clicks in
/// each transaction; gives up to where it came. A call does at most a day and a half, or less when
/// `stopping` says so; the next goes on. Throws db::Error.
Instant truncate_addresses(
    db::Pool& pool, Instant now, std::chrono::days kept,
    const std::function<bool()>& stopping = [] { return false; });

}  // namespace referral::clicks

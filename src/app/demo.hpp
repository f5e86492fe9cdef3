#pragma once

#include <optional>

#include "app/first_start.hpp"
#include "conversions/conversions.hpp"
#include "platform/db/pool.hpp"
#include "platform/journal/journal.hpp"

namespace referral::app {

/// Fills an installation without partners with a made-up company: a manager, 20 partners in groups
/// and states, a few of their leads, 60 links, 90 days of sales that are told as all sales are,
/// with what they earn, and 90 days of clicks that go the way of all clicks, through shard 0 of the
/// journal; so before its click loop runs. Gives the sign-in of one partner; nothing when there are
/// partners already.
std::optional<FirstSignIn> fill_with_demo(db::Pool& pool, journal::Journal& journal,
                                          const conversions::Conversions& conversions, Instant now);

}  // namespace referral::app

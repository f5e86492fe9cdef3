#pragma once

/// What conversions earn: pure functions of facts, rule versions and what was paid so far.

#include "commissions/calculate.hpp"
#include "commissions/condition.hpp"
#include "commissions/hold.hpp"
#include "commissions/replay.hpp"
#include "commissions/rules.hpp"

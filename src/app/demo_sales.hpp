#pragma once

#include <vector>

#include "app/demo_partners.hpp"
#include "conversions/conversions.hpp"
#include "links/links.hpp"

namespace referral::app {

/// Who takes part in the made-up business, and for how long it goes on.
struct DemoBusiness {
    const DemoProgram& demo;
    const conversions::Conversions& conversions;
    std::vector<std::string> codes;  ///< One of each partner, in their order.
    Instant since{}, now{};
};

/// Makes rules, and what customers had carried since then: bookings, deliveries, later changes, and
/// what people and time decided about the commissions. About 650 conversions.
void make_demo_sales(db::Transaction& tx, const DemoBusiness& business);

}  // namespace referral::app

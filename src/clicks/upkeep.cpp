#include "clicks/upkeep.hpp"

#include "clicks/queries.hpp"
#include "platform/db/transaction.hpp"

namespace referral::clicks {

namespace {

constexpr std::chrono::minutes slice{1};
constexpr int slices_max = 36 * 60;

}  // namespace

void make_partitions(db::Pool& pool, Instant now) {
    const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(now));
    for (int ahead = 0; ahead <= months_ahead; ++ahead) {
        const auto month = today.year() / today.month() + std::chrono::months(ahead);
        db::Transaction tx(pool);
        tx.one(sql::make_partition, Day(month / 1));
        tx.commit();
    }
}

Instant truncate_addresses(db::Pool& pool, Instant now, std::chrono::days kept,
                           const std::function<bool()>& stopping) {
    const Instant end = now - kept;
    std::optional<Instant> from;
    {
        db::Transaction tx(pool);
        from = tx.one(sql::address_frontier);
        tx.commit();
    }
    for (int i = 0; from && *from < end && i < slices_max && !stopping(); ++i) {
        db::Transaction tx(pool);
        const Instant first = tx.one(sql::first_click, *from, end).value_or(end);
        const Instant to = std::min(first + slice, end);
        if (first < to) tx.run_for_effect(sql::truncate_addresses, first, to);
        tx.run_for_effect(sql::move_address_frontier, to);
        tx.commit();
        from = to;
    }
    return from.value_or(end);
}

}  // namespace referral::clicks

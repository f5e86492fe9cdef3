#include "commissions/exchange_rates.hpp"

#include "base/problem.hpp"
#include "commissions/rule_queries.hpp"
#include "commissions/schemas.hpp"

namespace referral::commissions {

StoredRate add_rate(db::Transaction& tx, const NewRate& wanted, accounts::UserId by, Instant now) {
    if (wanted.from_currency == wanted.to_currency)
        throw invalid("to_currency", "must be another currency");
    if (auto added = tx.maybe(sql::insert_rate, wanted.from_currency, wanted.to_currency,
                              wanted.day, wanted.rate, now, by))
        return std::move(*added);
    StoredRate there =
        tx.one(sql::rate_of_day, wanted.from_currency, wanted.to_currency, wanted.day);
    if (there.rate == wanted.rate) return there;
    throw conflict("day", "has the rate " + there.rate.text() + " already");
}

RatePage list_rates(db::Transaction& tx, const RateFilter& filter) {
    std::optional<Day> day;
    std::optional<RateId> id;
    if (filter.cursor) {
        const auto& parts = filter.cursor->parts();
        if (parts.size() == 2) day = parse_day(parts[0]), id = RateId::parse(parts[1]);
        if (!day || !id) throw invalid("cursor", "must be " + std::string(schema::Cursor::rule));
    }
    const std::int64_t limit = schema::rows_of(filter.limit);
    RatePage page{.rates = tx.all(sql::list_rates, filter.from_currency, filter.to_currency, day,
                                  id, limit + 1),
                  .next_cursor = {}};
    if (page.rates.size() <= static_cast<std::size_t>(limit)) return page;
    page.rates.pop_back();
    const StoredRate& last = page.rates.back();
    page.next_cursor = schema::Cursor({to_text(last.day), last.id.text()}).text();
    return page;
}

std::optional<ExchangeRate> rate_at(db::Transaction& tx, const Currency& from, const Currency& to,
                                    Instant at) {
    return tx.maybe(sql::rate_at, from, to, at);
}

}  // namespace referral::commissions

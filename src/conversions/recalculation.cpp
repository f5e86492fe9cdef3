#include "conversions/recalculation.hpp"

#include "conversions/conversions.hpp"
#include "conversions/imports.hpp"
#include "conversions/queries.hpp"

namespace referral::conversions {

namespace {

constexpr std::chrono::seconds settling{1};  ///< What comes together is done together.
constexpr std::chrono::hours pause_max{1};
constexpr std::int64_t customer_rows_max = 500;
constexpr std::int64_t colleagues_max = 1'000;

audit::Actor actor_of(const std::string& job) { return {.job = job}; }

std::int64_t number(const jobs::Run& run, const char* name) {
    return run.payload().at(name).to_number<std::int64_t>();
}

/// Decides everything of a customer again, in the order of time, each in its own transaction: a
/// lock that moves is seen by what comes after it.
void recalculate(const Conversions& conversions, jobs::Run& run, CustomerId customer) {
    Instant at = first_instant;
    ConversionId last{};
    while (true) {
        std::vector<std::tuple<ConversionId, Instant>> rows;
        {
            db::Transaction tx(run.pool());
            rows = tx.all(sql::of_customer, customer, at, last, customer_rows_max);
        }
        if (rows.empty()) return;
        for (const auto& [id, occurred_at] : rows) {
            if (run.stopping()) throw jobs::Stopped();
            db::Transaction tx(run.pool());
            conversions.reattribute(tx, id, actor_of("conversions.recalculate"), run.now());
            tx.commit();
            last = id;
            at = occurred_at;
        }
    }
}

void recalculate_account(const Conversions& conversions, jobs::Run& run) {
    std::vector<CustomerId> customers;
    {
        db::Transaction tx(run.pool());
        customers = customers::customers_of(tx, {number(run, "account_id")}, colleagues_max);
    }
    for (std::size_t i = 0; i < customers.size(); ++i) {
        recalculate(conversions, run, customers[i]);
        run.progress(static_cast<std::int64_t>(i + 1), std::ssize(customers));
    }
}

void look_for_click(const Conversions& conversions, jobs::Run& run) {
    const ConversionId id{number(run, "conversion_id")};
    if (!conversions.take_click(run.transaction(), id, actor_of("conversions.take-click"),
                                run.now()))
        look_for_click_later(run.transaction(), id, number(run, "tries") + 1, run.now());
}

}  // namespace

void recalculate_later(db::Transaction& tx, CustomerId customer, Instant now) {
    jobs::enqueue(tx,
                  {.kind = "conversions.recalculate",
                   .payload = {{"customer_id", customer.value}},
                   .run_at = now + settling,
                   .unique_key = customer.text()},
                  now);
}

void recalculate_later(db::Transaction& tx, customers::AccountId account, Instant now) {
    jobs::enqueue(tx,
                  {.kind = "conversions.recalculate-account",
                   .payload = {{"account_id", account.value}},
                   .run_at = now + settling,
                   .unique_key = account.text()},
                  now);
}

void look_for_click_later(db::Transaction& tx, ConversionId id, std::int64_t tries, Instant now) {
    constexpr std::int64_t doublings_max = 12;
    const std::chrono::seconds doubled(std::int64_t{1} << std::min(tries, doublings_max));
    const auto pause = std::min<std::chrono::seconds>(doubled, pause_max);
    jobs::enqueue(tx,
                  {.kind = "conversions.take-click",
                   .payload = {{"conversion_id", id.value}, {"tries", tries}},
                   .run_at = now + pause},
                  now);
}

jobs::JobTable tasks(const Conversions& conversions) {
    jobs::JobTable all{
        {.name = "conversions.recalculate",
         .meaning = "Decide again whose the conversions of a customer are",
         .work =
             [&conversions](jobs::Run& run) {
                 recalculate(conversions, run, {number(run, "customer_id")});
             },
         .transactional = false,
         .time_max = std::chrono::minutes(30)},
        {.name = "conversions.recalculate-account",
         .meaning = "Decide again whose the conversions of a company's customers are",
         .work = [&conversions](jobs::Run& run) { recalculate_account(conversions, run); },
         .transactional = false,
         .time_max = std::chrono::minutes(30)},
        {.name = "conversions.take-click",
         .meaning = "Look for the click that a conversion was told with",
         .work = [&conversions](jobs::Run& run) { look_for_click(conversions, run); }},
    };
    for (jobs::JobKind& kind : import_tasks(conversions)) all.push_back(std::move(kind));
    return all;
}

}  // namespace referral::conversions

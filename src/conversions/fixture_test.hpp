#pragma once

/// What the tests of this folder share: a program, partners with links, clicks, and short ways to
/// report.

#include <gmock/gmock.h>

#include <map>
#include <string>
#include <vector>

#include "conversions/conversions.hpp"
#include "conversions/queries.hpp"
#include "conversions/views.hpp"
#include "testing/database_test.hpp"

namespace referral::conversions {

using testing::at, testing::refused;
using ::testing::ElementsAre, ::testing::HasSubstr, ::testing::IsEmpty;

inline const Instant noon = at("2026-08-01T12:00:00Z");

namespace test_sql {

using db::Nothing, db::Query;

inline constexpr Query<UserId(std::string)> add_user{R"sql(
    insert into users (email, name, role, created_at, updated_at)
    values ($1 || '@partners.example', $1, 'partner', now(), now()) returning id
)sql"};
inline constexpr Query<LinkId(UserId, ProgramId, std::string, std::string)> add_link{R"sql(
    insert into referral_links (user_id, program_id, code, code_key, destination_url, created_at,
                                updated_at)
    values ($1, $2, $3, $4, 'https://www.example.com/', now(), now()) returning id
)sql"};
inline constexpr Query<std::string(Instant)> make_partition{
    "select make_click_partition($1::timestamptz::date)::text"};
inline constexpr Query<Nothing()> add_node{R"sql(
    insert into journal_nodes (node, epoch, instance, directory, seen_at)
    values (1, 1, gen_random_uuid(), 'here', now())
)sql"};
inline constexpr Query<Nothing(LinkId, Instant, std::string, UserId, ProgramId, std::int64_t,
                               std::string)>
    add_click{R"sql(
    insert into link_clicks (referral_link_id, clicked_at, id, user_id, program_id, node_id, class,
                             flags, visitor)
    values ($1, $2, $3, $4, $5, 1, $6, 0, $7)
)sql"};
inline constexpr Query<std::int64_t()> conversions{"select count(*) from conversions"};
inline constexpr Query<std::int64_t()> attributions{"select count(*) from attributions"};
inline constexpr Query<std::int64_t()> audited{
    "select count(*) from audit_logs where action like 'conversions.%'"};
inline constexpr Query<std::int64_t(std::string)> jobs{"select count(*) from jobs where kind = $1"};
}  // namespace test_sql

/// A report of a delivered load, without anything else.
inline NewConversion load(const std::string& external_id, Instant occurred_at = noon) {
    NewConversion report{.kind = EventKind::delivered};
    report.source = Line<50>::parse("tms").value();
    report.external_id = Line<200>::parse(external_id).value();
    report.occurred_at = occurred_at;
    report.revenue = Decimal::parse("100.00");
    report.customer = customers::Contact{.external_id = Line<200>::parse("acme")};
    return report;
}

/// A database of its own, with partners who have been approved for ever. Commissions are 10 % of
/// the revenue, kept in memory.
class SaleTest : public ::testing::Test {
protected:
    SaleTest() {
        db::Transaction tx(database.pool());
        programs::ensure_default(tx, at("2026-01-01T00:00:00Z"));
        program = programs::default_program(tx).id;
        tx.run_for_effect(test_sql::add_node);
        for (const char* month :
             {"2025-06-01T00:00:00Z", "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z",
              "2026-05-01T00:00:00Z", "2026-06-01T00:00:00Z", "2026-07-01T00:00:00Z",
              "2026-08-01T00:00:00Z"})
            tx.one(test_sql::make_partition, at(month));
        tx.commit();
        ann = partner("ann");
        bob = partner("bob");
    }

    UserId partner(const std::string& name) {
        db::Transaction tx(database.pool());
        const UserId user = tx.one(test_sql::add_user, name);
        partners::enrol(tx, {.partner = user, .program = program}, std::nullopt, noon);
        const std::string code = name + "-code";
        link_of[user] = tx.one(test_sql::add_link, user, program, code, links::code_key(code));
        tx.commit();
        return user;
    }

    void change_program(const programs::ProgramChange& wanted) {
        db::Transaction tx(database.pool());
        // Before everything that these tests have occur.
        programs::change(tx, program, wanted, false, at("2026-01-02T00:00:00Z"));
        tx.commit();
    }

    static clicks::Visitor visitor(std::uint8_t number) {
        clicks::Visitor visitor{};
        visitor.fill(number);
        return visitor;
    }

    ClickId id_at(Instant when) {
        ClickId id;
        const auto ms =
            static_cast<std::uint64_t>(when.time_since_epoch() / std::chrono::milliseconds(1));
        for (int i = 0; i < 6; ++i)
            id.bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
        id.bytes[6] = 0x70;
        id.bytes[8] = 0x80;
        id.bytes[15] = ++clicks_made;
        return id;
    }

    void store_click(const ClickId& id, UserId user, Instant when, std::uint8_t by = 1,
                     clicks::Class value = clicks::Class::human) {
        db::Transaction tx(database.pool());
        tx.run_for_effect(test_sql::add_click, link_of[user], when, id.uuid(), user, program,
                          static_cast<std::int64_t>(value), clicks::visitor_uuid(visitor(by)));
        tx.commit();
    }

    ClickId click(UserId user, Instant when, std::uint8_t by = 1,
                  clicks::Class value = clicks::Class::human) {
        const ClickId id = id_at(when);
        store_click(id, user, when, by, value);
        return id;
    }

    Recorded record(const NewConversion& report, Instant now = noon) {
        db::Transaction tx(database.pool());
        Recorded recorded = conversions.record(tx, report, {}, now);
        tx.commit();
        return recorded;
    }
    Recorded adjust(ConversionId id, const NewAdjustment& change, Instant now = noon) {
        db::Transaction tx(database.pool());
        Recorded recorded = conversions.adjust(tx, id, change, {}, now);
        tx.commit();
        return recorded;
    }
    Outcome outcome_of(ConversionId id) {
        db::Transaction tx(database.pool());
        return outcome(tx, id).value();
    }
    /// "ann code 1000000" for each credit.
    std::vector<std::string> credits(ConversionId id) {
        std::vector<std::string> list;
        for (const Credit& credit : outcome_of(id).attribution.credits)
            list.push_back((credit.partner == ann   ? "ann "
                            : credit.partner == bob ? "bob "
                                                    : "somebody ") +
                           std::string(name_of(credit.source)) + ' ' +
                           std::to_string(credit.weight_ppm));
        return list;
    }
    template <class Row, class... Params>
    Row one(const db::Query<Row(Params...)>& query, const std::type_identity_t<Params>&... params) {
        db::Transaction tx(database.pool());
        return tx.one(query, params...);
    }

    /// Does the jobs of this folder that wait, at a later time.
    void work(Instant now) {
        jobs::JobTable kinds = tasks(conversions);
        for (int round = 0; round < 20; ++round) {
            db::Transaction tx(database.pool());
            const auto job = tx.maybe(take_job);
            if (!job) return;
            const auto& [id, kind, payload] = *job;
            tx.run_for_effect(delete_job, id);
            for (const jobs::JobKind& each : kinds) {
                if (each.name != kind) continue;
                if (!each.transactional) tx.commit();
                jobs::Run run({.payload = payload,
                               .now = now,
                               .pool = database.pool(),
                               .transaction = each.transactional ? &tx : nullptr});
                each.work(run);
                if (each.transactional) tx.commit();
            }
        }
    }

    static constexpr db::Query<std::tuple<std::int64_t, std::string, schema::json::value>()>
        take_job{
            "select id, kind, payload from jobs where kind like 'conversions.%' order by id "
            "limit 1"};
    static constexpr db::Query<db::Nothing(std::int64_t)> delete_job{
        "delete from jobs where id = $1"};

    /// 10 % of what stands, by weight.
    std::vector<Earned> settle(const Outcome& outcome) {
        std::vector<Earned> list;
        const Conversion& conversion = outcome.conversion;
        for (const Credit& credit : outcome.attribution.credits) {
            const std::int64_t all = conversion.is_reversed ? 0 : conversion.revenue / 10;
            list.push_back({.id = "com_" + std::to_string(conversion.id.value),
                            .user_id = credit.partner,
                            .amount = {all * credit.weight_ppm / 1'000'000, conversion.currency},
                            .status = "pending"});
        }
        const std::lock_guard lock(mutex);
        ++settled;
        earned[conversion.id] = list;
        return list;
    }
    std::vector<Earned> earned_by(ConversionId id) {
        const std::lock_guard lock(mutex);
        return earned[id];
    }

    testing::Database database;
    ProgramId program;
    UserId ann, bob;
    std::map<UserId, LinkId> link_of;
    std::mutex mutex;
    std::map<ConversionId, std::vector<Earned>> earned;
    int settled = 0;
    std::uint8_t clicks_made = 0;
    const Tokens tokens{crypto::Key{1, 2, 3}, "https://go.example.com"};
    const Conversions conversions{
        {.commissions = {
             .settle = [this](db::Transaction&, const Outcome& outcome, const audit::Actor&,
                              Instant) { return settle(outcome); },
             .earned_by = [this](db::Transaction&, ConversionId id) { return earned_by(id); }},
         .tokens = tokens,
         .suggest = [](std::string_view) { return std::vector<std::string>{"ann-code"}; }}};
};

}  // namespace referral::conversions

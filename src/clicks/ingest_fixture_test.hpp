#pragma once

/// What the tests of the ingest share: a database, a journal with two shards, clicks to write.

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "clicks/clicks.hpp"
#include "clicks/ingest.hpp"
#include "platform/journal/fixture_test.hpp"
#include "testing/database_test.hpp"

namespace referral::clicks {

inline const Instant noon = testing::at("2026-03-01T12:00:00Z");
inline constexpr std::chrono::milliseconds patience{60'000};

inline constexpr db::Query<std::int64_t()> count_rows{"select count(*) from link_clicks"};
inline constexpr db::Query<std::int64_t()> count_quarantined{
    "select count(*) from journal_quarantine"};
inline constexpr db::Query<std::string()> quarantine_reason{
    "select reason from journal_quarantine"};
inline constexpr db::Query<std::int64_t()> count_journalled{
    "select coalesce(sum(journalled), 0)::bigint from journal_days"};
/// Counts that differ from the rows; 0 when all agree.
inline constexpr db::Query<std::int64_t()> differences{R"sql(
    select (select count(*) from
              (select referral_link_id, class, count(*) n, date_bin('15 minutes', clicked_at,
                      '2000-01-01Z') b from link_clicks group by 1, 2, 4) rows
              full join (select link_id, class, sum(clicks) n, bucket b from link_click_counts
                         group by 1, 2, 4) counts
              on rows.referral_link_id = counts.link_id and rows.class = counts.class
                 and rows.b = counts.b
              where rows.n is distinct from counts.n)
         + (select count(*) from
              (select program_id, class, d dimension, count(*) n from link_clicks,
                      generate_series(0, 4) d group by 1, 2, 3) rows
              full join (select program_id, class, dimension, sum(clicks) n
                         from program_click_counts group by 1, 2, 3) counts
              on rows.program_id = counts.program_id and rows.class = counts.class
                 and rows.dimension = counts.dimension
              where rows.n is distinct from counts.n)
         + (select count(*) from
              (select referral_link_id, count(*) filter (where class in (1, 2, 3, 4)) n,
                      count(*) filter (where class = 1) u from link_clicks
               where referral_link_id <> 0 group by 1) rows
              full join link_totals on link_id = referral_link_id
              where coalesce(rows.n, 0) <> coalesce(link_totals.clicks, 0)
                 or coalesce(rows.u, 0) <> coalesce(unique_clicks, 0))
    )sql"};
inline constexpr db::Query<db::Nothing()> forget_all{R"sql(
    truncate link_clicks, link_click_counts, program_click_counts, link_totals, journal_days,
             journal_positions, user_agents, referrers, utms restart identity
    )sql"};
inline constexpr db::Query<db::Nothing()> refuse_program_77{
    "alter table link_clicks add constraint no_77 check (program_id <> 77)"};
inline constexpr db::Query<std::int64_t()> end_backends{R"sql(
    select count(pg_terminate_backend(pid)) from pg_stat_activity
    where datname = current_database() and usename = current_user and pid <> pg_backend_pid()
    )sql"};
inline constexpr db::Query<db::Nothing()> make_holder_old{
    "update journal_nodes set seen_at = now() - interval '1 minute'"};
inline constexpr db::Query<std::int64_t()> count_partitions{
    "select count(*) from pg_inherits where inhparent = 'link_clicks'::regclass"};
inline constexpr db::Query<std::int64_t()> make_link{R"sql(
    with owner as (insert into users (email, name, role, created_at, updated_at)
                   values ('p@example.com', 'P', 'partner', now(), now()) returning id),
         offer as (insert into programs (name, kind, currency, timezone, attribution_model,
                       click_window_days, duplicate_window_seconds, trigger, hold_days,
                       minimum_payout, created_at, updated_at)
                   values ('default', 'generic', 'USD', 'UTC', 'last', 90, 3600, 'delivered', 30, 0,
                           now(), now()) returning id)
    insert into referral_links (user_id, program_id, code, code_key, destination_url, utm,
                                visits_max, created_at, updated_at)
    select owner.id, offer.id, 'summer', 'summer', 'https://example.com/',
           '{"source": "newsletter"}', 1000000, now(), now() from owner, offer
    returning id
    )sql"};
inline constexpr db::Query<std::int64_t()> visits{"select visits from referral_links"};
inline constexpr db::Query<std::tuple<std::string, std::string, std::string, std::string>()>
    first_row{R"sql(
    select a.text, r.host || r.path, u.source, host(c.visitor_ip)
    from link_clicks c join user_agents a on a.id = c.user_agent_id
    join referrers r on r.id = c.referrer_id join utms u on u.id = c.utm_id
    order by c.id limit 1
    )sql"};

class IngestTest : public ::testing::Test {
protected:
    template <class Row>
    Row ask(const db::Query<Row()>& query) {
        db::Transaction tx(database_.pool());
        Row row = tx.one(query);
        tx.commit();
        return row;
    }
    /// As the owner: only a test truncates and alters tables.
    void run(const db::Query<db::Nothing()>& query) {
        db::Transaction tx(database_.owner_pool());
        tx.run_for_effect(query);
        tx.commit();
    }

    journal::Journal& journal() {
        if (!journal_) {
            journal::Settings settings = journal::small(folder_.path());
            settings.shards = 2;
            journal_ = std::make_unique<journal::Journal>(settings);
        }
        return *journal_;
    }
    IngestParts parts(journal::Journal& journal, std::string directory = "here") {
        IngestParts parts;
        parts.journal = &journal;
        parts.database.url = database_.conninfo();
        parts.loaders = 2;
        parts.directory = std::move(directory);
        parts.clock = [] { return noon; };
        parts.rows_max = 100;
        parts.pause = std::chrono::milliseconds(1);
        parts.verify_every = std::chrono::milliseconds(20);
        return parts;
    }

    ClickRecord click(int number) {
        ClickRecord record;
        record.clicked_at = noon + std::chrono::seconds(number * 7);
        record.link_id = number % 5 == 0 ? 0 : 1 + number % 3;
        record.user_id = record.link_id;
        record.program_id = record.link_id == 0 ? 0 : 1;
        record.click_class = static_cast<Class>(1 + number % class_number_max);
        record.visitor[0] = static_cast<std::uint8_t>(number);
        record.ip = *IpAddress::parse("203.0.113." + std::to_string(number % 250));
        record.user_agent = number % 2 == 0 ? "Mozilla/5.0 \xff" : "Opera";
        record.referrer = "https://User@Blog.Example:443/post?secret=1#x";
        record.query = number % 3 == 0 ? "utm_source=a+b&utm_medium=c" : "x=1";
        return record;
    }
    void append(journal::Writer& writer, std::span<const std::byte> bytes) {
        ASSERT_TRUE(writer.append(bytes).has_value());
        if (writer.batch_records() >= 50) {
            ASSERT_TRUE(writer.commit());
        }
    }
    void write(int from, int to, std::uint32_t shard = 0, journal::Journal* into = nullptr) {
        journal::Journal& journal = into ? *into : this->journal();
        ClickIds ids(journal.node(), journal.epoch(), shard, static_cast<std::uint32_t>(from));
        std::array<std::byte, click_record_bytes_max> bytes;
        for (int i = from; i < to; ++i) {
            ClickRecord record = click(i);
            record.id = ids.next(record.clicked_at);
            append(journal.writer(shard), {bytes.data(), encode(record, bytes)});
        }
        ASSERT_TRUE(journal.writer(shard).commit());
    }
    void expect_stored(std::int64_t clicks) {
        EXPECT_EQ(ask(count_rows), clicks);
        EXPECT_EQ(ask(count_journalled), clicks);
        EXPECT_EQ(ask(differences), 0);
    }

    testing::Database database_;
    journal::TestDirectory folder_;
    std::unique_ptr<journal::Journal> journal_;
};

}  // namespace referral::clicks

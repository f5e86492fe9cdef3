#include "clicks/ingest.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <thread>

#include "clicks/clicks.hpp"
#include "clicks/queries.hpp"
#include "platform/journal/fixture_test.hpp"
#include "testing/database_test.hpp"

namespace referral::clicks {
namespace {

using db::Nothing, db::Query;
using std::chrono::milliseconds, std::chrono::seconds;

const Instant noon = testing::at("2026-03-01T12:00:00Z");
constexpr milliseconds patience{60'000};

constexpr Query<std::int64_t()> count_rows{"select count(*) from link_clicks"};
constexpr Query<std::int64_t()> count_quarantined{"select count(*) from journal_quarantine"};
constexpr Query<std::string()> quarantine_reason{"select reason from journal_quarantine"};
constexpr Query<std::int64_t()> count_journalled{
    "select coalesce(sum(journalled), 0)::bigint from journal_days"};
/// Counts that differ from the rows; 0 when all agree.
constexpr Query<std::int64_t()> differences{R"sql(
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
constexpr Query<Nothing()> forget_all{R"sql(
    truncate link_clicks, link_click_counts, program_click_counts, link_totals, journal_days,
             journal_positions, user_agents, referrers, utms restart identity
    )sql"};
constexpr Query<Nothing()> refuse_program_77{
    "alter table link_clicks add constraint no_77 check (program_id <> 77)"};
constexpr Query<std::int64_t()> end_backends{R"sql(
    select count(pg_terminate_backend(pid)) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
    )sql"};
constexpr Query<Nothing()> make_holder_old{
    "update journal_nodes set seen_at = now() - interval '1 minute'"};
constexpr Query<std::int64_t()> count_partitions{
    "select count(*) from pg_inherits where inhparent = 'link_clicks'::regclass"};
constexpr Query<std::int64_t()> make_link{R"sql(
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
constexpr Query<std::int64_t()> visits{"select visits from referral_links"};
constexpr Query<std::tuple<std::string, std::string, std::string, std::string>()> first_row{R"sql(
    select a.text, r.host || r.path, u.source, host(c.visitor_ip)
    from link_clicks c join user_agents a on a.id = c.user_agent_id
    join referrers r on r.id = c.referrer_id join utms u on u.id = c.utm_id
    order by c.id limit 1
    )sql"};

class IngestTest : public ::testing::Test {
protected:
    template <class Row>
    Row ask(const Query<Row()>& query) {
        db::Transaction tx(database_.pool());
        Row row = tx.one(query);
        tx.commit();
        return row;
    }
    void run(const Query<Nothing()>& query) {
        db::Transaction tx(database_.pool());
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
        parts.pause = milliseconds(1);
        parts.verify_every = milliseconds(20);
        return parts;
    }

    ClickRecord click(int number) {
        ClickRecord record;
        record.clicked_at = noon + seconds(number * 7);
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

TEST_F(IngestTest, StoresEveryClickOnceWithItsCounts) {
    write(0, 1'000, 0);
    write(1'000, 1'500, 1);
    Ingest ingest(parts(journal()));

    ingest.start();
    ASSERT_TRUE(ingest.wait_until_caught_up(patience));

    expect_stored(1'500);
    EXPECT_EQ(ingest.stats().loaded, 1'500u);
    EXPECT_EQ(ingest.stats().failures, 0u);
}

TEST_F(IngestTest, FollowsTheJournalWhileItIsWritten) {
    Ingest ingest(parts(journal()));
    ingest.start();

    for (int i = 0; i < 2'000; i += 100) write(i, i + 100, static_cast<std::uint32_t>(i / 100 % 2));
    ASSERT_TRUE(ingest.wait_until_caught_up(patience));

    expect_stored(2'000);
}

TEST_F(IngestTest, KeepsWhatTheClicksSaid) {
    ask(make_link);
    write(0, 20);
    Ingest ingest(parts(journal()));

    ingest.start();
    ASSERT_TRUE(ingest.wait_until_caught_up(patience));

    const auto [agent, referrer, source, ip] = ask(first_row);
    EXPECT_EQ(agent, "Mozilla/5.0 \xef\xbf\xbd");
    EXPECT_EQ(referrer, "blog.example/post");
    EXPECT_EQ(source, "a b");
    EXPECT_EQ(ip, "203.0.113.0");
}

TEST_F(IngestTest, LoadsNothingOfWhatIsLoadedAlready) {
    write(0, 1'000);
    {
        Ingest first(parts(journal()));
        first.start();
        ASSERT_TRUE(first.wait_until_caught_up(patience));
    }
    journal_.reset();

    Ingest second(parts(journal()));
    second.start();
    ASSERT_TRUE(second.wait_until_caught_up(patience));

    EXPECT_EQ(second.stats().loaded, 0u);
    expect_stored(1'000);
}

TEST_F(IngestTest, StoresEachClickOnceHoweverOftenItsConnectionsDie) {
    write(0, 4'000, 0);
    write(4'000, 6'000, 1);
    IngestParts few = parts(journal());
    few.rows_max = 25;
    Ingest ingest(few);

    ingest.start();
    std::uint64_t loaded = 0;
    for (int kills = 0; kills < 40; ++kills) {
        ask(end_backends);
        // On to the next one as soon as something was stored, or the loaders have given up.
        for (int i = 0; i < 200 && ingest.stats().loaded == loaded; ++i)
            std::this_thread::sleep_for(milliseconds(1));
        loaded = ingest.stats().loaded;
    }
    ASSERT_TRUE(ingest.wait_until_caught_up(patience));

    expect_stored(6'000);
    EXPECT_GT(ingest.stats().failures, 0u);
}

TEST_F(IngestTest, StoresEachClickOnceWithTwoLoadersOnOneNode) {
    write(0, 3'000, 0);
    write(3'000, 5'000, 1);
    IngestParts few = parts(journal());
    few.rows_max = 20;
    Ingest one(few);
    Ingest other(few);

    one.start();
    other.start();
    ASSERT_TRUE(one.wait_until_caught_up(patience) || other.wait_until_caught_up(patience));

    expect_stored(5'000);
}

TEST_F(IngestTest, ReloadsWhatADatabaseSetBackHasLost) {
    write(0, 1'000);
    Ingest ingest(parts(journal()));
    ingest.start();
    ASSERT_TRUE(ingest.wait_until_caught_up(patience));
    ASSERT_EQ(ask(count_rows), 1'000);

    run(forget_all);
    for (int i = 0; i < 10'000 && ask(count_rows) < 1'000; ++i)
        std::this_thread::sleep_for(milliseconds(5));

    ASSERT_TRUE(ingest.wait_until_caught_up(patience));
    expect_stored(1'000);
    EXPECT_GT(ingest.stats().reloaded_segments, 0u);
}

TEST_F(IngestTest, CatchesUpAfterPostgresWasKilled) {
    Ingest ingest(parts(journal()));
    ingest.start();
    write(0, 500);
    ASSERT_TRUE(ingest.wait_until_caught_up(patience));

    const std::uint64_t restarts = testing::cluster().restarts();
    ASSERT_EQ(::kill(testing::cluster().pid(), SIGQUIT), 0);
    write(500, 1'500);
    for (int i = 0; i < 6'000 && testing::cluster().restarts() == restarts; ++i)
        std::this_thread::sleep_for(milliseconds(10));
    testing::cluster().wait_until_ready(patience);

    ASSERT_TRUE(ingest.wait_until_caught_up(patience));
    expect_stored(1'500);
}

TEST_F(IngestTest, SetsAsideWhatIsNoClick) {
    write(0, 100);
    const std::string junk = "no click at all";
    append(journal().writer(0), std::as_bytes(std::span(junk)));
    write(100, 200);
    Ingest ingest(parts(journal()));

    ingest.start();
    ASSERT_TRUE(ingest.wait_until_caught_up(patience));

    expect_stored(200);
    EXPECT_EQ(ask(count_quarantined), 1);
    EXPECT_EQ(ingest.stats().quarantined, 1u);
}

TEST_F(IngestTest, SetsAsideOneClickThatPostgresRefusesAndProvesItMissing) {
    run(refuse_program_77);
    write(0, 150);
    ClickRecord refused = click(1);
    refused.program_id = 77;
    refused.id = ClickIds(1, 1, 0, 0).next(noon);
    std::array<std::byte, click_record_bytes_max> bytes;
    append(journal().writer(0), {bytes.data(), encode(refused, bytes)});
    write(150, 300);
    Ingest ingest(parts(journal()));

    ingest.start();
    ASSERT_TRUE(ingest.wait_until_caught_up(patience));

    EXPECT_EQ(ask(count_rows), 300);
    EXPECT_EQ(ask(differences), 0);
    EXPECT_EQ(ask(count_quarantined), 1);
    EXPECT_NE(ask(quarantine_reason).find("no_77"), std::string::npos);
    db::Transaction tx(database_.pool());
    const DayProof proof = prove(tx, std::chrono::floor<std::chrono::days>(noon));
    ASSERT_EQ(proof.data.size(), 1u);
    EXPECT_FALSE(proof.data[0].complete);
    EXPECT_EQ(proof.data[0].journalled, proof.data[0].stored + 1);
}

TEST_F(IngestTest, ProvesADay) {
    write(0, 1'000);
    Ingest ingest(parts(journal()));
    ingest.start();
    ASSERT_TRUE(ingest.wait_until_caught_up(patience));

    db::Transaction tx(database_.pool());
    const DayProof proof = prove(tx, std::chrono::floor<std::chrono::days>(noon));

    ASSERT_EQ(proof.data.size(), 1u);
    EXPECT_TRUE(proof.data[0].complete);
    EXPECT_EQ(proof.data[0].journalled, 1'000);
    EXPECT_EQ(proof.data[0].stored, 1'000);
    EXPECT_EQ(proof.data[0].by_class.human, 100);
    EXPECT_EQ(proof.data[0].sha256.size(), 64u);
}

TEST_F(IngestTest, MakesThePartitionsItNeeds) {
    ClickRecord old = click(1);
    old.clicked_at = testing::at("2021-07-31T23:59:59.999999Z");
    std::array<std::byte, click_record_bytes_max> bytes;
    append(journal().writer(0), {bytes.data(), encode(old, bytes)});
    old.clicked_at += std::chrono::microseconds(1);
    append(journal().writer(0), {bytes.data(), encode(old, bytes)});
    ASSERT_TRUE(journal().writer(0).commit());
    const std::int64_t before = ask(count_partitions);
    Ingest ingest(parts(journal()));

    ingest.start();
    ASSERT_TRUE(ingest.wait_until_caught_up(patience));

    EXPECT_EQ(ask(count_rows), 2);
    EXPECT_EQ(ask(count_partitions), before + 2);
}

TEST_F(IngestTest, CountsVisitsOfLimitedLinks) {
    const std::int64_t link = ask(make_link);
    ClickIds ids(1, 1, 0, 0);
    std::array<std::byte, click_record_bytes_max> bytes;
    for (int i = 0; i < 30; ++i) {
        ClickRecord record = click(i);
        record.id = ids.next(record.clicked_at);
        record.link_id = link;
        if (i < 10) record.flags = ClickFlags::counted_visit;
        append(journal().writer(0), {bytes.data(), encode(record, bytes)});
    }
    ASSERT_TRUE(journal().writer(0).commit());
    Ingest ingest(parts(journal()));

    ingest.start();
    ASSERT_TRUE(ingest.wait_until_caught_up(patience));

    EXPECT_EQ(ask(visits), 10);
}

TEST_F(IngestTest, OfACopiedJournalLoadsNothingTwiceAndNothingBesideTheOriginal) {
    write(0, 500);
    Ingest original(parts(journal()));
    original.start();
    ASSERT_TRUE(original.wait_until_caught_up(patience));
    journal::TestDirectory elsewhere;
    std::filesystem::copy(folder_.path(), elsewhere.path() / "copy",
                          std::filesystem::copy_options::recursive);
    journal::Settings settings = journal::small(elsewhere.path() / "copy");
    settings.shards = 2;
    journal::Journal copied(settings);
    write(500, 600, 0, &copied);
    Ingest copy(parts(copied, "elsewhere"));

    copy.start();
    for (int i = 0; i < 2'000 && !copy.stats().fenced; ++i)
        std::this_thread::sleep_for(milliseconds(5));
    EXPECT_TRUE(copy.stats().fenced);
    EXPECT_EQ(copy.stats().loaded, 0u);
    original.stop();
    run(make_holder_old);
    ASSERT_TRUE(copy.wait_until_caught_up(patience));

    EXPECT_FALSE(copy.stats().fenced);
    EXPECT_EQ(copy.stats().loaded, 100u);
    expect_stored(600);
}

}  // namespace
}  // namespace referral::clicks

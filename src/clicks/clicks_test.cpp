#include "clicks/clicks.hpp"

#include <gtest/gtest.h>

#include "clicks/batch.hpp"
#include "testing/database_test.hpp"

namespace referral::clicks {
namespace {

using db::Nothing, db::Query;
using std::chrono::seconds;

const Instant noon = testing::at("2026-03-01T12:00:00Z");

constexpr Query<Nothing()> add_node{R"sql(
    insert into journal_nodes (node, epoch, instance, directory, seen_at)
    values (1, 1, gen_random_uuid(), 'here', now())
    )sql"};
constexpr Query<std::string()> addresses{
    "select string_agg(visitor_ip::text, ' ' order by clicked_at) from link_clicks"};
constexpr Query<std::optional<std::string>(Day)> partition{"select make_click_partition($1)::text"};

/// Stores clicks as a loader does; the owner of link n is user 10 + n.
class ClicksTest : public ::testing::Test {
protected:
    ClicksTest() {
        db::Transaction tx(database_.pool());
        tx.run_for_effect(add_node);
        tx.one(partition, std::chrono::floor<std::chrono::days>(noon));
        tx.commit();
    }

    ClickRecord click(std::int64_t link, Instant at, Class value = Class::human) {
        ClickRecord record;
        record.id = ids_.next(at);
        record.clicked_at = at;
        record.link_id = link;
        record.user_id = 10 + link;
        record.program_id = 1;
        record.click_class = value;
        record.visitor.fill(static_cast<std::uint8_t>(link));
        record.ip = *IpAddress::parse(link % 2 ? "203.0.113.77" : "2001:db8:1:2::3");
        return record;
    }
    void store(const std::vector<ClickRecord>& clicks) {
        const BatchOrigin origin{.node_id = 1, .epoch = 1, .shard = 0, .loader = 64};
        Batch batch;
        for (const ClickRecord& click : clicks) batch.add(click, {}, origin);
        db::Transaction tx(database_.pool());
        batch.store(tx, origin);
        tx.commit();
    }
    ClickPage list(std::optional<std::int64_t> owner, const ClickFilter& filter) {
        db::Transaction tx(database_.pool());
        return clicks::list(tx, owner, filter);
    }

    testing::Database database_;
    ClickIds ids_{1, 1, 0, 0};
};

TEST_F(ClicksTest, AreListedTheNewestFirstPageByPage) {
    std::vector<ClickRecord> clicks;
    for (int i = 0; i < 5; ++i) clicks.push_back(click(1, noon + seconds(i / 2)));
    store(clicks);

    ClickFilter filter;
    filter.limit = {2};
    std::vector<ClickId> ids;
    for (int pages = 0; pages < 3; ++pages) {
        const ClickPage page = list({}, filter);
        for (const Click& one : page.data) ids.push_back(one.id);
        filter.cursor = page.next_cursor;
    }

    EXPECT_FALSE(filter.cursor.has_value());
    ASSERT_EQ(ids.size(), 5u);
    for (std::size_t i = 0; i < ids.size(); ++i) EXPECT_EQ(ids[i], clicks[4 - i].id);
}

TEST_F(ClicksTest, OfOthersAreNotListedAndAddressesAreForStaff) {
    store({click(1, noon), click(2, noon + seconds(1))});

    const ClickPage own = list(11, {});
    ASSERT_EQ(own.data.size(), 1u);
    EXPECT_EQ(own.data[0].link_id, links::LinkId{1});
    EXPECT_FALSE(own.data[0].visitor_ip.has_value());
    const ClickPage all = list({}, {});
    ASSERT_EQ(all.data.size(), 2u);
    EXPECT_EQ(all.data[1].visitor_ip, "203.0.113.77");
    ClickFilter of_another;
    of_another.link_id = links::LinkId{2};
    EXPECT_TRUE(list(11, of_another).data.empty());
}

TEST_F(ClicksTest, AreFilteredByClassAndTime) {
    store({click(1, noon), click(1, noon + seconds(1), Class::bot), click(1, noon + seconds(2))});

    ClickFilter bots;
    bots.click_class = Class::bot;
    EXPECT_EQ(list({}, bots).data.size(), 1u);
    ClickFilter first_second;
    first_second.from = noon;
    first_second.to = noon + seconds(1);
    EXPECT_EQ(list({}, first_second).data.size(), 1u);
}

TEST_F(ClicksTest, RefuseAForeignCursor) {
    ClickFilter filter;
    filter.cursor = schema::Cursor({"x", "y"});

    EXPECT_THAT([&] { list({}, filter); }, testing::refused(Refusal::invalid, "cursor"));
}

TEST_F(ClicksTest, LoseTheirWholeAddressesWhenTheirTimeIsUp) {
    store({click(1, noon), click(2, noon + seconds(60)), click(1, noon + std::chrono::days(2))});
    const Instant now = noon + std::chrono::days(31);

    EXPECT_EQ(truncate_addresses(database_.pool(), now, std::chrono::days(30)),
              now - std::chrono::days(30));
    truncate_addresses(database_.pool(), now, std::chrono::days(30));

    db::Transaction tx(database_.pool());
    EXPECT_EQ(tx.one(addresses), "203.0.113.0/24 2001:db8:1::/48 203.0.113.77/32");
}

TEST_F(ClicksTest, HavePartitionsAhead) {
    make_partitions(database_.pool(), noon);
    make_partitions(database_.pool(), noon);

    for (int month = 3; month <= 6; ++month)
        store({click(1, std::chrono::sys_days(std::chrono::year(2026) / month / 2))});
    EXPECT_EQ(list({}, {}).data.size(), 4u);
}

TEST_F(ClicksTest, AreTheSameQuarterOfAnHourUntilTheNext) {
    EXPECT_EQ(bucket_of(testing::at("2026-03-01T12:14:59.999999Z")), noon);
    EXPECT_EQ(bucket_of(testing::at("2026-03-01T12:15:00Z")), testing::at("2026-03-01T12:15:00Z"));
}

TEST_F(ClicksTest, AreToldLiveToWhomTheyBelong) {
    Live live;
    const auto staff = live.subscribe({});
    const auto owner = live.subscribe({.owner = 11});
    const auto other = live.subscribe({.owner = 12});
    store({click(1, noon)});

    live.see({{Visitor{1}, 11, noon}, {Visitor{1}, 11, noon + seconds(1)}, {Visitor{2}, 12, noon}});
    live.publish(list({}, {}).data);
    live.tick(database_.pool(), noon + seconds(2));

    std::string to_staff, to_owner, to_other;
    staff->take(to_staff);
    owner->take(to_owner);
    other->take(to_other);
    EXPECT_NE(to_staff.find("event: click\ndata: {"), to_staff.npos);
    EXPECT_NE(to_staff.find("203.0.113.77"), to_staff.npos);
    EXPECT_NE(to_staff.find("\"visitors_now\":2}\n\n"), to_staff.npos);
    EXPECT_NE(to_owner.find("event: click\n"), to_owner.npos);
    EXPECT_EQ(to_owner.find("203.0.113.77"), to_owner.npos);
    EXPECT_NE(to_owner.find("\"visitors_now\":1}\n\n"), to_owner.npos);
    EXPECT_EQ(to_other.find("event: click\n"), to_other.npos);

    live.tick(database_.pool(), noon + std::chrono::minutes(6));
    to_staff.clear();
    staff->take(to_staff);
    EXPECT_NE(to_staff.find("\"visitors_now\":0}\n\n"), to_staff.npos);
}

}  // namespace
}  // namespace referral::clicks

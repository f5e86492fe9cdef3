#include "links/directory_feed.hpp"

#include <filesystem>

#include "links/directory_snapshot.hpp"
#include "links/queries.hpp"
#include "testing/database_test.hpp"

namespace referral::links {
namespace {

using std::chrono::milliseconds, std::chrono::seconds;

constexpr milliseconds patience{20'000};

/// A database with a user and a program, and links made by plain statements.
class FeedTest : public ::testing::Test {
protected:
    FeedTest() {
        std::string pattern = (std::filesystem::temp_directory_path() / "feed-XXXXXX").string();
        folder = mkdtemp(pattern.data());
        run("insert into users (email, name, role, created_at, updated_at) "
            "values ('a@b.example', 'a', 'admin', now(), now())");
        db::Transaction tx(database.pool());
        programs::ensure_default(tx, Instant{});
        tx.commit();
    }
    ~FeedTest() override { std::filesystem::remove_all(folder); }

    void run(const std::string& statement) { connection->run_script(statement); }
    static std::string insert(const std::string& codes) {
        return "insert into referral_links (user_id, program_id, code, code_key, destination_url, "
               "created_at, updated_at) select 1, 1, c, c, 'https://quote.example.com', now(), "
               "now() from unnest('{" +
               codes + "}'::text[]) c";
    }
    DirectoryFeed::Settings settings() const { return {.snapshot = folder / "links.snapshot"}; }
    bool has(std::string_view code) {
        Directory::Reader reader(directory);
        return reader.find(code) != nullptr;
    }
    State state(std::string_view code) {
        Directory::Reader reader(directory);
        return reader.find(code)->state(Instant{});
    }

    testing::Database database;
    /// How long a statement takes is no question of these tests.
    std::unique_ptr<db::Connection> connection = database.pool().connect(std::chrono::minutes(2));
    std::filesystem::path folder;
    Directory directory{crypto::SipKey{}};
    DirectorySync sync{directory, database.pool()};
};

TEST_F(FeedTest, LoadsEverythingFirstAndThenWhatChanged) {
    run(insert("one,two"));
    EXPECT_TRUE(sync.step().loaded_all);
    EXPECT_TRUE(has("one") && has("two"));

    run(insert("three"));
    run("update referral_links set status = 'paused' where code = 'one'");
    const auto step = sync.step();

    EXPECT_FALSE(step.loaded_all);
    EXPECT_EQ(step.changes, 2u);
    EXPECT_TRUE(has("three"));
    EXPECT_EQ(state("one"), State::paused);
    EXPECT_EQ(sync.step().changes, 0u);
}

TEST_F(FeedTest, MissesNoTransactionThatEndsLate) {
    sync.step();
    const auto slow = database.pool().connect(seconds(10));
    slow->run_script("begin; " + insert("slow"));
    run(insert("quick-one"));
    sync.step();
    EXPECT_TRUE(has("quick-one"));
    EXPECT_FALSE(has("slow"));
    run(insert("quick-two"));
    EXPECT_EQ(sync.step().changes, 1u) << "what was taken over is not taken over again";

    slow->run_script("commit");
    EXPECT_EQ(sync.step().changes, 1u);

    EXPECT_TRUE(has("slow") && has("quick-two"));
}

TEST_F(FeedTest, TakesOverManyChangesOfOneTransaction) {
    sync.step();
    run("insert into referral_links (user_id, program_id, code, code_key, destination_url, "
        "created_at, updated_at) select 1, 1, 'code-' || i, 'code-' || i, "
        "'https://quote.example.com', now(), now() from generate_series(1, 45000) i");

    EXPECT_EQ(sync.step().changes, 45'000u);

    EXPECT_EQ(directory.stats().links, 45'000u);
    EXPECT_TRUE(has("code-45000"));
}

TEST_F(FeedTest, FollowsPrograms) {
    run(insert("one"));
    sync.step();
    run("update programs set fallback_url = 'https://f.example', status = 'closed', "
        "allowed_hosts = '{a.example}', duplicate_window_seconds = 5");
    sync.step();

    Directory::Reader reader(directory);
    const ProgramView& program = reader.find("one")->program();
    EXPECT_EQ(program.fallback_url, "https://f.example");
    EXPECT_EQ(program.allowed_hosts.at(0).text(), "a.example");
    EXPECT_EQ(program.duplicate_window, seconds(5));
    EXPECT_EQ(state("one"), State::disabled);
}

TEST_F(FeedTest, FollowsVisitsCountedElsewhere) {
    run(insert("one"));
    run("update referral_links set visits_max = 3");
    sync.step();
    run("update referral_links set visits = 3");
    sync.step();

    EXPECT_EQ(state("one"), State::expired);
}

TEST_F(FeedTest, LoadsEverythingWhenTheDatabaseWasSetBack) {
    run(insert("one,two"));
    sync.step();
    Horizon ahead = *sync.horizon();
    ahead.next_xid += 1'000;
    sync.resume(ahead);
    run("delete from referral_links where code = 'one'");

    EXPECT_TRUE(sync.step().loaded_all);

    EXPECT_FALSE(has("one"));
    EXPECT_TRUE(has("two"));
}

TEST_F(FeedTest, LoadsEverythingFromAnotherDatabase) {
    sync.step();
    Horizon elsewhere = *sync.horizon();
    elsewhere.database = "1:1:1";
    sync.resume(elsewhere);
    EXPECT_TRUE(sync.step().loaded_all);

    Horizon old = *sync.horizon();
    old.at -= changes_kept;
    sync.resume(old);
    EXPECT_TRUE(sync.step().loaded_all);
}

TEST_F(FeedTest, GoesOnFromASnapshot) {
    run(insert("one"));
    sync.step();
    {
        Directory::Reader reader(directory);
        write_snapshot(reader, *sync.horizon(), folder / "links.snapshot");
    }
    run(insert("two"));

    Directory later{crypto::SipKey{}};
    DirectoryFeed feed(later, database.pool(), settings());
    ASSERT_TRUE(feed.load_snapshot());
    Directory::Reader reader(later);
    EXPECT_TRUE(reader.find("one"));
    EXPECT_FALSE(reader.find("two"));
    feed.start();
    ASSERT_TRUE(feed.changed_and_applied(patience));

    EXPECT_TRUE(reader.find("two"));
    EXPECT_EQ(feed.stats().full_loads, 0u);
    reader.rest();
}

TEST_F(FeedTest, LeavesOutWhatCannotBeRead) {
    run(insert("good,spoilt"));
    run("update referral_links set targets = '{\"x\": 1}', utm = '7' where code = 'spoilt'");

    sync.step();

    EXPECT_TRUE(has("good"));
    EXPECT_EQ(state("spoilt"), State::active);
}

TEST_F(FeedTest, ForgetsOldChanges) {
    run(insert("one,two"));
    run("update link_changes set changed_at = now() - interval '8 days' where link_id = 1");
    const Instant now =
        std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());

    forget_old_changes(database.pool(), now);

    run("do $$ begin assert (select count(*) from link_changes where link_id is not null) = 1; end "
        "$$");
}

TEST_F(FeedTest, IsCurrentOnceChangesAreApplied) {
    DirectoryFeed feed(directory, database.pool(), settings());
    feed.start();
    ASSERT_TRUE(feed.wait_until_loaded(patience));
    for (int i = 0; i < 20; ++i) {
        run(insert("code-" + std::to_string(i)));
        ASSERT_TRUE(feed.changed_and_applied(patience));
        ASSERT_TRUE(has("code-" + std::to_string(i)));
    }
}

TEST_F(FeedTest, HearsOfOtherProcesses) {
    Directory others{crypto::SipKey{}};
    DirectoryFeed other(others, database.pool(),
                        {.snapshot = folder / "other", .poll_interval = std::chrono::hours(1)});
    other.start();
    ASSERT_TRUE(other.wait_until_loaded(patience));
    DirectoryFeed feed(directory, database.pool(), settings());
    feed.start();

    Directory::Reader reader(others);
    const auto deadline = std::chrono::steady_clock::now() + patience;
    for (int i = 0; !reader.find("news") && std::chrono::steady_clock::now() < deadline; ++i) {
        // Again and again: the other one may not listen yet.
        if (i == 0) run(insert("news"));
        feed.changed_and_applied(milliseconds(200));
        std::this_thread::yield();
        reader.rest();
    }
    EXPECT_TRUE(reader.find("news"));
    reader.rest();
}

TEST_F(FeedTest, WritesASnapshotAtItsEnd) {
    run(insert("one"));
    {
        DirectoryFeed feed(directory, database.pool(), settings());
        feed.start();
        ASSERT_TRUE(feed.wait_until_loaded(patience));
    }
    Directory later{crypto::SipKey{}};
    EXPECT_TRUE(read_snapshot(later, settings().snapshot));
    EXPECT_EQ(later.stats().links, 1u);
}

TEST_F(FeedTest, ServesASnapshotWithoutADatabase) {
    run(insert("one"));
    sync.step();
    {
        Directory::Reader reader(directory);
        write_snapshot(reader, *sync.horizon(), settings().snapshot);
    }
    Directory later{crypto::SipKey{}};
    db::Pool nowhere({.url = "host=/nonexistent"}, 2);
    DirectoryFeed feed(later, nowhere, settings());

    EXPECT_TRUE(feed.load_snapshot());
    feed.start();
    EXPECT_FALSE(feed.changed_and_applied(milliseconds(50)));

    EXPECT_TRUE(feed.stats().loaded);
    EXPECT_FALSE(feed.stats().current);
    Directory::Reader reader(later);
    EXPECT_TRUE(reader.find("one"));
    reader.rest();
}

}  // namespace
}  // namespace referral::links

#include "platform/http/click_loop.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "platform/http/server_under_test.hpp"

namespace {

// Allocations of one thread, counted while a test asks for it.
thread_local bool counted_thread = false;
std::atomic<bool> counting = false;
std::atomic<std::uint64_t> allocations = 0;

}  // namespace

void* operator new(std::size_t size) {
    if (counted_thread && counting.load(std::memory_order_relaxed)) ++allocations;
    if (void* const memory = std::malloc(size)) return memory;
    throw std::bad_alloc();
}

void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace referral::http {
namespace {

using std::chrono::milliseconds, std::chrono::seconds;

const std::string click = "GET /r/a HTTP/1.1\r\nHost: a\r\n\r\n";
const std::string instant = "GET /instant HTTP/1.1\r\nHost: a\r\n\r\n";

bool has_click_id(const Received& answer) {
    return answer.bytes.find(TestClicks::click_id) != std::string::npos;
}

TEST(ClickLoop, TakesAConnectionWithItsFirstClickAndGivesItBack) {
    TestServer site;
    Client client(site.port());

    EXPECT_EQ(client.ask(instant).statuses(), "200");
    EXPECT_EQ(client.ask(click).statuses(), "302");
    EXPECT_EQ(client.ask(click).statuses(), "302");
    EXPECT_EQ(client.ask(instant).statuses(), "200");
    EXPECT_EQ(client.ask(click).statuses(), "302");

    const ServerStats stats = site.server->stats();
    EXPECT_EQ(stats.handed_over, 2u);
    EXPECT_EQ(stats.handed_back, 1u);
    EXPECT_EQ(stats.clicks, 3u);
    EXPECT_EQ(stats.instant, 2u);
    EXPECT_EQ(stats.open, 1u);
}

TEST(ClickLoop, TakesItsTurnAmongTheOthers) {
    TestServer site({}, 3);

    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < 6; ++i) {
        clients.push_back(std::make_unique<Client>(site.port()));
        clients.back()->ask(click);
    }

    for (const TestClicks& path : site.clicks) EXPECT_EQ(path.answered, 2u);
}

TEST(ClickLoop, HoldsAnswersUntilTheyAreCommitted) {
    TestServer site;
    site.clicks[0].gate.set(false);
    Client first(site.port());
    first.send(click + click);
    site.clicks[0].gate.await_waiting(1);

    EXPECT_EQ(site.clicks[0].answered, 2u);
    EXPECT_EQ(site.clicks[0].commits, 0u);
    site.clicks[0].gate.set(true);

    EXPECT_TRUE(has_click_id(first.read_answer()));
    EXPECT_TRUE(has_click_id(first.read_answer()));
    EXPECT_GE(site.clicks[0].commits, 1u);
}

TEST(ClickLoop, CutsTheClickIdsOutWhenTheCommitFails) {
    TestServer site;
    site.clicks[0].durable = false;
    Client client(site.port());
    client.send(click + click + "GET /r/a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

    const Received received = client.read_all();

    EXPECT_EQ(received.statuses(), "302 302 302");
    EXPECT_FALSE(has_click_id(received)) << received.bytes;
    EXPECT_NE(received.bytes.find("Location: https://shop.example/?a=1\r\n"), std::string::npos);
    EXPECT_EQ(site.clicks[0].lost, 3u);
    EXPECT_EQ(site.server->stats().clicks_uncommitted, 3u);
    EXPECT_GE(site.server->stats().commits_failed, 1u);
}

TEST(ClickLoop, AnswersBeforeTheCommitWhenNothingWaitsForIt) {
    TestServer site;
    site.clicks[0].strict = false;
    site.clicks[0].gate.set(false);
    Client client(site.port());

    EXPECT_TRUE(has_click_id(client.ask(click)));
    site.clicks[0].gate.await_waiting(1);
    EXPECT_EQ(site.clicks[0].commits, 0u);

    site.clicks[0].gate.set(true);
    EXPECT_TRUE(eventually([&] { return site.clicks[0].syncs > 0; }));
}

TEST(ClickLoop, HoldsUpNothingElseWhileItIsStuck) {
    TestServer site;
    site.clicks[0].gate.set(false);
    Client stuck(site.port()), other(site.port());
    stuck.send(click);
    site.clicks[0].gate.await_waiting(1);

    const auto before = std::chrono::steady_clock::now();
    EXPECT_EQ(other.ask("GET /x HTTP/1.1\r\nHost: a\r\n\r\n").statuses(), "200");
    EXPECT_LT(std::chrono::steady_clock::now() - before, seconds(1));
}

TEST(ClickLoop, IsPassedOverWhileItIsStuck) {
    Settings settings;
    settings.limits.commit_time_max = milliseconds(0);
    TestServer site(settings, 2);
    site.clicks[0].gate.set(false);
    Client stuck(site.port());
    stuck.send(click);
    site.clicks[0].gate.await_waiting(1);

    for (int i = 0; i < 4; ++i) EXPECT_TRUE(has_click_id(Client(site.port()).ask(click)));

    EXPECT_EQ(site.clicks[1].answered, 4u);
    EXPECT_EQ(site.server->stats().click_loops_stuck, 1u);
    site.clicks[0].gate.set(true);
    EXPECT_TRUE(has_click_id(stuck.read_answer()));
}

TEST(ClickLoop, LeavesClicksUnrecordedToTheFrontWhenAllAreStuck) {
    Settings settings;
    settings.limits.commit_time_max = milliseconds(0);
    TestServer site(settings);
    site.clicks[0].gate.set(false);
    Client stuck(site.port()), other(site.port());
    stuck.send(click);
    site.clicks[0].gate.await_waiting(1);

    const Received answer =
        other.ask("POST /r/a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab");
    const Received again = other.ask(instant);

    EXPECT_EQ(answer.statuses(), "302");
    EXPECT_FALSE(has_click_id(answer));
    EXPECT_EQ(again.statuses(), "200");
    EXPECT_EQ(site.unrecorded.answered, 1u);
    EXPECT_EQ(site.server->stats().clicks_unrecorded, 1u);
}

TEST(ClickLoop, ReturnsWhatItHadNotTakenUpWhenItGotStuck) {
    Settings settings;
    settings.limits.commit_time_max = milliseconds(200);
    TestServer site(settings);
    site.clicks[0].gate.set(false);
    Client stuck(site.port()), waiting(site.port());
    stuck.send(click);
    site.clicks[0].gate.await_waiting(1);

    const Received answer = waiting.ask(click);  // Handed over before anybody knows.

    EXPECT_EQ(answer.statuses(), "302");
    EXPECT_FALSE(has_click_id(answer));
}

TEST(ClickLoop, SharesOneCommitAmongItsConnections) {
    TestServer site;
    constexpr std::size_t clients_count = 20;
    std::vector<std::unique_ptr<Client>> clients;
    for (std::size_t i = 0; i < clients_count; ++i) {
        clients.push_back(std::make_unique<Client>(site.port()));
        clients.back()->ask(click);
    }
    site.clicks[0].gate.set(false);
    clients[0]->send(click);
    site.clicks[0].gate.await_waiting(1);
    const std::uint64_t before = site.clicks[0].commits;

    for (std::size_t i = 1; i < clients_count; ++i) clients[i]->send(click);
    site.clicks[0].gate.set(true);
    for (const auto& client : clients) EXPECT_EQ(client->read_answer().statuses(), "302");

    // The one that was under way and one for all that came meanwhile.
    EXPECT_EQ(site.clicks[0].commits - before, 2u);
}

/// Marks its thread, so that only the click loop's allocations count.
class CountedClicks final : public ClickPath {
public:
    bool takes(std::string_view path) const noexcept override { return path.starts_with("/r/"); }
    ClickAnswer answer(const Request& request, std::string& out) noexcept override {
        counted_thread = true;
        out.append(
            "HTTP/1.1 302 Found\r\nLocation: https://shop.example/\r\nContent-Length: 0\r\n");
        out.append(request.date_line()).append(request.connection_line()).append("\r\n");
        return {.wait_for_commit = strict, .click_id = {}};
    }
    bool commit() noexcept override { return true; }
    void uncommitted(std::size_t) noexcept override {}

    bool strict = true;
};

class Allocations : public ::testing::TestWithParam<bool> {};

TEST_P(Allocations, AreNoneForAClickOnceWarm) {
    TestHandler handler;
    CountedClicks path, unrecorded;
    path.strict = GetParam();
    ClickPath* const paths[] = {&path};
    ClickPath* const fallback[] = {&unrecorded};
    Settings settings;
    settings.clock = system_now;
    settings.listen = {{*IpAddress::parse("127.0.0.1"), 0, false}};
    settings.trusted_proxies = {*IpBlock::parse("127.0.0.0/8")};
    Server server(std::move(settings), handler, paths, fallback);
    server.start();
    const std::string ask =
        "GET /r/a?b=c HTTP/1.1\r\nHost: go.example\r\nUser-Agent: Mozilla/5.0 (X11; Linux)\r\n"
        "X-Forwarded-For: 2001:db8:1111:2222:3333:4444:5555:6666\r\nAccept: */*\r\n\r\n";
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < 8; ++i) clients.push_back(std::make_unique<Client>(server.port()));
    const auto round = [&] {
        for (const auto& client : clients) client->send(ask);
        for (const auto& client : clients) EXPECT_EQ(client->read_answer().statuses(), "302");
    };
    for (int i = 0; i < 20; ++i) round();

    counting = true;
    for (int i = 0; i < 100; ++i) round();
    counting = false;

    // A timer may begin anew in between; clicks number 800.
    EXPECT_LE(allocations.exchange(0), 3u);
}

INSTANTIATE_TEST_SUITE_P(StrictOrNot, Allocations, testing::Bool());

}  // namespace
}  // namespace referral::http

#include "platform/http/limits.hpp"

#include <gtest/gtest.h>

#include "platform/http/server_under_test.hpp"

namespace referral::http {
namespace {

using std::chrono::milliseconds, std::chrono::seconds;

const std::string click = "GET /r/a HTTP/1.1\r\nHost: a\r\n\r\n";
const std::string instant = "GET /instant HTTP/1.1\r\nHost: a\r\n\r\n";

Settings with(Limits limits) {
    Settings settings;
    settings.limits = limits;
    return settings;
}

TEST(Limits, EndAHeadThatNeverEnds) {
    TestServer site(with({.header_time_max = seconds(1)}));
    Client silent(site.port()), after_click(site.port());
    silent.send("GET /instant HTTP/1.1\r\nX-A: ");
    after_click.ask(click);
    after_click.send("GET /r/a HTTP/1.1\r\nX-A: ");

    for (Client* client : {&silent, &after_click}) {
        const Received received = client->read_all();
        EXPECT_EQ(received.statuses(), "408");
        EXPECT_FALSE(received.reset);
    }
    EXPECT_EQ(site.server->stats().timeouts_head, 2u);
}

TEST(Limits, AreNotPutOffByAByteNowAndThen) {
    TestServer site(with({.header_time_max = seconds(1)}));
    Client client(site.port());
    client.send("GET /instant HTTP/1.1\r\nX-A: ");
    const auto until = std::chrono::steady_clock::now() + seconds(8);

    // Ten bytes a second, for as long as the server takes them.
    bool ended = false;
    while (!ended && std::chrono::steady_clock::now() < until) {
        std::this_thread::sleep_for(milliseconds(100));
        ended = !client.send("a") || site.server->stats().timeouts_head == 1;
    }

    EXPECT_TRUE(ended);
    EXPECT_EQ(client.read_all().statuses(), "408");
}

TEST(Limits, EndABodyThatIsTooSlow) {
    TestServer site(with({.body_time_max = seconds(1)}));
    Client client(site.port());
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc");

    EXPECT_EQ(client.read_all().statuses(), "408");
    EXPECT_EQ(site.server->stats().timeouts_body, 1u);
}

TEST(Limits, EndConnectionsThatAskNothing) {
    TestServer site(with({.idle_time_max = seconds(1)}));
    Client fresh(site.port()), after_click(site.port()), after_instant(site.port());
    after_click.ask(click);
    after_instant.ask(instant);

    for (Client* client : {&fresh, &after_click, &after_instant}) {
        const Received received = client->read_all();
        EXPECT_EQ(received.bytes, "");
        EXPECT_FALSE(received.reset);
    }
    EXPECT_EQ(site.server->stats().timeouts_idle, 3u);
}

TEST(Limits, DropWhoDoesNotReadItsAnswers) {
    TestServer site(with({.send_time_max = seconds(1), .send_rate_min = 1 << 30}));
    Client shared(site.port(), 4096), clicks(site.port(), 4096);
    shared.send("GET /shared HTTP/1.1\r\nHost: a\r\n\r\n");
    std::string many;
    for (int i = 0; i < 1000; ++i) many += click;
    std::thread sender([&] {
        while (clicks.send(many)) {
        }
    });

    EXPECT_TRUE(eventually([&] { return site.server->stats().timeouts_send == 2; }));
    EXPECT_TRUE(eventually([&] { return site.server->stats().open == 0; }));
    sender.join();
}

TEST(Limits, HoldForAllConnectionsTogether) {
    TestServer site(with({.connections_max = 2}));
    Client first(site.port());
    EXPECT_EQ(first.ask(instant).statuses(), "200");
    {
        Client second(site.port());
        EXPECT_EQ(second.ask(click).statuses(), "302");

        EXPECT_EQ(Client(site.port()).read_all().statuses(), "503");
        EXPECT_EQ(site.server->stats().refused_connections, 1u);
    }
    EXPECT_TRUE(eventually([&] { return site.server->stats().open == 1; }));

    EXPECT_EQ(Client(site.port()).ask(instant).statuses(), "200");
}

TEST(Limits, HoldForTheConnectionsOfOneClient) {
    TestServer site(with({.connections_per_client_max = 1}));
    Client first(site.port());
    EXPECT_EQ(first.ask(instant).statuses(), "200");

    EXPECT_EQ(Client(site.port()).read_all().statuses(), "503");
    EXPECT_EQ(site.server->stats().refused_client, 1u);
}

TEST(Limits, OfOneClientDoNotHoldForATrustedProxy) {
    Settings settings = with({.connections_per_client_max = 1});
    settings.trusted_proxies = {*IpBlock::parse("127.0.0.1")};
    TestServer site(std::move(settings));
    Client first(site.port()), second(site.port());

    EXPECT_EQ(first.ask(instant).statuses(), "200");
    const Received told = second.ask(
        "GET /who HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 198.51.100.7\r\n"
        "X-Forwarded-Proto: https\r\n\r\n");
    EXPECT_TRUE(told.bytes.ends_with("GET /who a 198.51.100.7 tls ")) << told.bytes;
}

TEST(Limits, DoNotLetAnybodyPassForAnother) {
    TestServer site;

    const Received told =
        Client(site.port())
            .ask(
                "GET /who HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 198.51.100.7\r\n"
                "X-Forwarded-Proto: https\r\n\r\n");

    EXPECT_TRUE(told.bytes.ends_with("GET /who a 127.0.0.1 ")) << told.bytes;
}

}  // namespace
}  // namespace referral::http

#include "platform/http/stream.hpp"

#include <gtest/gtest.h>

#include "platform/http/server_under_test.hpp"

namespace referral::http {
namespace {

const std::string ask = "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n";

/// Returns once the client of `site`'s stream is being served.
void await_stream(TestServer& site) {
    ASSERT_TRUE(eventually([&] { return site.server->stats().streams == 1; }));
}

TEST(Stream, SendsChunksUntilItIsClosed) {
    TestServer site;
    Client client(site.port());
    site.handler.stream->send("event: early\n\n");
    client.send(ask);
    const Received early = client.read_until("early");
    EXPECT_NE(early.bytes.find("Content-Type: text/event-stream\r\n"), std::string::npos);
    EXPECT_NE(early.bytes.find("Transfer-Encoding: chunked\r\n"), std::string::npos);
    EXPECT_NE(early.bytes.find("\r\n\r\ne\r\nevent: early\n\n\r\n"), std::string::npos);

    EXPECT_TRUE(site.handler.stream->send("event: late\n\n"));
    client.read_until("late");
    site.handler.stream->close();
    const Received rest = client.read_all();

    EXPECT_TRUE(rest.bytes.ends_with("0\r\n\r\n"));
    EXPECT_FALSE(rest.reset);
    EXPECT_FALSE(site.handler.stream->send("never"));
    EXPECT_TRUE(eventually([&] { return site.server->stats().streams == 0; }));
}

TEST(Stream, ComesWithoutChunksToAnOldClient) {
    TestServer site;
    Client client(site.port());
    client.send("GET /stream HTTP/1.0\r\n\r\n");
    await_stream(site);
    site.handler.stream->send("data: 1\n\n");
    site.handler.stream->close();

    const Received received = client.read_all();

    EXPECT_TRUE(received.bytes.ends_with("\r\n\r\ndata: 1\n\n")) << received.bytes;
    EXPECT_EQ(received.bytes.find("Transfer-Encoding"), std::string::npos);
}

TEST(Stream, ClosesWhenItsClientGoes) {
    TestServer site;
    Barrier told(false);
    auto client = std::make_unique<Client>(site.port());
    site.handler.stream->on_close([&] { told.set(true); });
    client->send(ask);
    await_stream(site);

    client.reset();

    told.pass();
    EXPECT_TRUE(site.handler.stream->closed());
}

TEST(Stream, DropsAClientTooFarBehind) {
    TestServer site;
    Client client(site.port(), 4096);
    client.send(ask);
    await_stream(site);
    const std::string event(64 * 1024, 'x');

    int sent = 0;
    while (site.handler.stream->send(event) && sent < 1000) ++sent;

    EXPECT_LT(sent, 1000);
    EXPECT_TRUE(site.handler.stream->closed());
    EXPECT_TRUE(eventually([&] { return site.server->stats().open == 0; }));
    EXPECT_EQ(site.server->stats().streams_overrun, 1u);
}

TEST(Stream, EndsWhenNobodyHoldsItsOtherEnd) {
    TestServer site;
    site.handler.gives_stream_away = true;
    Client client(site.port());
    client.send(ask);

    EXPECT_TRUE(client.read_all().bytes.ends_with("0\r\n\r\n"));
}

TEST(Stream, TellsAtOnceThatItIsClosedAlready) {
    Stream stream;
    stream.close();
    int told = 0;

    stream.on_close([&] { ++told; });

    EXPECT_EQ(told, 1);
}

TEST(Stream, IsNotBegunForHead) {
    TestServer site;
    Client client(site.port());
    client.send("HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n");

    EXPECT_TRUE(client.read_all().bytes.ends_with("\r\n\r\n"));
    EXPECT_TRUE(site.handler.stream->closed());
}

}  // namespace
}  // namespace referral::http

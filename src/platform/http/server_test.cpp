#include "platform/http/server.hpp"

#include <gtest/gtest.h>

#include "platform/http/server_under_test.hpp"

namespace referral::http {
namespace {

/// Sent behind every row: answered when the server still follows, and then nothing more comes.
constexpr std::string_view canary = "GET /instant HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

struct Row {
    const char* name;
    std::string raw;
    const char* statuses;  // With the canary's 200, unless the connection ends before.
};

std::string operator""_s(const char* text, std::size_t size) { return {text, size}; }

std::string lines(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += "X-" + std::to_string(i) + ": v\r\n";
    return text;
}

std::vector<Row> good_rows() {
    const std::string host = "Host: a\r\n";
    const std::string get = "GET /instant HTTP/1.1\r\n" + host;
    const std::string post = "POST /echo HTTP/1.1\r\n" + host;
    const std::string click = "GET /r/a HTTP/1.1\r\n" + host;
    return {
        {"instant", get + "\r\n", "200 200"},
        {"by the pool", "GET /x HTTP/1.1\r\n" + host + "\r\n", "200 200"},
        {"click", click + "\r\n", "302 200"},
        {"three clicks", click + "\r\n" + click + "\r\n" + click + "\r\n", "302 302 302 200"},
        {"all kinds in a row",
         get + "\r\n" + click + "\r\n" + post + "Content-Length: 2\r\n\r\nab" + click + "\r\n",
         "200 302 200 302 200"},
        {"head", "HEAD /instant HTTP/1.1\r\n" + host + "\r\n", "200 200"},
        {"body of a length", post + "Content-Length: 4\r\n\r\nabcd", "200 200"},
        {"body of length 0", post + "Content-Length: 0\r\n\r\n", "200 200"},
        {"body in chunks", post + "Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n",
         "200 200"},
        {"coding in capitals", post + "transfer-encoding: CHUNKED\r\n\r\n0\r\n\r\n", "200 200"},
        {"expectation met", post + "Content-Length: 1\r\nExpect: 100-Continue\r\n\r\nx", "200 200"},
        {"click with a body", "POST /r/a HTTP/1.1\r\n" + host + "Content-Length: 3\r\n\r\nabc",
         "302 200"},
        {"click with chunks",
         "POST /r/a HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
         "302 200"},
        {"unknown method", "BREW /x HTTP/1.1\r\n" + host + "\r\n", "200 200"},
        {"absolute target", "GET http://b.example/instant HTTP/1.1\r\n" + host + "\r\n", "200 200"},
        {"absolute click", "GET http://b.example/r/a HTTP/1.1\r\n" + host + "\r\n", "302 200"},
        {"asterisk", "OPTIONS * HTTP/1.1\r\n" + host + "\r\n", "200 200"},
        {"authority", "CONNECT b.example:443 HTTP/1.1\r\n" + host + "\r\n", "200 200"},
        {"empty line before", "\r\n" + get + "\r\n", "200 200"},
        {"host with port", "GET /instant HTTP/1.1\r\nHost: a.example:8080\r\n\r\n", "200 200"},
        {"host in IPv6", "GET /instant HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", "200 200"},
        {"no blank after the colon", "GET /instant HTTP/1.1\r\nHost:a\r\n\r\n", "200 200"},
        {"empty value", get + "X-A:\r\n\r\n", "200 200"},
        {"bytes over 127 in a value", get + "X-A: \xc3\xa9\r\n\r\n", "200 200"},
        {"100 lines", "GET /instant HTTP/1.1\r\n" + host + lines(99) + "\r\n", "200 200"},
        {"head of 16 KiB",
         get + "X-A: " + std::string(16 * 1024 - get.size() - 9, 'a') + "\r\n\r\n", "200 200"},
        {"1.0", "GET /instant HTTP/1.0\r\n\r\n", "200"},
        {"1.0 click", "GET /r/a HTTP/1.0\r\n\r\n", "302"},
        {"1.0 that stays", "GET /instant HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "200 200"},
        {"1.1 that ends", get + "Connection: close\r\n\r\n", "200"},
        {"click that ends", click + "Connection: close\r\n\r\n", "302"},
        {"end among tokens", get + "Connection: x, Close\r\n\r\n", "200"},
        {"no content", "GET /none HTTP/1.1\r\n" + host + "\r\n", "204 200"},
        {"header nobody may send", "GET /bad-header HTTP/1.1\r\n" + host + "\r\n", "500 200"},
    };
}

std::vector<Row> bad_rows() {
    const std::string host = "Host: a\r\n";
    const std::string get = "GET /instant HTTP/1.1\r\n" + host;
    const std::string post = "POST /echo HTTP/1.1\r\n" + host;
    const std::string click = "GET /r/a HTTP/1.1\r\n" + host;
    return {
        {"no host", "GET /instant HTTP/1.1\r\n\r\n", "400"},
        {"two hosts", get + host + "\r\n", "400"},
        {"empty host", "GET /instant HTTP/1.1\r\nHost:\r\n\r\n", "400"},
        {"host with a path", "GET /instant HTTP/1.1\r\nHost: a/b\r\n\r\n", "400"},
        {"host with a user", "GET /instant HTTP/1.1\r\nHost: u@a\r\n\r\n", "400"},
        {"host with blanks", "GET /instant HTTP/1.1\r\nHost: a b\r\n\r\n", "400"},
        {"host with a bad port", "GET /instant HTTP/1.1\r\nHost: a:99999\r\n\r\n", "400"},
        {"host with a broken bracket", "GET /instant HTTP/1.1\r\nHost: [::1\r\n\r\n", "400"},
        {"two hosts in 1.0", "GET /instant HTTP/1.0\r\n" + host + host + "\r\n", "400"},
        {"length and coding",
         post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"},
        {"coding and length",
         post + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n", "400"},
        {"lengths that differ", post + "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
         "400"},
        {"a length twice", post + "Content-Length: 4\r\nContent-Length: 4\r\n\r\nabcd", "400"},
        {"a list of lengths", post + "Content-Length: 4, 4\r\n\r\nabcd", "400"},
        {"a signed length", post + "Content-Length: +4\r\n\r\nabcd", "400"},
        {"a negative length", post + "Content-Length: -4\r\n\r\nabcd", "400"},
        {"an empty length", post + "Content-Length:\r\n\r\n", "400"},
        {"a hexadecimal length", post + "Content-Length: 0x4\r\n\r\nabcd", "400"},
        {"a length of 20 digits", post + "Content-Length: 18446744073709551617\r\n\r\na", "400"},
        {"another coding", post + "Transfer-Encoding: gzip\r\n\r\n", "501"},
        {"two codings", post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "501"},
        {"chunked twice", post + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", "501"},
        {"nearly chunked", post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", "501"},
        {"chunked quoted", post + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n", "501"},
        {"coding on two lines",
         post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"},
        {"coding in 1.0",
         "POST /echo HTTP/1.0\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"},
        {"folded line", get + "X-A: b\r\n c\r\n\r\n", "400"},
        {"folded empty line", get + "X-A:\r\n c\r\n\r\n", "400"},
        {"folded with a tab", get + "X-A: b\r\n\tc\r\n\r\n", "400"},
        {"blank before the colon", get + "X-A : b\r\n\r\n", "400"},
        {"no colon", get + "X-A\r\n\r\n", "400"},
        {"no name", get + ": b\r\n\r\n", "400"},
        {"blank before the first line", "GET /instant HTTP/1.1\r\n " + host + "\r\n", "400"},
        {"NUL in a value", get + "X-A: b\0c\r\n\r\n"_s, "400"},
        {"NUL in a name", get + "X\0A: b\r\n\r\n"_s, "400"},
        {"control character", get + "X-A: b\x01\r\n\r\n", "400"},
        {"DEL", get + "X-A: b\x7f\r\n\r\n", "400"},
        {"bare line feeds", "GET /instant HTTP/1.1\nHost: a\n\n", "400"},
        {"bare line feed in a value", get + "X-A: b\nX-C: d\r\n\r\n", "400"},
        {"bare carriage return", get + "X-A: b\rX-C: d\r\n\r\n", "400"},
        {"letter out of place in a name", get + "X(A): b\r\n\r\n", "400"},
        {"bad method", "G@T /instant HTTP/1.1\r\n" + host + "\r\n", "400"},
        {"no method", " /instant HTTP/1.1\r\n" + host + "\r\n", "400"},
        {"two blanks", "GET  /instant HTTP/1.1\r\n" + host + "\r\n", "400"},
        {"tab for a blank", "GET\t/instant HTTP/1.1\r\n" + host + "\r\n", "400"},
        {"blank in the target", "GET /in stant HTTP/1.1\r\n" + host + "\r\n", "400"},
        {"control character in the target", "GET /\x01 HTTP/1.1\r\n" + host + "\r\n", "400"},
        {"fragment in the target", "GET /instant#a HTTP/1.1\r\n" + host + "\r\n", "400"},
        {"target without a slash", "GET instant HTTP/1.1\r\n" + host + "\r\n", "400"},
        {"asterisk for another method", "GET * HTTP/1.1\r\n" + host + "\r\n", "400"},
        {"another scheme", "GET ftp://a/b HTTP/1.1\r\n" + host + "\r\n", "400"},
        {"user in the absolute target", "GET http://u@a/b HTTP/1.1\r\n" + host + "\r\n", "400"},
        {"no host in the absolute target", "GET http:///b HTTP/1.1\r\n" + host + "\r\n", "400"},
        {"authority without a port", "CONNECT b.example HTTP/1.1\r\n" + host + "\r\n", "400"},
        {"0.9", "GET /instant\r\n", "400"},
        {"preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505"},
        {"1.2", "GET /instant HTTP/1.2\r\n" + host + "\r\n", "505"},
        {"small letters", "GET /instant http/1.1\r\n" + host + "\r\n", "400"},
        {"TLS on a plain port", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"_s, "400"},
        {"another expectation", post + "Content-Length: 1\r\nExpect: magic\r\n\r\nx", "417"},
        {"body for who takes none",
         "GET /instant HTTP/1.1\r\n" + host + "Content-Length: 1\r\n\r\nx", "413"},
        {"body too long", "POST /small HTTP/1.1\r\n" + host + "Content-Length: 11\r\n\r\n", "413"},
        {"chunks too long",
         "POST /small HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nb\r\n", "413"},
        {"bad chunk", post + "Transfer-Encoding: chunked\r\n\r\nx\r\n", "400"},
        {"click's body too long", "POST /r/a HTTP/1.1\r\n" + host + "Content-Length: 99999\r\n\r\n",
         "413"},
        {"101 lines", "GET /instant HTTP/1.1\r\n" + host + lines(100) + "\r\n", "431"},
        {"head over 16 KiB", get + "X-A: " + std::string(16 * 1024, 'a'), "431"},
        {"target over 8 KiB",
         "GET /" + std::string(8 * 1024, 'a') + " HTTP/1.1\r\n" + host + "\r\n", "414"},
        {"target without end", "GET /" + std::string(17 * 1024, 'a'), "414"},
        {"error after an answer", get + "\r\n" + get + "X-A : b\r\n\r\n", "200 400"},
        {"error after clicks", click + "\r\n" + click + "\r\n" + click + "X-A : b\r\n\r\n",
         "302 302 400"},
        {"error after the pool", "GET /x HTTP/1.1\r\n" + host + "\r\nGET /x\r\n\r\n", "200 400"},
        {"request smuggled in chunks",
         post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + click + "\r\n",
         "400"},
    };
}

class Requests : public ::testing::TestWithParam<bool> {
protected:
    /// Sends all of `raw` and the canary, at once or byte by byte.
    static Received send(std::uint16_t port, const std::string& raw) {
        Client client(port);
        const std::string bytes = raw + std::string(canary);
        if (GetParam() && raw.size() < 4096) {
            for (const char byte : bytes)
                if (!client.send({&byte, 1})) break;
        } else {
            client.send(bytes);
        }
        return client.read_all();
    }
};

TEST_P(Requests, AreAnsweredOrRefusedByTheTable) {
    TestServer site;
    std::vector<Row> rows = good_rows();
    const std::size_t good = rows.size();
    for (Row& row : bad_rows()) rows.push_back(std::move(row));

    for (std::size_t i = 0; i < rows.size(); ++i) {
        const Received received = send(site.port(), rows[i].raw);
        std::string statuses = received.statuses();
        if (statuses.starts_with("100 ")) statuses.erase(0, 4);
        EXPECT_EQ(statuses, rows[i].statuses) << rows[i].name << "\n" << received.bytes;
        EXPECT_FALSE(received.reset) << rows[i].name;
        EXPECT_FALSE(received.timed_out) << rows[i].name;
        const bool says_so = received.bytes.find("Connection: close\r\n") != std::string::npos;
        EXPECT_TRUE(says_so) << rows[i].name << (i < good ? " (good)" : " (bad)");
    }
}

INSTANTIATE_TEST_SUITE_P(ByteByByte, Requests, testing::Bool());

TEST(Server, AnswersWhatTheHandlerSays) {
    TestServer site;
    Client client(site.port());

    const Received echo = client.ask(
        "POST /echo?x=1 HTTP/1.1\r\nHost: go.example\r\nTransfer-Encoding: chunked\r\n\r\n"
        "2\r\nab\r\n3;x\r\ncde\r\n0\r\nX-T: 1\r\n\r\n");

    EXPECT_NE(echo.bytes.find("\r\n\r\nPOST /echo?x=1 go.example 127.0.0.1 abcde"),
              std::string::npos)
        << echo.bytes;
    EXPECT_NE(echo.bytes.find("Content-Type: text/plain\r\n"), std::string::npos);
    EXPECT_NE(echo.bytes.find(" GMT\r\n"), std::string::npos);
    EXPECT_EQ(echo.bytes.find("Server:"), std::string::npos);
}

TEST(Server, TellsHeadTheLengthAndSendsNoBody) {
    TestServer site;
    Client client(site.port());
    client.send("HEAD /shared HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

    const Received received = client.read_all();

    EXPECT_NE(received.bytes.find("Content-Length: 8388608\r\n"), std::string::npos);
    EXPECT_TRUE(received.bytes.ends_with("\r\n\r\n"));
    EXPECT_LT(received.bytes.size(), 300u);
}

TEST(Server, SendsASharedBodyWhole) {
    TestServer site;
    Client client(site.port());

    const Received received = client.ask("GET /shared HTTP/1.1\r\nHost: a\r\n\r\n");
    const Received next = client.ask("GET /instant HTTP/1.1\r\nHost: a\r\n\r\n");

    EXPECT_TRUE(received.bytes.ends_with(*site.handler.shared));
    EXPECT_EQ(next.statuses(), "200");
}

TEST(Server, AsksForABodyThatWaitsForIt) {
    TestServer site;
    Client client(site.port());
    client.send(
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");

    const Received go_on = client.read_until("\r\n\r\n");
    const Received echo = client.ask("ab");

    EXPECT_EQ(go_on.bytes, "HTTP/1.1 100 Continue\r\n\r\n");
    EXPECT_TRUE(echo.bytes.ends_with(" ab"));
}

TEST(Server, RefusesATooLongBodyBeforeItComes) {
    TestServer site;
    Client client(site.port());

    const Received received = client.ask(
        "POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n");

    EXPECT_EQ(received.statuses(), "413");
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
    TestServer site;
    std::string raw;
    for (int i = 0; i < 300; ++i)
        raw += (i % 3 == 0   ? "GET /r/x"
                : i % 3 == 1 ? "GET /instant"
                             : "GET /x") +
               std::string(" HTTP/1.1\r\nHost: a\r\n\r\n");
    Client client(site.port());
    client.send(raw + std::string(canary));

    const std::string statuses = client.read_all().statuses();

    std::string expected;
    for (int i = 0; i < 100; ++i) expected += "302 200 200 ";
    EXPECT_EQ(statuses, expected + "200");
    EXPECT_EQ(site.clicks[0].answered, 100u);
}

TEST(Server, AnswersMoreRequestsAtOnceThanItsOutputHolds) {
    TestServer site;
    for (const char* path : {"/r/x", "/instant"}) {
        std::string raw;
        for (int i = 0; i < 2000; ++i)
            raw += std::string("GET ") + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
        Client client(site.port());
        std::thread sender([&] { client.send(raw + std::string(canary)); });

        const std::string statuses = client.read_all().statuses();
        sender.join();

        EXPECT_EQ(statuses.size(), 2001 * 4 - 1) << path;
    }
}

TEST(Server, AnswersBusyWhenThePoolsQueueIsFull) {
    TestServer site({.pool_threads = 1, .pool_queue_max = 1});
    site.handler.gate.set(false);
    const std::string slow = "GET /gate HTTP/1.1\r\nHost: a\r\n\r\n";
    Client working(site.port()), waiting(site.port()), refused(site.port());
    working.send(slow);
    site.handler.gate.await_waiting(1);
    waiting.send(slow);
    ASSERT_TRUE(eventually([&] { return site.server->stats().pool_queue == 1; }));

    const Received busy = refused.ask(slow);
    const Received instant = refused.ask("GET /instant HTTP/1.1\r\nHost: a\r\n\r\n");
    site.handler.gate.set(true);

    EXPECT_EQ(busy.statuses(), "503");
    EXPECT_NE(busy.bytes.find("Retry-After: 1\r\n"), std::string::npos);
    EXPECT_EQ(instant.statuses(), "200");
    EXPECT_EQ(working.read_answer().statuses(), "200");
    EXPECT_EQ(waiting.read_answer().statuses(), "200");
    EXPECT_EQ(site.server->stats().refused_pool_full, 1u);
}

TEST(Server, ServesOthersWhileCostlyRequestsWait) {
    TestServer site({.pool_threads = 1, .costly_threads = 1, .costly_queue_max = 1});
    site.handler.gate.set(false);
    const std::string costly = "POST /costly HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
    Client working(site.port()), waiting(site.port()), refused(site.port());
    working.send(costly);
    site.handler.gate.await_waiting(1);
    waiting.send(costly);
    ASSERT_TRUE(eventually([&] { return site.server->stats().pool_queue == 1; }));

    const Received busy = refused.ask(costly);
    const Received other = refused.ask("GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
    site.handler.gate.set(true);

    EXPECT_EQ(busy.statuses(), "503");
    EXPECT_EQ(other.statuses(), "200");
    EXPECT_EQ(working.read_answer().statuses(), "200");
    EXPECT_EQ(waiting.read_answer().statuses(), "200");
}

}  // namespace
}  // namespace referral::http

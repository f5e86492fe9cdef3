#include "platform/http/parser.hpp"

#include <gtest/gtest.h>

#include "platform/http/parser_body.hpp"

namespace referral::http {
namespace {

const Limits limits;

std::unique_ptr<RequestCopy> read(std::string_view raw) { return RequestCopy::parse(raw); }

TEST(Request, NamesThePiecesOfItsHead) {
    const auto copy = read(
        "GET /r/summer?a=1&b=2 HTTP/1.1\r\nHost: go.example.com:8080\r\nUser-Agent:  Mozilla/5.0 "
        "\t\r\n"
        "Accept: a\r\naccept: b\r\n\r\n");
    const Request& request = copy->request();

    EXPECT_EQ(request.method(), Method::get);
    EXPECT_EQ(request.target(), "/r/summer?a=1&b=2");
    EXPECT_EQ(request.path(), "/r/summer");
    EXPECT_EQ(request.query(), "a=1&b=2");
    EXPECT_EQ(request.host(), "go.example.com:8080");
    EXPECT_EQ(request.header("user-agent"), "Mozilla/5.0");
    EXPECT_EQ(request.header("ACCEPT"), "a");
    EXPECT_EQ(request.header("x-none"), std::nullopt);
    EXPECT_EQ(request.header_count(), 4u);
    EXPECT_EQ(request.header_at(3).name, "accept");
    EXPECT_EQ(request.header_at(3).value, "b");
    EXPECT_TRUE(request.keep_alive());
}

TEST(Request, FindsACookieByItsWholeName) {
    const auto copy = read(
        "GET / HTTP/1.1\r\nHost: a\r\nCookie: session=1; vid=abc=d;x=\r\nCookie: late=2\r\n\r\n");
    const Request& request = copy->request();

    EXPECT_EQ(request.cookie("session"), "1");
    EXPECT_EQ(request.cookie("vid"), "abc=d");
    EXPECT_EQ(request.cookie("x"), "");
    EXPECT_EQ(request.cookie("late"), "2");
    EXPECT_EQ(request.cookie("id"), std::nullopt);
    EXPECT_EQ(request.cookie("ession"), std::nullopt);
}

TEST(Request, SaysHowTheConnectionGoesOn) {
    EXPECT_EQ(read("GET / HTTP/1.1\r\nHost: a\r\n\r\n")->request().connection_line(), "");
    EXPECT_EQ(read("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, CLOSE\r\n\r\n")
                  ->request()
                  .connection_line(),
              "Connection: close\r\n");
    EXPECT_EQ(read("GET / HTTP/1.0\r\n\r\n")->request().connection_line(), "Connection: close\r\n");
    EXPECT_EQ(read("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")->request().connection_line(),
              "Connection: keep-alive\r\n");
}

TEST(Request, CopyKeepsItsOwnBytes) {
    std::string raw = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
    const auto copy = read(raw);

    raw.assign(raw.size(), '#');

    EXPECT_EQ(copy->request().path(), "/echo");
    EXPECT_EQ(copy->request().header("host"), "a");
    EXPECT_EQ(copy->request().body(), "abc");
}

TEST(Request, TakesTheOriginOffAnAbsoluteTarget) {
    const auto copy = read("GET HTTP://go.example.com/r/a?b HTTP/1.1\r\nHost: other\r\n\r\n");
    EXPECT_EQ(copy->request().target(), "/r/a?b");
    EXPECT_EQ(copy->request().host(), "go.example.com");

    const auto root = read("GET https://go.example.com HTTP/1.1\r\nHost: other\r\n\r\n");
    EXPECT_EQ(root->request().target(), "/");
    EXPECT_EQ(root->request().path(), "/");
    EXPECT_EQ(root->request().query(), "");
}

TEST(HeadParser, SaysTheSameOfEveryBeginning) {
    const std::string whole =
        "\r\nPOST /a?b HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nX-A: b\r\n\r\n";
    const HeadParser parser(limits);
    Request request;

    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_EQ(parser.parse(std::string_view(whole).substr(0, size), request).state,
                  HeadState::incomplete)
            << size;
    const Head head = parser.parse(whole + "rest", request);

    EXPECT_EQ(head.state, HeadState::whole);
    EXPECT_EQ(head.bytes, whole.size());
    EXPECT_EQ(request.content_length(), 3u);
}

struct BodyCase {
    const char* name;
    std::string bytes;
    std::string content;
    int refused;
    std::string rest;
};

std::vector<BodyCase> body_cases() {
    const std::string blanks(2000, ' ');
    return {
        {"one chunk", "3\r\nabc\r\n0\r\n\r\n", "abc", 0, ""},
        {"two chunks and a rest", "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\nGET", "abcde", 0, "GET"},
        {"capital hexadecimal", "A\r\n0123456789\r\n0\r\n\r\n", "0123456789", 0, ""},
        {"leading zeros", "003\r\nabc\r\n000\r\n\r\n", "abc", 0, ""},
        {"an extension", "3;a=b;c=\"d e\"\r\nabc\r\n0;x\r\n\r\n", "abc", 0, ""},
        {"a blank before the extension", "3 ;a\r\nabc\r\n0\r\n\r\n", "abc", 0, ""},
        {"trailers", "0\r\nX-A: b\r\nX-C: d\r\n\r\nZ", "", 0, "Z"},
        {"no size", "\r\n", "", 400, ""},
        {"no hexadecimal size", "g\r\n", "", 400, ""},
        {"a signed size", "+3\r\nabc\r\n0\r\n\r\n", "", 400, ""},
        {"a prefixed size", "0x3\r\nabc\r\n0\r\n\r\n", "", 400, ""},
        {"a size of too many digits", "0000000000003\r\nabc\r\n0\r\n\r\n", "", 400, ""},
        {"a size that is too much", "ffffffff\r\n", "", 413, ""},
        {"chunks that are too much together", "7\r\n1234567\r\n7\r\n1234567\r\n", "1234567", 413,
         ""},
        {"a bare line feed after the size", "3\nabc\r\n0\r\n\r\n", "", 400, ""},
        {"a bare carriage return after the size", "3\rabc\r\n0\r\n\r\n", "", 400, ""},
        {"a chunk longer than its size", "3\r\nabcd\r\n0\r\n\r\n", "abc", 400, ""},
        {"a bare line feed after the chunk", "3\r\nabc\n0\r\n\r\n", "abc", 400, ""},
        {"a control character in an extension", std::string("3;a\0b\r\nabc", 11), "", 400, ""},
        {"an extension without end", "3;" + blanks, "", 400, ""},
        {"a folded trailer", "0\r\nX-A: b\r\n c\r\n\r\n", "", 400, ""},
        {"a trailer with a bare line feed", "0\r\nX-A: b\nX-C: d\r\n\r\n", "", 400, ""},
        {"trailers without end", "0\r\nX-A:" + blanks + blanks + blanks, "", 400, ""},
        {"a trailer without a name", "0\r\n: b\r\n\r\n", "", 400, ""},
    };
}

TEST(BodyDecoder, TakesChunksOrRefusesThem) {
    for (const BodyCase& row : body_cases()) {
        for (const std::size_t step : {row.bytes.size(), std::size_t{1}}) {
            BodyDecoder decoder(Framing::chunked, 0, 12, limits);
            std::string content;
            std::size_t used = 0;
            while (used < row.bytes.size() && !decoder.whole() && decoder.refused() == 0)
                used += decoder.take(std::string_view(row.bytes).substr(used, step), &content);

            EXPECT_EQ(decoder.refused(), row.refused) << row.name << " by " << step;
            EXPECT_EQ(decoder.whole(), row.refused == 0) << row.name << " by " << step;
            EXPECT_EQ(content, row.content) << row.name << " by " << step;
            if (row.refused == 0) {
                EXPECT_EQ(row.bytes.substr(used), row.rest) << row.name << " by " << step;
            }
        }
    }
}

}  // namespace
}  // namespace referral::http

#include "platform/http/response.hpp"

#include <gtest/gtest.h>

namespace referral::http {
namespace {

std::string rendered(const Response& response, const char* method = "GET", const char* lines = "") {
    const auto copy =
        RequestCopy::parse(std::string(method) + " / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n");
    std::string out;
    append(out, response, copy->request());
    return out;
}

TEST(Response, IsRenderedWithItsLength) {
    EXPECT_EQ(rendered(Response::with(201, "text/plain", "abc")),
              "HTTP/1.1 201 Created\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nabc");
}

TEST(Response, SaysWhenTheConnectionEnds) {
    Response response = Response::with(200, "text/plain", "");
    EXPECT_NE(rendered(response, "GET", "Connection: close\r\n").find("Connection: close\r\n"),
              std::string::npos);
    response.close = true;
    EXPECT_NE(rendered(response).find("Connection: close\r\n"), std::string::npos);
}

TEST(Response, HasNoBodyWhereNoneBelongs) {
    const Response text = Response::with(200, "text/plain", "abc");
    EXPECT_TRUE(rendered(text, "HEAD").ends_with("Content-Length: 3\r\n\r\n"));
    EXPECT_EQ(rendered({.status = 204, .body = "abc"}), "HTTP/1.1 204 No Content\r\n\r\n");
    EXPECT_EQ(rendered({.status = 304}), "HTTP/1.1 304 Not Modified\r\n\r\n");
}

TEST(Response, LeavesTheServersOwnLinesToTheServer) {
    const std::string out = rendered({.status = 200,
                                      .headers = {{"content-length", "99"},
                                                  {"Transfer-Encoding", "chunked"},
                                                  {"Connection", "upgrade"},
                                                  {"Date", "never"},
                                                  {"X-Kept", "yes"}},
                                      .body = "abc"});

    EXPECT_EQ(out, "HTTP/1.1 200 OK\r\nX-Kept: yes\r\nContent-Length: 3\r\n\r\nabc");
}

TEST(Response, IsReplacedWhenItWouldSplit) {
    const Header bad[] = {{"X-A", "b\r\nX-C: d"},
                          {"X-A", std::string("b\0c", 3)},
                          {"X-A", "b\nc"},
                          {"X A", "b"},
                          {"", "b"},
                          {"X-A:", "b"}};
    for (const Header& header : bad)
        EXPECT_TRUE(rendered({.status = 200, .headers = {header}}).starts_with("HTTP/1.1 500 "))
            << header.name;
    EXPECT_TRUE(rendered({.status = 101}).starts_with("HTTP/1.1 500 "));
}

TEST(Response, RefusesAsProblemJson) {
    std::string out;
    append_refusal(out, 431, "Date: x\r\n");

    EXPECT_TRUE(out.starts_with("HTTP/1.1 431 Request Header Fields Too Large\r\nDate: x\r\n"));
    EXPECT_TRUE(out.ends_with(
        R"({"type":"about:blank","title":"Request Header Fields Too Large","status":431,)"
        R"("detail":"","errors":[]})"));
    EXPECT_NE(out.find("Connection: close\r\n"), std::string::npos);
    EXPECT_EQ(reason_phrase(299), "Unknown");
}

}  // namespace
}  // namespace referral::http

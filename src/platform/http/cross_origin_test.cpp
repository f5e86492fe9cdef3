#include "platform/http/cross_origin.hpp"

#include <gtest/gtest.h>

namespace referral::http {
namespace {

const CrossOrigin listed({"https://app.example.com"});

std::string shown(const Response& response) {
    std::string text = std::to_string(response.status);
    for (const Header& header : response.headers) text += " | " + header.name + ": " + header.value;
    return text;
}

std::string preflight(const CrossOrigin& rules, const std::string& method,
                      const std::string& lines) {
    const auto request =
        RequestCopy::parse(method + " /api/v1/x HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n");
    const auto response = rules.preflight(request->request(), "GET, POST");
    return response ? shown(*response) : "none";
}

TEST(Preflights, AreAnsweredToListedOriginsOnly) {
    const std::string asked = "Access-Control-Request-Method: POST\r\n";
    const std::string ours = "Origin: https://app.example.com\r\n";

    EXPECT_EQ(preflight(listed, "OPTIONS", ours + asked),
              "204 | Access-Control-Allow-Methods: GET, POST | Access-Control-Allow-Headers: "
              "Authorization, Content-Type, Idempotency-Key | Access-Control-Max-Age: 600");
    EXPECT_EQ(preflight(listed, "OPTIONS", ours), "none");
    EXPECT_EQ(preflight(listed, "POST", ours + asked), "none");
    EXPECT_EQ(preflight(CrossOrigin({}), "OPTIONS", ours + asked), "none");
    for (const char* other : {"https://evil.example", "http://app.example.com", "null",
                              "https://app.example.com:8443", "https://app.example.com.evil"})
        EXPECT_EQ(preflight(listed, "OPTIONS", "Origin: " + std::string(other) + "\r\n" + asked),
                  "none");
}

std::string answered(const CrossOrigin& rules, const std::string& lines) {
    const auto request =
        RequestCopy::parse("GET /api/v1/x HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n");
    Response response;
    rules.add_headers(request->request(), response);
    return shown(response);
}

TEST(Answers, LetListedOriginsReadWithoutCookies) {
    const std::string ours = answered(listed, "Origin: https://app.example.com\r\n");
    EXPECT_TRUE(ours.starts_with(
        "200 | Vary: Origin | Access-Control-Allow-Origin: https://app.example.com | "
        "Access-Control-Expose-Headers: "))
        << ours;
    EXPECT_EQ(ours.find("Credentials"), ours.npos);

    EXPECT_EQ(answered(listed, "Origin: https://evil.example\r\n"), "200 | Vary: Origin");
    EXPECT_EQ(answered(listed, ""), "200 | Vary: Origin");
    EXPECT_EQ(answered(CrossOrigin({}), "Origin: https://app.example.com\r\n"), "200");
}

}  // namespace
}  // namespace referral::http

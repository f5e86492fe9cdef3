#include "platform/http/rate_limits.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/cache/limiter.hpp"

namespace referral::http {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr Instant start{std::chrono::seconds(1'800'000'000)};

/// The table as text: "read.user=600/60:150 …".
std::string shown(std::string_view changes) {
    std::string text;
    for (const RateLimit& row : rate_limits(changes)) {
        text += row.policy() + '=';
        text += row.rate ? std::to_string(row.rate->count) + '/' +
                               std::to_string(row.rate->period / 1s) + ':' +
                               std::to_string(row.rate->burst)
                         : "off";
        text += ' ';
    }
    return text;
}

TEST(RateLimitTables, AreChangedByText) {
    struct Row {
        const char* changes;
        const char* wanted;
    };
    const Row rows[] = {
        {"", "read.user=600/60:150 "},
        {"read.user=60/min", "read.user=60/60:15 "},
        {"read=60/min", "read.key=60/60:15 read.address=60/60:15 "},
        {"read=60/min:60", "read.user=60/60:60 "},
        {"read.address=5/s", "read.user=600/60:150 read.key=1200/60:300 read.address=5/1:1 "},
        {" write = 100/h:1 , export.key = 2/day ", "write.user=100/3600:1 "},
        {"write=100/h,export.key=2/day", "export.key=2/86400:1 "},
        {"write=off", "write.user=off write.key=off write.address=off "},
        {"off", "public.address=off "},
        {"read=1/s,read=2/s", "read.user=2/1:1 "},
        {"sign-in.name=3/min,", "sign-in.name=3/60:1 "},
    };
    for (const Row& row : rows) EXPECT_THAT(shown(row.changes), HasSubstr(row.wanted));
}

TEST(RateLimitTables, SayWhatIsWrong) {
    struct Row {
        const char* changes;
        const char* wanted;
    };
    const Row rows[] = {
        {"reed=1/s", "\"reed=1/s\" names no class; there are read, write, sign-in"},
        {"read", "wants CLASS=COUNT/UNIT"},
        {"read=600", "wants COUNT/UNIT"},
        {"read=600/fortnight", "there are s, min, h and day"},
        {"read=0/s", "wants a count"},
        {"read=-1/s", "wants a count"},
        {"read=1000001/s", "wants a count"},
        {"read=x/s", "wants a count"},
        {"read=10/s:11", "wants a burst from 1"},
        {"read=10/s:0", "wants a burst from 1"},
        {"read=10/s:", "wants a burst from 1"},
        {"read.name=10/s", "names no scope"},
        {"sign-in.user=10/s", "names no scope"},
        {"read=off,write=on", "\"write=on\" wants COUNT/UNIT"},
    };
    for (const Row& row : rows) {
        try {
            rate_limits(row.changes);
            ADD_FAILURE() << row.changes << " was taken";
        } catch (const std::invalid_argument& error) {
            EXPECT_THAT(error.what(), HasSubstr(row.wanted)) << row.changes;
        }
    }
}

class RateLimitsTest : public ::testing::Test {
protected:
    /// Counts a request from an address; gives status and header lines as one text.
    std::string ask(const char* address, Caller caller = {.user_id = 1}) {
        Origin origin{.client = *IpAddress::parse(address)};
        const auto request = RequestCopy::parse("GET / HTTP/1.1\r\nHost: a\r\n\r\n", origin);
        Call call(request->request(), now, pool);
        call.set_caller(caller);
        Response response{.status = 200};
        try {
            limits.charge_address(call, "read");
            limits.charge_caller(call, "read");
        } catch (const Problem& problem) {
            response.status = problem.refusal() == Refusal::too_many ? 429 : 500;
        }
        call.add_limit_headers(response);
        std::string text = std::to_string(response.status);
        for (const Header& header : response.headers)
            text += " | " + header.name + ": " + header.value;
        return text;
    }

    Instant now = start;
    db::Pool pool{{}, 1};
    cache::Limiter limiter{{}};
    RateLimits limits{rate_limits("read.address=60/min:3,read.user=30/min:2,read.key=60/min:1"),
                      limiter};
};

TEST_F(RateLimitsTest, TellPoliciesAndWhatIsLeft) {
    EXPECT_EQ(ask("192.0.2.1"),
              "200 | RateLimit-Policy: \"read.address\";q=3;w=3, \"read.user\";q=2;w=4 | "
              "RateLimit: \"read.address\";r=2;t=1, \"read.user\";r=1;t=2");
    ask("192.0.2.1");
    EXPECT_EQ(ask("192.0.2.1"),
              "429 | RateLimit-Policy: \"read.address\";q=3;w=3, \"read.user\";q=2;w=4 | "
              "RateLimit: \"read.address\";r=0;t=3, \"read.user\";r=0;t=4 | Retry-After: 2");
    EXPECT_EQ(limits.refused(0), 1u);
    now += 2s;
    EXPECT_TRUE(ask("192.0.2.1").starts_with("200"));
}

TEST_F(RateLimitsTest, CountUsersKeysAndAddressesApart) {
    ask("192.0.2.1");
    ask("192.0.2.2");
    EXPECT_TRUE(ask("192.0.2.3").starts_with("429")) << "one user from three addresses";
    EXPECT_TRUE(ask("192.0.2.4", {.user_id = 2}).starts_with("200")) << "another user";
    EXPECT_TRUE(ask("192.0.2.4", {.user_id = 1, .api_key_id = 7}).starts_with("200")) << "a key";
    EXPECT_TRUE(ask("192.0.2.4", {.user_id = 1, .api_key_id = 7}).starts_with("429"));
    EXPECT_TRUE(ask("192.0.2.5", {.user_id = 1, .api_key_id = 8}).starts_with("200"));
    EXPECT_TRUE(ask("192.0.2.6", {.user_id = 1, .acting_for = 9}).starts_with("200")) << "as them";
}

TEST_F(RateLimitsTest, CountA64OfIpv6AsOne) {
    for (int user = 1; user <= 3; ++user)
        EXPECT_TRUE(ask(("2001:db8::" + std::to_string(user)).c_str(), {.user_id = user})
                        .starts_with("200"));
    EXPECT_TRUE(ask("2001:db8::ffff:1", {.user_id = 4}).starts_with("429"));
    EXPECT_TRUE(ask("2001:db8:0:1::1", {.user_id = 4}).starts_with("200"));
}

TEST_F(RateLimitsTest, GiveBackWhatWasCounted) {
    const auto request = RequestCopy::parse("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    Call call(request->request(), now, pool);
    for (int i = 0; i < 100; ++i) {
        limits.charge(call, "sign-in", LimitScope::name, "ada");
        limits.give_back(call, "sign-in", LimitScope::name, "ada");
    }
    for (int i = 0; i < 5; ++i) limits.charge(call, "sign-in", LimitScope::name, "ada");
    EXPECT_THROW(limits.charge(call, "sign-in", LimitScope::name, "ada"), Problem);
}

}  // namespace
}  // namespace referral::http

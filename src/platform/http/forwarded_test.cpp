#include "platform/http/forwarded.hpp"

#include <gtest/gtest.h>

namespace referral::http {
namespace {

struct Row {
    const char* name;
    const char* headers;
    const char* client;
    bool secure;
};

TEST(Forwarded, IsReadFromTheRightAsFarAsProxiesAreTrusted) {
    const std::vector<IpBlock> trusted = {*IpBlock::parse("10.0.0.0/8"),
                                          *IpBlock::parse("fd00::/8")};
    const Row rows[] = {
        {"nothing said", "", "10.0.0.1", false},
        {"one hop", "X-Forwarded-For: 198.51.100.7\r\n", "198.51.100.7", false},
        {"spoofed before", "X-Forwarded-For: 1.1.1.1, 198.51.100.7\r\n", "198.51.100.7", false},
        {"two trusted hops", "X-Forwarded-For: 198.51.100.7, 10.2.3.4\r\n", "198.51.100.7", false},
        {"trusted, untrusted, trusted", "X-Forwarded-For: 10.9.9.9, 198.51.100.7, 10.2.3.4\r\n",
         "198.51.100.7", false},
        {"two lines", "X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 198.51.100.7\r\n",
         "198.51.100.7", false},
        {"two lines, two hops", "x-forwarded-for: 198.51.100.7\r\nX-FORWARDED-FOR: 10.2.3.4\r\n",
         "198.51.100.7", false},
        {"all trusted", "X-Forwarded-For: 10.1.1.1, 10.2.2.2\r\n", "10.1.1.1", false},
        {"no address", "X-Forwarded-For: unknown\r\n", "10.0.0.1", false},
        {"no address behind a hop", "X-Forwarded-For: 198.51.100.7, x, 10.2.3.4\r\n", "10.2.3.4",
         false},
        {"empty", "X-Forwarded-For:\r\n", "10.0.0.1", false},
        {"empty entry", "X-Forwarded-For: 198.51.100.7,\r\n", "10.0.0.1", false},
        {"IPv6", "X-Forwarded-For: 2001:db8::1, fd00::5\r\n", "2001:db8::1", false},
        {"IPv6 with a port", "X-Forwarded-For: [2001:db8::1]:4711\r\n", "2001:db8::1", false},
        {"IPv4 with a port", "X-Forwarded-For: 198.51.100.7:4711\r\n", "198.51.100.7", false},
        {"IPv4 in IPv6", "X-Forwarded-For: ::ffff:198.51.100.7\r\n", "198.51.100.7", false},
        {"secure", "X-Forwarded-For: 198.51.100.7\r\nX-Forwarded-Proto: HTTPS\r\n", "198.51.100.7",
         true},
        {"not secure", "X-Forwarded-Proto: http\r\n", "10.0.0.1", false},
        {"spoofed security", "X-Forwarded-For: 198.51.100.7\r\nX-Forwarded-Proto: https, http\r\n",
         "198.51.100.7", false},
        {"security told once for two hops",
         "X-Forwarded-For: 198.51.100.7, 10.2.3.4\r\nX-Forwarded-Proto: https\r\n", "198.51.100.7",
         true},
        {"security told by each hop",
         "X-Forwarded-For: 198.51.100.7, 10.2.3.4\r\nX-Forwarded-Proto: https, http\r\n",
         "198.51.100.7", true},
    };
    for (const Row& row : rows) {
        const auto copy =
            RequestCopy::parse(std::string("GET / HTTP/1.1\r\nHost: a\r\n") + row.headers + "\r\n");

        const Forwarded told =
            forwarded(copy->request(), *IpAddress::parse("10.0.0.1"), false, trusted);

        EXPECT_EQ(told.client.text(), row.client) << row.name;
        EXPECT_EQ(told.secure, row.secure) << row.name;
    }
}

}  // namespace
}  // namespace referral::http

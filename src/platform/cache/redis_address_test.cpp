#include "platform/cache/redis_address.hpp"

#include <gtest/gtest.h>

namespace referral::cache {
namespace {

std::string read(std::string_view text) {
    const auto address = RedisAddress::parse(text);
    if (!address) return "no";
    return address->user + "|" + address->password.reveal() + "|" + address->host + "|" +
           std::to_string(address->port) + "|" + std::to_string(address->database);
}

TEST(RedisAddresses, AreReadOrRefused) {
    struct Row {
        const char* text;
        const char* wanted;
    };
    const Row rows[] = {
        {"redis://localhost", "||localhost|6379|0"},
        {"redis://localhost/", "||localhost|6379|0"},
        {"redis://10.0.0.5:7000/3", "||10.0.0.5|7000|3"},
        {"redis://[::1]:7000", "||::1|7000|0"},
        {"redis://[::1]", "||::1|6379|0"},
        {"redis://:p%40ss+word@cache.example.com", "|p@ss+word|cache.example.com|6379|0"},
        {"redis://app:a@b@cache:1", "app|a@b|cache|1|0"},
        {"", "no"},
        {"localhost:6379", "no"},
        {"rediss://localhost", "no"},
        {"redis://", "no"},
        {"redis://:6379", "no"},
        {"redis://host:", "no"},
        {"redis://host:0", "no"},
        {"redis://host:65536", "no"},
        {"redis://host:6379/x", "no"},
        {"redis://host/-1", "no"},
        {"redis://::1:6379", "no"},
        {"redis://[::1", "no"},
        {"redis://secret@host", "no"},
    };
    for (const Row& row : rows) EXPECT_EQ(read(row.text), row.wanted) << row.text;
}

}  // namespace
}  // namespace referral::cache

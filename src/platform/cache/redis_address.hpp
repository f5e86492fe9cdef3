#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace referral::cache {

/// Where a Redis is and how to enter.
struct RedisAddress {
    static constexpr std::string_view rule =
        "an address such as redis://:password@10.0.0.5:6379/0 (TLS is not taken: put a tunnel "
        "between)";

    std::string host;  ///< A name or an address; IPv6 without brackets.
    int port = 6379;
    std::string user{};
    Secret password{};
    int database = 0;

    /// Reads "redis://[[user]:password@]host[:port][/database]", user and password
    /// percent-encoded; or nothing.
    static std::optional<RedisAddress> parse(std::string_view text);
};

}  // namespace referral::cache

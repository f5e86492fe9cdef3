#pragma once

#include <array>
#include <string_view>

#include "base/ip_address.hpp"
#include "base/time.hpp"
#include "platform/http/request.hpp"
#include "platform/http/server.hpp"

namespace referral::http {

/// The other end of a connection.
struct Peer {
    IpAddress address;
    bool trusted = false;  // One of Settings::trusted_proxies.
    bool secure = false;
};

/// Gives the requests of one loop their origin: number, time, date line, client.
class Origins {
public:
    /// `loop` tells the loops' numbers apart. `settings` must outlive this.
    Origins(const Settings& settings, std::uint16_t loop);

    /// `closing`: the connection is to end with this answer.
    void set(Request& request, const Peer& peer, bool closing);
    /// Only the date line and the end of the connection, for a request that was away.
    void renew(Request& request, bool closing);
    /// "Date: …\r\n" of now.
    std::string_view date_line() { return date_line(settings_.clock()); }

private:
    std::string_view date_line(Instant now);

    const Settings& settings_;
    std::uint64_t id_;
    std::chrono::sys_seconds second_{};
    std::array<char, 40> date_{};
    std::size_t date_size_ = 0;
};

}  // namespace referral::http

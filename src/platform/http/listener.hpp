#pragma once

#include <cstdint>

#include "base/ip_address.hpp"
#include "platform/http/server.hpp"

namespace referral::http {

/// Opens a listening socket with SO_REUSEPORT, non-blocking, TCP_NODELAY on all it accepts.
/// Throws std::system_error.
int open_listener(const Endpoint& endpoint);

/// Throws std::runtime_error when somebody listens on `endpoint` already: SO_REUSEPORT alone would
/// let a second program of the same user in beside the first.
void require_free(const Endpoint& endpoint);

/// Another descriptor of the listening socket `descriptor`, set up like one of ours.
/// Throws std::system_error when it is no listening TCP socket.
int adopt_listener(int descriptor);

/// The port a socket is bound to.
std::uint16_t bound_port(int descriptor);

/// A connection as accept4(2) gives it, or why there is none.
struct AcceptedSocket {
    int descriptor = -1;
    IpAddress peer;
    int error = 0;  // errno when there is no descriptor; EAGAIN: none waits.
};

/// Takes one waiting connection, non-blocking.
AcceptedSocket accept_one(int listener);

}  // namespace referral::http

#pragma once

#include <vector>

#include "base/ip_address.hpp"
#include "platform/http/request.hpp"

namespace referral::http {

/// Who a request comes from, as far as trusted proxies tell.
struct Forwarded {
    IpAddress client;
    bool secure = false;
};

/// What X-Forwarded-For and X-Forwarded-Proto of `request` say, read from the right, the nearest
/// proxy's word first: each entry counts as long as the hop that wrote it is one of `trusted`. An
/// entry that is no address ends the walk. The caller has found the connection's own `peer` to be
/// trusted; `secure` tells whether that connection is TLS, for when the headers do not.
Forwarded forwarded(const Request& request, const IpAddress& peer, bool secure,
                    const std::vector<IpBlock>& trusted);

}  // namespace referral::http

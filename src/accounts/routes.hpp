#pragma once

/// The tables that make up this folder's routes.

#include "accounts/schemas.hpp"
#include "platform/http/call.hpp"

namespace referral::accounts {

/// What a page must know of `caller`, who came with a session.
Me me(const Accounts& accounts, http::Call& call, const http::Caller& caller);

http::RouteTable mailed_link_routes(Accounts& accounts);
http::RouteTable user_routes(Accounts& accounts);
http::RouteTable key_routes(Accounts& accounts);

}  // namespace referral::accounts

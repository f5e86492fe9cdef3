#pragma once

#include <string>

#include "accounts/accounts.hpp"
#include "audit/audit.hpp"
#include "clicks/clicks.hpp"
#include "conversions/conversions.hpp"
#include "links/links.hpp"
#include "operations/operations.hpp"
#include "platform/http/fwd.hpp"

namespace referral::app {

/// What the slices' routes work with; all must outlive them.
struct RouteParts {
    db::Pool& pool;
    accounts::Accounts& accounts;
    links::Links& links;
    const links::Directory& directory;
    links::DirectoryFeed& feed;
    clicks::Live& live;
    const audit::Anchors& anchors;
    const jobs::JobTable& job_kinds;
    const mail::Mailer& mailer;
    const conversions::Conversions& conversions;
    const conversions::Tokens& tokens;
    const crypto::Key& key;
    bool development = false;
};

/// The whole API.
http::RouteTable all_routes(const RouteParts& parts);

}  // namespace referral::app

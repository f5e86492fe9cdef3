#pragma once

#include "accounts/accounts.hpp"

namespace referral::accounts {

/// Administrators look at the screens as a partner does: the same session, with the partner's
/// rights to read and none to write, for half an hour, under another token.
constexpr std::chrono::minutes view_as_max{30};

/// Begins. Refuses: not_found, conflict when it is no active partner.
http::Caller view_as(const Sessions& sessions, http::Call& call, UserId partner);

/// Ends, and gives back who the administrator is. Refuses: conflict when nobody looks as anybody.
http::Caller end_view_as(const Sessions& sessions, http::Call& call);

/// Ends the looks whose time is over, with their sessions; for upkeep.
void end_old_views(db::Transaction& tx, Instant now);

}  // namespace referral::accounts

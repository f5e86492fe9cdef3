#pragma once

#include "partners/partners.hpp"

namespace referral::partners {

/// The newest terms, which hold.
Terms current_terms(db::Transaction& tx);

/// From now on these hold: applicants accept them, and partners are asked to. Refuses: conflict
/// when `version` is not the one after the newest, so that nobody replaces what they have not seen.
Terms publish_terms(http::Call& call, const NewTerms& wanted);

/// The newest terms, and when the caller accepted them.
OwnTerms own_terms(http::Call& call);

/// The caller accepts the newest terms; once more changes nothing. Refuses: conflict when `version`
/// is not the newest: what was read is not what holds.
OwnTerms accept_terms(http::Call& call, std::int64_t version);

}  // namespace referral::partners

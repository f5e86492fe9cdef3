#pragma once

#include <optional>
#include <string>

#include "base/text.hpp"
#include "base/time.hpp"
#include "platform/db/transaction.hpp"
#include "platform/http/call.hpp"
#include "platform/schema/json.hpp"

namespace referral::partners {

/// What partners agree to.
struct Terms {
    std::int64_t version = 0;
    std::string text;
    Instant published_at;
    bool applications_open = true;
};

/// Terms as a partner sees them.
struct OwnTerms {
    std::int64_t version = 0;
    std::string text;
    Instant published_at;
    std::optional<Instant> accepted_at;  ///< Nothing: not this version.
};

/// Terms that are to hold from now on.
struct NewTerms {
    schema::Whole<1, 1'000'000> version;
    Prose<100'000> text;
};

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

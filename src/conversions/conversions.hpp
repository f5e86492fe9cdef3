#pragma once

/// Facts from the business with a value, and whose they are. What other folders use of this slice.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "audit/audit.hpp"
#include "conversions/attribution.hpp"
#include "conversions/conversion.hpp"
#include "conversions/evidence.hpp"
#include "conversions/reports.hpp"
#include "conversions/tokens.hpp"
#include "platform/db/transaction.hpp"
#include "platform/http/fwd.hpp"
#include "platform/http/response.hpp"
#include "platform/jobs/jobs.hpp"

namespace referral::conversions {

/// A commission as the answer of a conversion shows it.
struct Earned {
    std::string id;
    UserId user_id;
    int level = 1;  ///< 1 for the partner credited, 2 and 3 for those who referred it.
    Money amount;
    std::string status;
};

/// A conversion and whose it is: all that commissions are made of. Each credit tells the link it
/// rests on, for rules that are for one code.
struct Outcome {
    Conversion conversion;
    Attribution attribution;
};

/// Makes or changes the commissions of a conversion, in the transaction that stores it; called
/// whenever facts or attribution are new or other than before (and sometimes when they are not:
/// it posts differences). Gives all commissions of the conversion, in a lasting order.
using Settle = std::function<std::vector<Earned>(db::Transaction& tx, const Outcome& outcome,
                                                 const audit::Actor& actor, Instant now)>;

/// The same commissions without changing anything, for whoever looks.
using EarnedBy = std::function<std::vector<Earned>(db::Transaction& tx, ConversionId id)>;

/// What comes after attribution, from the slice that stands above.
struct Commissions {
    Settle settle;
    EarnedBy earned_by;
};

/// Who reports, and how.
struct Arrival {
    audit::Actor actor;
    std::optional<std::int64_t> import_id{};  ///< Of a file's row.
    /// What is not by the report itself: the program of a postback's key.
    std::optional<ProgramId> program_id{};
};

/// What became of a report. Told again, the same facts give the same.
struct Recorded {
    ConversionId id;
    bool is_new = false;
    std::vector<Earned> earned{};
};

/// What Conversions work with; all must outlive them.
struct ConversionParts {
    Commissions commissions;
    const Tokens& tokens;
    Suggest suggest{};  ///< Codes like a typed one; none when absent.
};

/// Every way in goes through here: the API, files, postbacks, scripts. Each function does all of
/// its work in the caller's transaction: conversion, attribution, commissions, audit. Customers are
/// locked first, so that what concerns one customer happens one after the other.
class Conversions {
public:
    explicit Conversions(ConversionParts parts) : parts_(std::move(parts)) {}

    /// Stores a conversion, or finds it. Refuses: invalid, conflict (the key with other facts).
    Recorded record(db::Transaction& tx, const NewConversion& wanted, const Arrival& arrival,
                    Instant now) const;

    /// Finds out what `record` would do; the caller rolls back. The conversion that is there
    /// already with these facts, or nothing. Refuses as `record`.
    std::optional<ConversionId> check(db::Transaction& tx, const NewConversion& wanted,
                                      const Arrival& arrival, Instant now) const;

    /// Stores a later change, or finds it. Refuses: not_found, invalid, conflict (the change's
    /// external_id with other facts; nothing is left to change).
    Recorded adjust(db::Transaction& tx, ConversionId id, const NewAdjustment& wanted,
                    const audit::Actor& actor, Instant now) const;

    /// Makes it a partner's, or nobody's. Refuses: not_found, invalid (user_id: does not earn in
    /// the program at that time), conflict (it was taken back).
    Recorded override_attribution(db::Transaction& tx, ConversionId id, std::optional<UserId> user,
                                  const Line<500>& reason, const audit::Actor& actor,
                                  Instant now) const;

    /// Decides again by what is known now. Refuses: not_found.
    Recorded reattribute(db::Transaction& tx, ConversionId id, const audit::Actor& actor,
                         Instant now) const;

    /// Takes a conversion of a file back: its commissions net to 0 and its key is free again.
    void undo(db::Transaction& tx, ConversionId id, const std::string& why,
              const audit::Actor& actor, Instant now) const;

    /// Whether the click that a conversion was told with is stored by now, or need not be waited
    /// for any more; if it is, the conversion is decided again.
    bool take_click(db::Transaction& tx, ConversionId id, const audit::Actor& actor,
                    Instant now) const;

    /// The commissions of a conversion.
    std::vector<Earned> earned_by(db::Transaction& tx, ConversionId id) const;

private:
    struct Report;
    Recorded found(db::Transaction& tx, const NewConversion& wanted, const std::string& hash) const;
    Report report(db::Transaction& tx, const NewConversion& wanted, const Arrival& arrival,
                  Instant now) const;
    Recorded store(db::Transaction& tx, const NewConversion& wanted, Report& report,
                   const std::string& hash, const Arrival& arrival, Instant now) const;
    std::vector<Earned> settle(db::Transaction& tx, const Outcome& outcome,
                               const audit::Actor& actor, Instant now) const;
    struct Redecision;
    Recorded redecide(db::Transaction& tx, const Redecision& wanted, const audit::Actor& actor,
                      Instant now) const;

    const ConversionParts parts_;
};

/// Reads for whoever computes commissions. None of them asks on behalf of a caller.

/// The conversion and its attribution in force, or nothing.
std::optional<Outcome> outcome(db::Transaction& tx, ConversionId id);

/// Where a walk over a program's conversions is; the beginning at first.
struct Walk {
    ProgramId program_id;
    Instant occurred_at{};            ///< Of the last one, or from when on.
    ConversionId id{};                ///< Of the last one.
    std::optional<Instant> before{};  ///< Not from then on.
};

/// The next conversions of a walk with their attributions, at most `limit`, in the order of
/// (occurred_at, id); moves the walk behind them. None: the end.
std::vector<Outcome> next_outcomes(db::Transaction& tx, Walk& walk, std::int64_t limit);

/// As above, of one customer.
std::vector<Outcome> next_outcomes(db::Transaction& tx, CustomerId customer, Walk& walk,
                                   std::int64_t limit);

/// When the customer's first conversion of the program's trigger occurred that still stands.
std::optional<Instant> first_qualifying_at(db::Transaction& tx, ProgramId program,
                                           CustomerId customer);

/// Whether the customer had, before this one, a conversion of the program's trigger that still
/// stands: "before" by time, of equal times by id.
bool is_returning(db::Transaction& tx, const Conversion& conversion);

/// The time at which the customer's first conversion of kind `kind` of the same document (source
/// and external_id) occurred: "delivered" or "paid" of a load, for holds with several triggers.
std::optional<Instant> occurred_at(db::Transaction& tx, const Conversion& conversion,
                                   EventKind kind);

/// What conversions need done now and then and after. `conversions` must outlive them.
jobs::JobTable tasks(const Conversions& conversions);

/// What the routes work with; all must outlive them.
struct RouteParts {
    const Conversions& conversions;
    const Tokens& tokens;
    const crypto::Key& key;  ///< The installation's.
};

http::RouteTable routes(const RouteParts& parts);

/// What pages of the business include, /js/referral.js: it remembers in the page's own storage
/// which click and code the visitor came by, fills forms with them, and reports leads. No cookie,
/// nothing loaded from others.
inline constexpr std::string_view script_path = "/js/referral.js";
http::Response script_answer(const http::Request& request);

}  // namespace referral::conversions

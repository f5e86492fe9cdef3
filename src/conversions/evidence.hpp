#pragma once

/// How a customer came: what a report says of it, and what is known from before.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "conversions/attribution.hpp"
#include "conversions/reports.hpp"
#include "conversions/tokens.hpp"
#include "customers/customers.hpp"
#include "platform/db/transaction.hpp"

namespace referral::conversions {

/// A code, a token or a click that a conversion was told with.
struct Touch {
    Source source = Source::click_id;  ///< code, token or click_id.
    ProgramId program_id;
    UserId user_id;
    std::optional<LinkId> link_id{};
    Instant made_at{};
    std::optional<ClickId> click_id{};
    clicks::Class click_class = clicks::Class::human;
    std::string note{};
};

/// All that one report says.
struct Evidence {
    std::vector<Touch> touches{};
    std::vector<clicks::Visitor> visitors{};
    bool awaits_click = false;  ///< Its click id is not stored, or not yet.

    /// The program that touches are of: code, token, click, in this order.
    std::optional<ProgramId> program() const;
};

/// Codes like a typed one that nobody has.
using Suggest = std::function<std::vector<std::string>(std::string_view typed)>;

/// Refuses: invalid (a code nobody has, with what may be meant; a token that is none of ours or has
/// expired), each as an error added to `errors`.
Evidence evidence_of(db::Transaction& tx, const NewConversion& wanted, Instant occurred_at,
                     const Tokens& tokens, const Suggest& suggest, std::vector<FieldError>& errors);

/// The touch of a click; nothing when its code led nowhere.
std::optional<Touch> touch_of(const clicks::StoredClick& click);

/// What a decision is asked about.
struct Subject {
    ProgramId program_id;
    EventKind kind = EventKind::delivered;
    Instant occurred_at{};
    std::optional<ConversionId> id{};  ///< Nothing: it is not stored yet, and is the newest.
    const customers::Identified& customer;
    const Evidence& own;
};

/// Everything that is known for a decision.
AttributionFacts facts_of(db::Transaction& tx, const Subject& subject);

}  // namespace referral::conversions

#pragma once

/// Whether a claim is good by itself, whatever others there are.

#include <optional>
#include <utility>

#include "conversions/attribution.hpp"

namespace referral::conversions {

/// Which times a source's claims must keep.
enum class Term { none, until, from_until, window };

/// Which of several good claims of one source are credited.
enum class Choice { earliest, latest, by_weight, by_model, nobody };

/// How the claims of a source are judged.
struct SourceRule {
    Source source;
    int rank;  ///< The lowest with a good claim decides.
    Term term;
    Choice choice;
    bool is_touch;  ///< Says that the partner brought the customer.
};

/// The rule of a source other than `organic`.
const SourceRule& rule_of(Source source);

/// Judges the claims of one conversion. `facts` must outlive it.
class Judge {
public:
    explicit Judge(const AttributionFacts& facts);

    /// The claim's step; `credited` stands for a good claim.
    Step step(const Claim& claim) const;

private:
    const Standing* standing(UserId partner) const;
    std::optional<Reason> refusal_of(UserId partner) const;
    bool is_evidence(const Claim& claim) const;
    bool is_existing_customer() const;
    std::optional<std::pair<Reason, std::chrono::microseconds>> missed_time(
        const Claim& claim) const;

    const AttributionFacts& facts_;
    std::optional<Instant> first_touch_;
};

}  // namespace referral::conversions

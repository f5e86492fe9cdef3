#pragma once

/// Whose a conversion is. A pure function of what is known: claims × policy → credits and a trace.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "accounts/accounts.hpp"
#include "base/names.hpp"
#include "base/time.hpp"
#include "clicks/clicks.hpp"
#include "links/links.hpp"
#include "partners/partners.hpp"
#include "programs/programs.hpp"

namespace referral::conversions {

using accounts::UserId;
using clicks::ClickId;
using links::LinkId;
using partners::EnrolmentStatus;
using partners::StatusChange;
using programs::AttributionModel;

/// What a claim rests on, in the order in which claims are asked; `token` and `click_id` are asked
/// together. `organic`: nobody is credited.
enum class Source { admin, lead, lock, code, token, click_id, clicks, match, organic };

/// What became of a claim, and why.
enum class Reason {
    credited,      ///< It won, alone or with others.
    not_enrolled,  ///< The partner was in no state of the program yet.
    applied,       ///< … or in one that does not earn; so the next five.
    invited,
    rejected,
    suspended,
    banned,
    left,
    self,               ///< The partner is the customer, or made the click.
    not_human,          ///< A click of another class.
    not_accepted,       ///< A lead that nobody accepted.
    not_yet,            ///< Made after the conversion occurred.
    outside_window,     ///< Made too long before it.
    over,               ///< A protection or a lock that had ended.
    existing_customer,  ///< The account was known before anybody referred it.
    // From here on good claims that lost.
    outranked,  ///< Good, but a source asked earlier had a good claim.
    not_first,  ///< Good, but an earlier one asked with it is credited.
    not_last,   ///< Good, but a later one asked with it is credited.
    no_weight,  ///< Good, but its share is no millionth.
    for_review  ///< A match is a hint for people and credits nobody.
};

/// Why a conversion may be a partner's.
struct Claim {
    Source source = Source::clicks;  ///< Not `organic`.
    UserId partner{};
    /// When it was clicked, typed, signed, registered, locked, matched or decided.
    Instant made_at{};
    /// Of a lead the end of its protection, of a lock its end; exclusive.
    std::optional<Instant> until{};
    std::optional<ClickId> click_id{};                 ///< Of `click_id` and `clicks`.
    clicks::Class click_class = clicks::Class::human;  ///< Of `click_id` and `clicks`.
    bool accepted = true;                              ///< Of a lead.
    std::int64_t weight_ppm = 1'000'000;               ///< Of a lock: the share it was set with.
    std::string note{};  ///< For people: an admin's reason, a code, the domain that matched.
    std::optional<LinkId> link_id{};  ///< The link that the customer came by, where there is one.
};

/// What is known of a partner with a claim.
struct Standing {
    UserId partner{};
    std::vector<StatusChange> changes{};  ///< In any order.
    bool is_customer = false;             ///< Partner and customer are the same person.
};

/// What a program says about attribution, in one version.
struct Policy {
    std::int64_t version = 1;
    AttributionModel model = AttributionModel::last;
    std::int64_t window_days = 90;            ///< How long clicks, codes and tokens count.
    std::int64_t half_life_days = 7;          ///< Of the model `decay`; positive.
    bool acquisition = false;                 ///< Credits only customers that were not known.
    std::optional<std::int64_t> lock_days{};  ///< For how long a customer becomes its partner's.
};

/// All that a decision is made of. When a conversion was received is no part of it.
struct AttributionFacts {
    Instant occurred_at{};
    bool qualifies = false;  ///< Of the kind that locks the customer.
    std::optional<Instant> account_known_at{};
    Policy policy{};
    std::vector<Standing> standings{};  ///< One a partner; a partner without one earns nothing.
    std::vector<Claim> claims{};        ///< In any order.
    /// Somebody decided, for this reason, that it is nobody's, whatever claims there are.
    std::optional<std::string> denied{};
};

/// A partner's share.
struct Credit {
    UserId partner{};
    std::int64_t weight_ppm = 0;
    Source source = Source::clicks;
    /// The link it rests on: of several clicks the last one's. For rules that are for one code.
    std::optional<LinkId> link_id{};

    friend bool operator==(const Credit&, const Credit&) = default;
};

/// What became of one claim.
struct Step {
    Source source = Source::clicks;
    UserId partner{};
    Reason reason = Reason::credited;
    Instant made_at{};
    std::optional<Instant> until{};
    std::optional<ClickId> click_id{};
    std::optional<clicks::Class> click_class{};  ///< Where it is the reason.
    /// How far it missed its time; may be 0, for ends are exclusive.
    std::optional<std::int64_t> outside_seconds{};
    std::optional<std::int64_t> weight_ppm{};  ///< Of a credited one: all that the partner gets.
    std::string note{};

    friend bool operator==(const Step&, const Step&) = default;
};

/// How it was decided: one step a claim, in the order in which they were asked.
struct Trace {
    Instant occurred_at{};
    Policy policy{};
    Source source = Source::organic;  ///< What decided.
    std::vector<Step> steps{};
    std::optional<std::string> denied{};  ///< Why somebody decided that it is nobody's.
};

/// The decision.
struct Attribution {
    /// Of distinct partners, the earliest claim first, so that money split by their weights leaves
    /// ties to it. The weights sum to 1,000,000; none: organic.
    std::vector<Credit> credits{};
    /// Until when this conversion locks the customer to `credits`, if it does.
    std::optional<Instant> locks_until{};
    Trace trace{};
};

/// Decides. The result does not depend on the order of claims and standings.
Attribution attribute(const AttributionFacts& facts);

/// Why a partner is not credited, or is.
struct WhyNot {
    UserId partner{};
    /// The claim that came nearest: a credited one; else a good one that lost; else the one that
    /// missed its time by least; else the latest. Nothing: there is no claim at all.
    std::optional<Step> nearest{};
    std::int64_t policy_version = 0;
};

/// Reads it from the trace of a decision.
WhyNot why_not(const Trace& trace, UserId partner);

/// For people, in English: a line about the conversion, one for each claim, one about the outcome.
std::string explained(const Trace& trace);
std::string explained(const WhyNot& answer);

}  // namespace referral::conversions

template <>
struct referral::Names<referral::conversions::Source> {
    using Source = conversions::Source;
    static constexpr std::array<std::pair<Source, std::string_view>, 9> list{
        {{Source::admin, "override"},
         {Source::lead, "lead"},
         {Source::lock, "lock"},
         {Source::code, "code"},
         {Source::token, "token"},
         {Source::click_id, "click_id"},
         {Source::clicks, "clicks"},
         {Source::match, "match"},
         {Source::organic, "organic"}}};
};

template <>
struct referral::Names<referral::conversions::Reason> {
    using Reason = conversions::Reason;
    static constexpr std::array<std::pair<Reason, std::string_view>, 20> list{
        {{Reason::credited, "credited"},
         {Reason::not_enrolled, "not_enrolled"},
         {Reason::applied, "applied"},
         {Reason::invited, "invited"},
         {Reason::rejected, "rejected"},
         {Reason::suspended, "suspended"},
         {Reason::banned, "banned"},
         {Reason::left, "left"},
         {Reason::self, "self"},
         {Reason::not_human, "not_human"},
         {Reason::not_accepted, "not_accepted"},
         {Reason::not_yet, "not_yet"},
         {Reason::outside_window, "outside_window"},
         {Reason::over, "over"},
         {Reason::existing_customer, "existing_customer"},
         {Reason::outranked, "outranked"},
         {Reason::not_first, "not_first"},
         {Reason::not_last, "not_last"},
         {Reason::no_weight, "no_weight"},
         {Reason::for_review, "for_review"}}};
};

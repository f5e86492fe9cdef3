#pragma once

/// When a commission can be paid, and why not yet. Pure.

#include <optional>
#include <string>

#include "commissions/commission.hpp"

namespace referral::commissions {

/// Why a commission is not payable. The first four are waited for without anybody's doing.
enum class WhyNot {
    trigger,    ///< What makes it due has not happened.
    days,       ///< The days after that are not over.
    enrolment,  ///< The partner takes no part in the program at present.
    job,        ///< It can be approved and will be within minutes.
    four_eyes,  ///< It is above the program's limit: people approve it.
    held,       ///< Somebody stopped it.
    nothing,    ///< There is nothing to pay.
    rejected,
    canceled
};

/// What is known of a commission and its program.
struct PayableFacts {
    Status status = Status::pending;
    std::int64_t amount = 0;
    std::optional<Instant> triggered_at{};
    std::optional<Instant> approved_at{};
    EventKind trigger = EventKind::delivered;
    std::int64_t hold_days = 0;
    bool is_enrolled = true;
    std::optional<std::int64_t> four_eyes_above{};
    std::int64_t approvals = 0;  ///< Of this amount, by different people.
};

/// How many people approve what is above the limit.
inline constexpr std::int64_t approvals_wanted = 2;

struct Payable {
    std::optional<Instant> on{};      ///< From when on, as far as it is known.
    std::optional<WhyNot> why_not{};  ///< Nothing: it is payable, or was paid.
    std::string sentence;             ///< The same for people.
};

Payable payable(const PayableFacts& facts, Instant now);

/// Whether it takes two people to approve it.
bool takes_four_eyes(const PayableFacts& facts);

}  // namespace referral::commissions

template <>
struct referral::Names<referral::commissions::WhyNot> {
    using WhyNot = commissions::WhyNot;
    static constexpr std::array<std::pair<WhyNot, std::string_view>, 9> list{
        {{WhyNot::trigger, "trigger"},
         {WhyNot::days, "days"},
         {WhyNot::enrolment, "enrolment"},
         {WhyNot::job, "job"},
         {WhyNot::four_eyes, "four_eyes"},
         {WhyNot::held, "held"},
         {WhyNot::nothing, "nothing"},
         {WhyNot::rejected, "rejected"},
         {WhyNot::canceled, "canceled"}}};
};

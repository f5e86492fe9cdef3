#pragma once

/// What can become of a commission, as one table, and what is posted with it. Pure.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/names.hpp"
#include "ledger/ledger.hpp"

namespace referral::commissions {

enum class Status { pending, approved, in_payout, paid, held, rejected, canceled };

/// What moves a commission from one status to another. The last three are a payout's, which posts
/// for all its commissions together.
enum class Action { approve, hold, release, reject, cancel, batch, settle, fail };

/// How a commission stands before something happens to it.
struct Standing {
    Status status = Status::pending;
    Status held_from = Status::pending;  ///< Of a held one: where `release` leads.
    std::int64_t amount = 0;             ///< What is posted of it.
    bool is_accrued = false;             ///< Something was posted of it before.
};

/// Where an action leads, or nothing: it is not on the list and is refused.
std::optional<Status> after(const Standing& standing, Action action);

/// A posting, but for whom and what it is about.
struct Move {
    ledger::PostingKind kind;
    std::int64_t amount = 0;
    ledger::Stage stage = ledger::Stage::pending;

    friend bool operator==(const Move&, const Move&) = default;
};

/// What an action posts. Nothing moves where there is nothing.
std::vector<Move> moves_of(const Standing& standing, Action action);

/// What is posted when the amount changes by `difference`, in whatever status. What a paid
/// commission loses is clawed back; rejected and canceled ones do not change.
std::vector<Move> moves_of_change(const Standing& standing, std::int64_t difference);

}  // namespace referral::commissions

template <>
struct referral::Names<referral::commissions::Status> {
    using Status = commissions::Status;
    static constexpr std::array<std::pair<Status, std::string_view>, 7> list{
        {{Status::pending, "pending"},
         {Status::approved, "approved"},
         {Status::in_payout, "in_payout"},
         {Status::paid, "paid"},
         {Status::held, "held"},
         {Status::rejected, "rejected"},
         {Status::canceled, "canceled"}}};
};

template <>
struct referral::Names<referral::commissions::Action> {
    using Action = commissions::Action;
    static constexpr std::array<std::pair<Action, std::string_view>, 8> list{
        {{Action::approve, "approve"},
         {Action::hold, "hold"},
         {Action::release, "release"},
         {Action::reject, "reject"},
         {Action::cancel, "cancel"},
         {Action::batch, "batch"},
         {Action::settle, "settle"},
         {Action::fail, "fail"}}};
};

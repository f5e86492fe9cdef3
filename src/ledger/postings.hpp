#pragma once

/// What can be posted, and between which accounts each posting moves money. Pure.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "accounts/accounts.hpp"
#include "base/money.hpp"
#include "base/names.hpp"
#include "programs/programs.hpp"

namespace referral::ledger {

using accounts::UserId;
using programs::ProgramId;

/// The first four are what is owed to a partner, by currency; the others a program's.
enum class Account {
    pending,             ///< Earned, not approved.
    held,                ///< Stopped until people decide.
    payable,             ///< Approved; below 0 when more was taken back than there was.
    in_transit,          ///< In a payout on its way.
    commission_expense,  ///< What commissions cost.
    cash_clearing,       ///< What was paid.
    bad_debt,            ///< What partners owe and will not pay.
    fx_gain_loss
};

enum class PostingKind {
    accrue,
    hold,
    release,
    approve,
    batch,
    settle,
    fail,
    adjust,
    claw_back,
    write_off
};

/// Where a commission's money is beside held: what `hold` takes from, `release` gives back to and
/// `adjust` changes.
enum class Stage { pending, payable };

/// One business fact about one partner and program.
struct Posting {
    PostingKind kind = PostingKind::accrue;
    UserId partner{};
    ProgramId program{};
    /// Above 0; of `adjust` what the commission changes by, above or below 0.
    Money amount{};
    Stage stage = Stage::pending;  ///< Of `hold`, `release` and `adjust`.
    std::optional<std::int64_t>
        commission_id{};                      ///< Of `accrue`, `approve`, `adjust`, `claw_back`.
    std::optional<std::int64_t> payout_id{};  ///< Of `batch`, `settle` and `fail`.
    std::string note{};                       ///< At most 500 characters.
};

/// A line of a transaction: a credit is above 0, a debit below.
struct Entry {
    Account account;
    std::int64_t amount;

    friend bool operator==(const Entry&, const Entry&) = default;
};

/// The debit and the credit of a posting; they sum to 0. Refuses: invalid (amount, commission_id,
/// payout_id).
std::array<Entry, 2> entries_of(const Posting& posting);

/// Whether the account is a partner's.
constexpr bool is_partners(Account account) { return account <= Account::in_transit; }

}  // namespace referral::ledger

template <>
struct referral::Names<referral::ledger::Account> {
    using Account = ledger::Account;
    static constexpr std::array<std::pair<Account, std::string_view>, 8> list{
        {{Account::pending, "pending"},
         {Account::held, "held"},
         {Account::payable, "payable"},
         {Account::in_transit, "in_transit"},
         {Account::commission_expense, "commission_expense"},
         {Account::cash_clearing, "cash_clearing"},
         {Account::bad_debt, "bad_debt"},
         {Account::fx_gain_loss, "fx_gain_loss"}}};
};

template <>
struct referral::Names<referral::ledger::PostingKind> {
    using Kind = ledger::PostingKind;
    static constexpr std::array<std::pair<Kind, std::string_view>, 10> list{
        {{Kind::accrue, "accrue"},
         {Kind::hold, "hold"},
         {Kind::release, "release"},
         {Kind::approve, "approve"},
         {Kind::batch, "batch"},
         {Kind::settle, "settle"},
         {Kind::fail, "fail"},
         {Kind::adjust, "adjust"},
         {Kind::claw_back, "claw_back"},
         {Kind::write_off, "write_off"}}};
};

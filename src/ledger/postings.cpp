#include "ledger/postings.hpp"

#include <algorithm>
#include <limits>

#include "base/check.hpp"
#include "base/problem.hpp"

namespace referral::ledger {

namespace {

/// What a posting is about beside partner and program.
enum class Subject { commission, payout, any };

/// No account: the one of the posting's stage.
using Side = std::optional<Account>;
constexpr Side of_stage = std::nullopt;

struct Rule {
    PostingKind kind;
    Side debit, credit;
    Subject subject;
};

constexpr std::array<Rule, 10> rules{{
    {PostingKind::accrue, Account::commission_expense, Account::pending, Subject::commission},
    {PostingKind::hold, of_stage, Account::held, Subject::any},
    {PostingKind::release, Account::held, of_stage, Subject::any},
    {PostingKind::approve, Account::pending, Account::payable, Subject::commission},
    {PostingKind::batch, Account::payable, Account::in_transit, Subject::payout},
    {PostingKind::settle, Account::in_transit, Account::cash_clearing, Subject::payout},
    {PostingKind::fail, Account::in_transit, Account::payable, Subject::payout},
    // A change of +1 is such a pair, one of -1 its opposite.
    {PostingKind::adjust, Account::commission_expense, of_stage, Subject::commission},
    {PostingKind::claw_back, Account::payable, Account::commission_expense, Subject::commission},
    {PostingKind::write_off, Account::bad_debt, Account::payable, Subject::any},
}};

void check(const Posting& posting, Subject subject) {
    const std::int64_t amount = posting.amount.minor;
    const bool signed_amount = posting.kind == PostingKind::adjust;
    if (amount == 0 || amount == std::numeric_limits<std::int64_t>::min())
        throw invalid("amount", "must not be 0");
    if (amount < 0 && !signed_amount) throw invalid("amount", "must be above 0");
    if (subject == Subject::commission && !posting.commission_id)
        throw invalid("commission_id", "is required");
    if ((subject == Subject::payout) != posting.payout_id.has_value())
        throw invalid("payout_id", posting.payout_id ? "does not belong here" : "is required");
}

}  // namespace

std::array<Entry, 2> entries_of(const Posting& posting) {
    const auto rule = std::ranges::find(rules, posting.kind, &Rule::kind);
    CHECK(rule != rules.end());
    check(posting, rule->subject);
    const Account stage = posting.stage == Stage::pending ? Account::pending : Account::payable;
    return {{{rule->debit.value_or(stage), -posting.amount.minor},
             {rule->credit.value_or(stage), posting.amount.minor}}};
}

}  // namespace referral::ledger

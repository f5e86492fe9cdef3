#include "commissions/books.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "commissions/commission_queries.hpp"

namespace referral::commissions {

namespace {

namespace json = schema::json;

json::value shown(const CommissionRow& row, const Currency& currency) {
    return json::object{
        {"status", json::string(name_of(row.status))},
        {"amount", json::string(to_text(Money{row.amount, currency}))},
        {"manual_amount", json::string(to_text(Money{row.manual, currency}))},
        {"currency", json::string(currency.text())},
        {"user_id", json::string(row.user_id.text())},
        {"conversion_id", json::string(row.conversion_id.text())},
    };
}

std::optional<std::string> text_or_nothing(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace

void Books::count(const Change& change) {
    const CommissionRow& row = change.after;
    const std::int64_t difference = row.computed - change.before.computed;
    const std::int64_t unsplit =
        row.qualifies
            ? unsplit_max(row.weights, static_cast<std::size_t>(row.own_weight), row.computed)
            : 0;
    if (difference == 0 && unsplit == 0) return;
    for (const RuleId budget : {whole_program, row.rule_id}) {
        Spending& sum = spending_[budget];
        sum.difference += difference;
        sum.unsplit = std::max(sum.unsplit, unsplit);
    }
}

void Books::add(Change change) {
    count(change);
    const auto result = [](const CommissionRow& row) {
        return std::tuple(row.computed, row.manual, row.reason, row.qualifies, row.counted);
    };
    if (change.is_silent && result(change.before) == result(change.after)) return;
    changes_.push_back(std::move(change));
}

void Books::write() {
    std::set<UserId> partners;
    for (const Change& change : changes_)
        if (!change.moves.empty()) partners.insert(change.before.user_id);
    lock_partners(tx_, partners);
    std::ranges::sort(changes_, {}, [](const Change& change) {
        return std::pair(change.before.user_id, change.before.id);
    });
    for (const Change& change : changes_) write(change);
    spend();
    changes_.clear();
}

/// Also where no budget is in sight: one may come meanwhile (migration 0018).
void Books::spend() {
    if (spending_.empty()) return;
    std::vector<RuleId> budgets;
    std::vector<std::int64_t> differences, unsplit;
    for (const auto& [budget, sum] : spending_) {
        budgets.push_back(budget);
        differences.push_back(sum.difference);
        unsplit.push_back(sum.unsplit);
    }
    tx_.run_for_effect(sql::spend, program_.id, budgets, differences, unsplit);
    spending_.clear();
}

void Books::write(const Change& change) {
    const CommissionRow& row = change.after;
    tx_.run_for_effect(sql::set_result, row.id, row.computed, row.manual, row.amount, row.reason,
                       row.qualifies, row.counted, row.status, row.held_from,
                       row.is_accrued || !change.moves.empty(), now_);
    if (change.is_silent) return;
    post(change);
    tell(change);
}

void Books::post(const Change& change) {
    for (const Move& move : change.moves)
        ledger::post(tx_,
                     {.kind = move.kind,
                      .partner = change.before.user_id,
                      .program = program_.id,
                      .amount = {move.amount, program_.currency},
                      .stage = move.stage,
                      .commission_id = change.before.id.value},
                     now_);
}

void Books::tell(const Change& change) {
    const CommissionRow &before = change.before, &after = change.after;
    tx_.run_for_effect(sql::insert_change, after.id, change.action,
                       change.is_new ? std::nullopt : std::optional(before.status), after.status,
                       before.amount, after.amount, now_, actor_.user_id,
                       text_or_nothing(change.reason));
    const std::string action = "commissions." + change.action;
    audit::Entry entry{.action = action,
                       .object_type = "commission",
                       .object_id = after.id.text(),
                       .after = shown(after, program_.currency),
                       .reason = change.reason};
    if (!change.is_new) entry.before = shown(before, program_.currency);
    audit::note(tx_, actor_, entry, now_);
}

}  // namespace referral::commissions

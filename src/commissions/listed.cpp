#include "commissions/listed.hpp"

#include "commissions/commission_queries.hpp"
#include "commissions/schemas.hpp"

namespace referral::commissions {

namespace {

std::string decimal(std::int64_t minor, const Currency& currency) {
    return to_text(Money{minor, currency});
}

}  // namespace

PayableFacts CommissionListRow::payable_facts() const {
    return {.status = status,
            .amount = amount,
            .triggered_at = triggered_at,
            .approved_at = approved_at,
            .trigger = trigger,
            .hold_days = hold_days,
            .is_enrolled = is_enrolled.value_or(false),
            .four_eyes_above = four_eyes_above,
            .approvals = approvals};
}

Commission shown(const CommissionListRow& row, Instant now) {
    const PayableFacts facts = row.payable_facts();
    Payable paid = payable(facts, now);
    Commission view{.id = row.id,
                    .conversion_id = row.conversion_id,
                    .program_id = row.program_id,
                    .program_name = row.program_name,
                    .customer_id = row.customer_id,
                    .user_id = row.user_id,
                    .user_name = row.user_name,
                    .credited_user_id = row.credited_id,
                    .credited_user_name = row.credited_name,
                    .level = row.level,
                    .rule_id = row.rule_id,
                    .rule_version = row.rule_version,
                    .rule_name = row.rule_name,
                    .event_kind = row.event_kind,
                    .source = row.source,
                    .external_id = row.external_id,
                    .occurred_at = row.occurred_at,
                    .amount = decimal(row.amount, row.currency),
                    .computed_amount = decimal(row.computed, row.currency),
                    .manual_amount = decimal(row.manual, row.currency),
                    .currency = row.currency,
                    .reason = row.reason,
                    .status = row.status,
                    .held_from = row.held_from,
                    .payable_on = paid.on,
                    .why_not_payable = paid.why_not,
                    .payable_sentence = std::move(paid.sentence),
                    .approved_at = row.approved_at,
                    .created_at = row.created_at,
                    .updated_at = row.updated_at};
    if (row.status == Status::pending && takes_four_eyes(facts))
        view.approvals_missing = std::max<std::int64_t>(approvals_wanted - row.approvals, 0);
    return view;
}

Commission get(db::Transaction& tx, CommissionId id, CommissionOwner owner, Instant now) {
    if (const auto row = tx.maybe(sql::get, id, owner)) return shown(*row, now);
    throw not_found("commission");
}

CommissionPage list(db::Transaction& tx, const CommissionFilter& filter, CommissionOwner owner,
                    Instant now) {
    std::optional<CommissionId> after;
    if (filter.cursor) {
        const auto& parts = filter.cursor->parts();
        if (parts.size() == 1) after = CommissionId::parse(parts[0]);
        if (!after) throw invalid("cursor", "must be " + std::string(schema::Cursor::rule));
    }
    const std::int64_t limit = schema::rows_of(filter.limit);
    CommissionPage page;
    for (const CommissionListRow& row :
         tx.all(sql::list, owner, filter.status, filter.user_id, filter.program_id,
                filter.conversion_id, filter.rule_id, filter.customer_id, filter.from, filter.to,
                after, limit + 1))
        page.commissions.push_back(shown(row, now));
    if (page.commissions.size() <= static_cast<std::size_t>(limit)) return page;
    page.commissions.pop_back();
    page.next_cursor = schema::Cursor({page.commissions.back().id.text()}).text();
    return page;
}

std::vector<CommissionChange> changes(db::Transaction& tx, CommissionId id, CommissionOwner owner) {
    if (!tx.maybe(sql::place, id, owner)) throw not_found("commission");
    return tx.all(sql::changes, id);
}

std::vector<CommissionSum> sums(db::Transaction& tx, const SumFilter& filter,
                                CommissionOwner owner) {
    return tx.all(sql::sums, owner, filter.user_id, filter.program_id);
}

}  // namespace referral::commissions

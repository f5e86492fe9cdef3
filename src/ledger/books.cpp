#include "ledger/books.hpp"

#include "base/problem.hpp"
#include "ledger/queries.hpp"

namespace referral::ledger {

namespace {

/// The only part of a list's cursor.
template <class Id>
std::optional<Id> behind(const std::optional<schema::Cursor>& cursor) {
    if (!cursor) return std::nullopt;
    const auto& parts = cursor->parts();
    const auto id = parts.size() == 1 ? Id::parse(parts[0]) : std::nullopt;
    if (!id) throw invalid("cursor", "must be " + std::string(schema::Cursor::rule));
    return id;
}

}  // namespace

AccountPage list_accounts(db::Transaction& tx, const AccountFilter& filter, Owner owner) {
    const std::int64_t limit = schema::rows_of(filter.limit);
    AccountPage page{
        .accounts = tx.all(sql::accounts, owner, filter.account, filter.user_id, filter.program_id,
                           filter.currency, behind<AccountId>(filter.cursor), limit + 1),
        .next_cursor = {}};
    if (page.accounts.size() <= static_cast<std::size_t>(limit)) return page;
    page.accounts.pop_back();
    page.next_cursor = schema::Cursor({page.accounts.back().id.text()}).text();
    return page;
}

EntryPage list_entries(db::Transaction& tx, const EntryFilter& filter, Owner owner) {
    const std::int64_t limit = schema::rows_of(filter.limit);
    auto transactions = tx.all(sql::transaction_ids, owner, filter.user_id, filter.program_id,
                               filter.commission_id, filter.payout_id, filter.from, filter.to,
                               behind<TransactionId>(filter.cursor), limit + 1);
    EntryPage page;
    if (transactions.size() > static_cast<std::size_t>(limit)) {
        transactions.pop_back();
        page.next_cursor = schema::Cursor({transactions.back().text()}).text();
    }
    page.entries = tx.all(sql::entries, transactions, filter.account, owner);
    return page;
}

std::vector<PeriodRow> list_periods(db::Transaction& tx, std::optional<ProgramId> program) {
    return tx.all(sql::periods, program);
}

}  // namespace referral::ledger

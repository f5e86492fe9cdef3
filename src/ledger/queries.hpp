#pragma once

/// Every statement of this folder. Three read tables of others, and only read: lists show the names
/// of users and programs, and I3 holds `commissions` against the entries.

#include "ledger/schemas.hpp"
#include "platform/db/hash_chain.hpp"
#include "platform/db/query.hpp"

namespace referral::ledger::sql {

using db::Nothing, db::Query;
using OptionalText = std::optional<std::string>;
using OptionalNumber = std::optional<std::int64_t>;

inline constexpr Query<std::int64_t(UserId, Currency, Account)> partner_account{R"sql(
    select id from ledger_accounts where user_id = $1 and currency = $2 and kind = $3
)sql"};

inline constexpr Query<std::int64_t(ProgramId, Currency, Account)> program_account{R"sql(
    select id from ledger_accounts where program_id = $1 and currency = $2 and kind = $3
)sql"};

inline constexpr Query<Nothing(std::optional<UserId>, std::optional<ProgramId>, Currency, Account)>
    insert_account{R"sql(
    insert into ledger_accounts (user_id, program_id, currency, kind) values ($1, $2, $3, $4)
    on conflict do nothing
)sql"};

/// The transaction, its entries (accounts and amounts) and its place in the queue for the chain.
inline constexpr Query<TransactionId(PostingKind, UserId, ProgramId, Currency, OptionalNumber,
                                     OptionalNumber, Instant, OptionalText,
                                     std::vector<std::int64_t>, std::vector<std::int64_t>)>
    insert{R"sql(
    with added as (
        insert into ledger_transactions (posting, user_id, program_id, currency, commission_id,
                                         payout_id, posted_at, note)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        returning id
    ), entries as (
        insert into ledger_entries (transaction_id, number, account_id, amount)
        select added.id, e.number, e.account_id, e.amount
        from added, unnest($9::bigint[], $10::bigint[]) with ordinality
                        as e (account_id, amount, number)
        order by e.number
    ), waiting as (
        insert into ledger_unchained (transaction_id) select id from added
    )
    select id from added
)sql"};

inline constexpr Query<std::tuple<Account, std::int64_t>(UserId, Currency)> balances{R"sql(
    select a.kind, b.balance
    from ledger_accounts a join ledger_balances b on b.account_id = a.id
    where a.user_id = $1 and a.currency = $2
    limit 4
)sql"};

inline constexpr Query<std::int64_t(UserId, Currency)> paid{R"sql(
    select coalesce(sum(e.amount), 0)::bigint
    from ledger_transactions t
    join ledger_entries e on e.transaction_id = t.id
    join ledger_accounts a on a.id = e.account_id and a.kind = 'cash_clearing'
    where t.user_id = $1 and t.currency = $2 and t.posting = 'settle'
)sql"};

inline constexpr Query<TrialBalanceRow()> trial_balance{R"sql(
    select a.kind as account, a.currency,
           coalesce(-sum(e.amount) filter (where e.amount < 0), 0)::bigint as debits,
           coalesce(sum(e.amount) filter (where e.amount > 0), 0)::bigint as credits
    from ledger_accounts a join ledger_entries e on e.account_id = a.id
    group by a.kind, a.currency
    order by a.currency, a.kind
    limit 10000
)sql"};

inline constexpr Query<AccountRow(OptionalNumber, std::optional<Account>, std::optional<UserId>,
                                  std::optional<ProgramId>, std::optional<Currency>,
                                  std::optional<AccountId>, std::int64_t)>
    accounts{R"sql(
    select a.id, a.kind as account, a.user_id, u.name as user_name, a.program_id,
           p.name as program_name, a.currency,
           coalesce(b.balance, (select sum(e.amount) from ledger_entries e
                                where e.account_id = a.id), 0)::bigint as balance
    from ledger_accounts a
    left join ledger_balances b on b.account_id = a.id
    left join users u on u.id = a.user_id
    left join programs p on p.id = a.program_id
    where ($1::bigint is null or a.user_id = $1)
      and ($2::text is null or a.kind = $2)
      and ($3::bigint is null or a.user_id = $3)
      and ($4::bigint is null or a.program_id = $4)
      and ($5::text is null or a.currency = $5)
      and ($6::bigint is null or a.id > $6)
    order by a.id
    limit $7
)sql"};

inline constexpr Query<TransactionId(
    OptionalNumber, std::optional<UserId>, std::optional<ProgramId>, std::optional<CommissionId>,
    std::optional<PayoutId>, std::optional<Instant>, std::optional<Instant>,
    std::optional<TransactionId>, std::int64_t)>
    transaction_ids{R"sql(
    select id from ledger_transactions
    where ($1::bigint is null or user_id = $1)
      and ($2::bigint is null or user_id = $2)
      and ($3::bigint is null or program_id = $3)
      and ($4::bigint is null or commission_id = $4)
      and ($5::bigint is null or payout_id = $5)
      and ($6::timestamptz is null or posted_at >= $6)
      and ($7::timestamptz is null or posted_at < $7)
      and ($8::bigint is null or id < $8)
    order by id desc
    limit $9
)sql"};

/// Of transactions; on accounts of a kind, or all; of an owner's own accounts, or all.
inline constexpr Query<EntryRow(std::vector<TransactionId>, std::optional<Account>, OptionalNumber)>
    entries{R"sql(
    select t.id as transaction_id, e.number, t.posting, a.kind as account, t.user_id,
           u.name as user_name, t.program_id, t.commission_id, t.payout_id, t.currency, e.amount,
           t.posted_at, t.period, t.note
    from ledger_transactions t
    join ledger_entries e on e.transaction_id = t.id
    join ledger_accounts a on a.id = e.account_id
    join users u on u.id = t.user_id
    where t.id = any ($1)
      and ($2::text is null or a.kind = $2)
      and ($3::bigint is null or a.user_id = $3)
    order by t.id desc, e.number
    limit 20000
)sql"};

inline constexpr Query<PeriodRow(std::optional<ProgramId>)> periods{R"sql(
    select coalesce(t.program_id, c.program_id) as program_id, p.name as program_name,
           coalesce(t.period, c.period) as period,
           coalesce(t.transactions, 0) as transactions, c.closed_at, c.closed_by,
           u.name as closed_by_name
    from (
        select program_id, period, count(*) as transactions
        from ledger_transactions
        where $1::bigint is null or program_id = $1
        group by program_id, period
    ) t
    full join (
        select program_id, period, closed_at, closed_by
        from ledger_closed_periods
        where $1::bigint is null or program_id = $1
    ) c on c.program_id = t.program_id and c.period = t.period
    join programs p on p.id = coalesce(t.program_id, c.program_id)
    left join users u on u.id = c.closed_by
    order by 3 desc, 1
    limit 1000
)sql"};

/// The count is made by the table's trigger.
inline constexpr Query<Nothing(ProgramId, Day, Instant, UserId)> close_period{R"sql(
    insert into ledger_closed_periods (program_id, period, closed_at, closed_by, transactions)
    values ($1, $2, $3, $4, 0)
)sql"};

/// How many were checked, how many are wrong, the first of these.
using Found = std::tuple<std::int64_t, std::int64_t, OptionalText>;

inline constexpr Query<Found()> unbalanced{R"sql(
    select count(*), count(*) filter (where wrong), (min(id) filter (where wrong))::text
    from (
        select t.id, count(e.amount) < 2 or sum(e.amount) <> 0 or
                     bool_or(a.currency <> t.currency) as wrong
        from ledger_transactions t
        left join ledger_entries e on e.transaction_id = t.id
        left join ledger_accounts a on a.id = e.account_id
        group by t.id
    ) checked
)sql"};

inline constexpr Query<Found()> negative{R"sql(
    select count(*), count(*) filter (where wrong), (min(id) filter (where wrong))::text
    from (
        select a.id, coalesce(sum(e.amount), 0) < 0 as wrong
        from ledger_accounts a left join ledger_entries e on e.account_id = a.id
        where a.kind in ('pending', 'held', 'in_transit')
        group by a.id
    ) checked
)sql"};

/// What a commission says it is = what was posted of it on expense.
inline constexpr Query<Found()> unlike_commissions{R"sql(
    select count(*), count(*) filter (where wrong), (min(id) filter (where wrong))::text
    from (
        select c.id, c.amount <> coalesce(-posted.amount, 0) as wrong
        from commissions c
        left join (
            select t.commission_id, sum(e.amount) as amount
            from ledger_transactions t
            join ledger_entries e on e.transaction_id = t.id
            join ledger_accounts a on a.id = e.account_id and a.kind = 'commission_expense'
            where t.commission_id is not null
            group by t.commission_id
        ) posted on posted.commission_id = c.id
    ) checked
)sql"};

inline constexpr Query<Found()> cached_wrongly{R"sql(
    select count(*), count(*) filter (where wrong), (min(id) filter (where wrong))::text
    from (
        select a.id, min(b.balance) is distinct from coalesce(sum(e.amount), 0) as wrong
        from ledger_accounts a
        left join ledger_balances b on b.account_id = a.id
        left join ledger_entries e on e.account_id = a.id
        where a.user_id is not null
        group by a.id
    ) checked
)sql"};

/// What commissions cost = what is owed, by the balances, and what was paid and written off, by the
/// entries.
inline constexpr Query<Found()> unaccounted{R"sql(
    with entries as (
        select a.currency,
               -sum(e.amount) filter (where a.kind = 'commission_expense') as cost,
               sum(e.amount) filter (where a.kind in ('cash_clearing', 'bad_debt', 'fx_gain_loss'))
                   as gone
        from ledger_accounts a join ledger_entries e on e.account_id = a.id
        where a.program_id is not null
        group by a.currency
    ), owed as (
        select a.currency, sum(b.balance) as balance
        from ledger_accounts a join ledger_balances b on b.account_id = a.id
        group by a.currency
    )
    select count(*), count(*) filter (where wrong), min(currency) filter (where wrong)
    from (
        select currency, coalesce(cost, 0) <> coalesce(balance, 0) + coalesce(gone, 0) as wrong
        from entries full join owed using (currency)
    ) checked
)sql"};

inline constexpr Query<Found()> posted_to_closed{R"sql(
    select count(*), count(*) filter (where wrong),
           min(program_id || ' ' || period) filter (where wrong)
    from (
        select c.program_id, c.period, count(t.id) <> c.transactions as wrong
        from ledger_closed_periods c
        left join ledger_transactions t on t.program_id = c.program_id and t.period = c.period
        group by c.program_id, c.period
    ) checked
)sql"};

/// A transaction that neither is in the chain nor waits for it.
inline constexpr Query<std::int64_t()> smuggled{R"sql(
    select t.id from ledger_transactions t
    where not exists (select from ledger_chain c where c.transaction_id = t.id)
      and not exists (select from ledger_unchained u where u.transaction_id = t.id)
    order by t.id
    limit 1
)sql"};

inline constexpr Query<bool()> try_lock_chain{"select pg_try_advisory_xact_lock(7305214903)"};

inline constexpr Query<std::tuple<std::int64_t, std::string>()> chain_head{R"sql(
    select sequence, encode(hash, 'hex') from ledger_chain order by sequence desc limit 1
)sql"};

constexpr std::int64_t unchained_rows_max = 1'000;

/// Transactions that wait for the chain: number, time and canonical form. That form stands here and
/// in `chain_page`, and changes in neither: hashes of years are made of it.
inline constexpr Query<std::tuple<std::int64_t, std::string, std::string>()> unchained{R"sql(
    select t.id, t.posted_at::text,
           json_build_array(t.id, t.posting, t.user_id, t.program_id, t.currency, t.commission_id,
                            t.payout_id, t.posted_at::text, t.period::text, t.note,
                            (select json_agg(json_build_array(e.number, a.id, a.kind, a.user_id,
                                                              a.program_id, a.currency, e.amount)
                                             order by e.number)
                             from ledger_entries e join ledger_accounts a on a.id = e.account_id
                             where e.transaction_id = t.id))::text
    from ledger_unchained u join ledger_transactions t on t.id = u.transaction_id
    order by t.id
    limit 1000
)sql"};

inline constexpr Query<Nothing(std::vector<std::int64_t>, std::vector<std::int64_t>,
                               std::vector<std::string>, std::vector<std::string>)>
    insert_chained{R"sql(
    insert into ledger_chain (sequence, transaction_id, posted_at, row_hash, hash)
    select added.sequence, added.transaction_id, t.posted_at, decode(added.row_hash, 'hex'),
           decode(added.hash, 'hex')
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[])
             as added (sequence, transaction_id, row_hash, hash)
    join ledger_transactions t on t.id = added.transaction_id
)sql"};

inline constexpr Query<Nothing(std::vector<std::int64_t>)> delete_unchained{R"sql(
    delete from ledger_unchained where transaction_id = any ($1)
)sql"};

constexpr std::int64_t chain_page_rows = 5'000;

/// A place of the chain: sequence, transaction, time, row hash, hash, and the transaction's
/// canonical form, when it is there.
using ChainPageRow =
    std::tuple<std::int64_t, std::int64_t, std::string, std::string, std::string, OptionalText>;

/// Places behind $1.
inline constexpr Query<ChainPageRow(std::int64_t, std::int64_t)> chain_page{R"sql(
    select c.sequence, c.transaction_id, c.posted_at::text, encode(c.row_hash, 'hex'),
           encode(c.hash, 'hex'),
           case when t.id is not null then
           json_build_array(t.id, t.posting, t.user_id, t.program_id, t.currency, t.commission_id,
                            t.payout_id, t.posted_at::text, t.period::text, t.note,
                            (select json_agg(json_build_array(e.number, a.id, a.kind, a.user_id,
                                                              a.program_id, a.currency, e.amount)
                                             order by e.number)
                             from ledger_entries e join ledger_accounts a on a.id = e.account_id
                             where e.transaction_id = t.id))::text end
    from ledger_chain c left join ledger_transactions t on t.id = c.transaction_id
    where c.sequence > $1
    order by c.sequence
    limit $2
)sql"};

}  // namespace referral::ledger::sql

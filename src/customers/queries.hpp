#pragma once

/// Every statement of this folder. `list` and `shown` read conversions and attribution_credits,
/// which stand above: a partner sees the customers of conversions that are its own, and no others.

#include <tuple>

#include "customers/schemas.hpp"
#include "platform/db/query.hpp"

namespace referral::customers::sql {

using db::Nothing, db::Query;
using Texts = std::vector<std::string>;
using MaybeText = std::optional<std::string>;

/// Taken in the order of their numbers, so that nobody waits in a circle. $1 says what they are of.
inline constexpr Query<std::string(std::string, Texts)> lock_keys{R"sql(
    select pg_advisory_xact_lock(hashtext($1), key)::text
    from (select distinct hashtext(w.text) as key from unnest($2::text[]) w(text)
          order by key) keys
    limit 10
)sql"};

// Customers.

inline constexpr Query<Customer(std::string)> by_external_id{R"sql(
    select id, account_id, external_id, email, name, phone, country, first_seen_at, created_at,
           updated_at
    from customers where external_id = $1 for no key update
)sql"};

/// Whom only the mailbox tells apart first, then the oldest.
inline constexpr Query<Customer(std::string)> by_mailbox{R"sql(
    select id, account_id, external_id, email, name, phone, country, first_seen_at, created_at,
           updated_at
    from customers where mailbox = $1
    order by external_id is not null, id limit 1 for no key update
)sql"};

inline constexpr Query<Customer(std::string)> by_mailbox_alone{R"sql(
    select id, account_id, external_id, email, name, phone, country, first_seen_at, created_at,
           updated_at
    from customers where mailbox = $1 and external_id is null for no key update
)sql"};

inline constexpr Query<Customer(CustomerId)> find{R"sql(
    select id, account_id, external_id, email, name, phone, country, first_seen_at, created_at,
           updated_at
    from customers where id = $1
)sql"};

/// external_id, email, mailbox, name, phone, country, first_seen_at, now.
inline constexpr Query<Customer(MaybeText, MaybeText, MaybeText, MaybeText, MaybeText, MaybeText,
                                Instant, Instant)>
    insert{R"sql(
    insert into customers (external_id, email, mailbox, name, phone, country, first_seen_at,
                           created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
    returning id, account_id, external_id, email, name, phone, country, first_seen_at, created_at,
              updated_at
)sql"};

/// What is known stays, what was not is added. id, account, then as above.
inline constexpr Query<Customer(CustomerId, std::optional<AccountId>, MaybeText, MaybeText,
                                MaybeText, MaybeText, MaybeText, MaybeText, Instant, Instant)>
    learn{R"sql(
    update customers
    set account_id = coalesce(account_id, $2), external_id = coalesce(external_id, $3),
        email = coalesce(email, $4), mailbox = coalesce(mailbox, $5), name = coalesce(name, $6),
        phone = coalesce(phone, $7), country = coalesce(country, $8),
        first_seen_at = least(first_seen_at, $9), updated_at = $10
    where id = $1
    returning id, account_id, external_id, email, name, phone, country, first_seen_at, created_at,
              updated_at
)sql"};

inline constexpr Query<Customer(CustomerId)> lock{R"sql(
    select id, account_id, external_id, email, name, phone, country, first_seen_at, created_at,
           updated_at
    from customers where id = $1 for no key update
)sql"};

inline constexpr Query<CustomerId(AccountId, std::int64_t)> customers_of{R"sql(
    select id from customers where account_id = $1 order by id limit $2
)sql"};

/// owner, account, q, cursor's time and id, limit. A partner's are those of its conversions.
inline constexpr Query<CustomerRow(std::optional<std::int64_t>, std::optional<AccountId>, MaybeText,
                                   std::optional<Instant>, std::optional<CustomerId>, std::int64_t)>
    list{R"sql(
    select c.id, c.account_id, a.name as company, c.external_id, c.email, c.name, c.phone,
           c.country, c.first_seen_at, c.created_at, c.updated_at
    from customers c
    left join accounts a on a.id = c.account_id
    where ($1::bigint is null or c.id = any (array(
               select v.customer_id
               from attribution_credits r join conversions v on v.id = r.conversion_id
               where r.user_id = $1)))
      and ($2::bigint is null or c.account_id = $2)
      and ($3::text is null or c.external_id = $3 or c.mailbox = lower($3)
           or strpos(lower(c.name), lower($3)) > 0 or strpos(lower(a.name), lower($3)) > 0)
      and ($5::bigint is null or (c.created_at, c.id) < ($4::timestamptz, $5))
    order by c.created_at desc, c.id desc
    limit $6
)sql"};

inline constexpr Query<CustomerRow(CustomerId, std::optional<std::int64_t>)> shown{R"sql(
    select c.id, c.account_id, a.name as company, c.external_id, c.email, c.name, c.phone,
           c.country, c.first_seen_at, c.created_at, c.updated_at
    from customers c
    left join accounts a on a.id = c.account_id
    where c.id = $1
      and ($2::bigint is null or exists (
               select from conversions v join attribution_credits r on r.conversion_id = v.id
               where v.customer_id = c.id and r.user_id = $2))
)sql"};

// Accounts.

/// By TMS id, MC number, DOT number, domain, in this order.
inline constexpr Query<AccountId(MaybeText, MaybeText, MaybeText, MaybeText)> find_account{R"sql(
    select id from (
        select id, 1 as rank from accounts where tms_id = $1
        union all select id, 2 from accounts where mc_number = $2
        union all select id, 3 from accounts where dot_number = $3
        union all select account_id, 4 from account_domains where domain = $4) found
    order by rank limit 1
)sql"};

inline constexpr Query<Account(AccountId)> account{R"sql(
    select a.id, a.name, array(select domain from account_domains d where d.account_id = a.id
                               order by domain limit 100) as domains,
           a.mc_number, a.dot_number, a.tms_id, a.country, a.first_known_at, a.created_at,
           a.updated_at
    from accounts a where a.id = $1
)sql"};

inline constexpr Query<AccountId(AccountId)> lock_account{R"sql(
    select id from accounts where id = $1 for no key update
)sql"};

/// name, MC, DOT, TMS id, country, first known, now.
inline constexpr Query<AccountId(std::string, MaybeText, MaybeText, MaybeText, MaybeText, Instant,
                                 Instant)>
    insert_account{R"sql(
    insert into accounts (name, mc_number, dot_number, tms_id, country, first_known_at, created_at,
                          updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $7)
    returning id
)sql"};

/// Adds numbers that neither this account nor another has; as above.
inline constexpr Query<Nothing(AccountId, MaybeText, MaybeText, MaybeText, MaybeText, Instant,
                               Instant)>
    learn_account{R"sql(
    update accounts a
    set mc_number = coalesce(a.mc_number, (select $2 where not exists
                                           (select from accounts o where o.mc_number = $2))),
        dot_number = coalesce(a.dot_number, (select $3 where not exists
                                             (select from accounts o where o.dot_number = $3))),
        tms_id = coalesce(a.tms_id, (select $4 where not exists
                                     (select from accounts o where o.tms_id = $4))),
        country = coalesce(a.country, $5), first_known_at = least(a.first_known_at, $6),
        updated_at = $7
    where a.id = $1
)sql"};

inline constexpr Query<Nothing(std::string, AccountId, Instant)> add_domain{R"sql(
    insert into account_domains (domain, account_id, created_at) values ($1, $2, $3)
    on conflict do nothing
)sql"};

inline constexpr Query<Nothing(AccountId)> delete_domains{R"sql(
    delete from account_domains where account_id = $1
)sql"};

/// name, MC, DOT, TMS id, country, first known, now.
inline constexpr Query<Nothing(AccountId, std::string, MaybeText, MaybeText, MaybeText, MaybeText,
                               Instant, Instant)>
    change_account{R"sql(
    update accounts
    set name = $2, mc_number = $3, dot_number = $4, tms_id = $5, country = $6, first_known_at = $7,
        updated_at = $8
    where id = $1
)sql"};

inline constexpr Query<Account(MaybeText, std::optional<Instant>, std::optional<AccountId>,
                               std::int64_t)>
    list_accounts{R"sql(
    select a.id, a.name, array(select domain from account_domains d where d.account_id = a.id
                               order by domain limit 100) as domains,
           a.mc_number, a.dot_number, a.tms_id, a.country, a.first_known_at, a.created_at,
           a.updated_at
    from accounts a
    where ($1::text is null or strpos(lower(a.name), lower($1)) > 0 or a.mc_number = $1
           or a.dot_number = $1 or a.tms_id = $1
           or exists (select from account_domains d
                      where d.account_id = a.id and d.domain = lower($1)))
      and ($3::bigint is null or (a.created_at, a.id) < ($2::timestamptz, $3))
    order by a.created_at desc, a.id desc
    limit $4
)sql"};

}  // namespace referral::customers::sql

#pragma once

#include "platform/db/query.hpp"
#include "platform/mail/schemas.hpp"

namespace referral::mail::sql {

using db::Nothing, db::Query;

/// No row when the key was used: the unique index decides.
inline constexpr Query<MailId(std::string, std::string, schema::json::value, bool,
                              std::optional<std::string>, Instant)>
    insert{R"sql(
    insert into mails (to_address, template, details, secret, dedupe_key, created_at)
    values ($1, $2, $3, $4, $5, $6)
    on conflict (dedupe_key) do nothing
    returning id
)sql"};

/// Takes a mail that is to be sent, until $3, unless somebody has it at $2. A failed one is tried
/// again when its job is replayed.
inline constexpr Query<Outgoing(MailId, Instant, Instant)> take{R"sql(
    update mails
    set attempts = attempts + 1, sending_until = $3
    where id = $1 and state in ('waiting', 'failed') and details is not null
      and (sending_until is null or sending_until <= $2)
    returning id, to_address, template, details, secret, attempts, created_at
)sql"};

/// The state of a mail, and whether its values are still there.
inline constexpr Query<std::tuple<State, bool>(MailId)> state{R"sql(
    select state, details is not null from mails where id = $1
)sql"};

/// It has left (sent) or is there to be seen (shown).
inline constexpr Query<Nothing(MailId, State, Instant)> note_sent{R"sql(
    update mails
    set state = $2, sent_at = $3, last_error = null, sending_until = null,
        details = case when secret and $2 = 'sent' then null else details end
    where id = $1
)sql"};

/// A try came to nothing: waiting for the next, or failed.
inline constexpr Query<Nothing(MailId, State, std::string)> note_failure{R"sql(
    update mails
    set state = $2, last_error = $3, sending_until = null,
        details = case when secret and $2 = 'failed' then null else details end
    where id = $1
)sql"};

inline constexpr Query<Nothing(Instant)> remove_old{R"sql(
    delete from mails
    where id in (select id from mails where created_at < $1 order by created_at limit 5000)
)sql"};

inline constexpr Query<Nothing()> wipe_shown{R"sql(
    update mails set details = null where state = 'shown' and secret and details is not null
)sql"};

inline constexpr Query<Mail(MailId)> get{R"sql(
    select id, to_address as "to", template, state, secret, attempts, last_error, created_at,
           sent_at
    from mails where id = $1
)sql"};

inline constexpr Query<std::optional<schema::json::value>(MailId)> details{R"sql(
    select details from mails where id = $1
)sql"};

inline constexpr Query<Mail(std::optional<State>, std::optional<std::string>,
                            std::optional<std::string>, std::optional<MailId>, std::int64_t)>
    list{R"sql(
    select id, to_address as "to", template, state, secret, attempts, last_error, created_at,
           sent_at
    from mails
    where ($1::text is null or state = $1) and ($2::text is null or template = $2)
      and ($3::text is null or lower(to_address) = lower($3)) and ($4::bigint is null or id < $4)
    order by id desc
    limit $5
)sql"};

}  // namespace referral::mail::sql

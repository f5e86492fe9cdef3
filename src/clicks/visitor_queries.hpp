#pragma once

/// What attribution asks of clicks.

#include "clicks/queries.hpp"

namespace referral::clicks::sql {

/// id, link, user, program, time, class, visitor.
using StoredClickRow = std::tuple<std::string, std::int64_t, std::int64_t, std::int64_t, Instant,
                                  std::int64_t, std::string>;
/// The id, and between which times to look for it.
constexpr Query<StoredClickRow(std::string, Instant, Instant)> find{R"sql(
    select id, referral_link_id, user_id, program_id, clicked_at, class, visitor
    from link_clicks
    where id = $1::uuid and clicked_at >= $2 and clicked_at < $3
    limit 1
    )sql"};

/// Visitors, program, until when.
constexpr Query<StoredClickRow(Texts, std::int64_t, Instant)> of_visitors{R"sql(
    (select id, referral_link_id, user_id, program_id, clicked_at, class, visitor
     from link_clicks
     where visitor = any($1::uuid[]) and class = 1 and program_id = $2 and clicked_at <= $3
     order by clicked_at desc, id desc limit 100)
    union
    (select id, referral_link_id, user_id, program_id, clicked_at, class, visitor
     from link_clicks
     where visitor = any($1::uuid[]) and class = 1 and program_id = $2 and clicked_at <= $3
     order by clicked_at, id limit 1)
    order by 5 desc, 1 desc
    )sql"};

}  // namespace referral::clicks::sql

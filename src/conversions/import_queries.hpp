#pragma once

#include "conversions/imports.hpp"
#include "platform/db/query.hpp"

template <>
struct referral::db::Sql<referral::conversions::ByField> {
    static Text write(const conversions::ByField& value) { return schema::text_of(value); }
    static conversions::ByField read(View value) {
        return schema::read<conversions::ByField>(schema::parse(required(value)));
    }
};

namespace referral::conversions::sql {

using db::Nothing, db::Query;

/// name, hash in hexadecimal, bytes, columns, mapping, defaults, program, status, rows, by, now.
inline constexpr Query<ImportId(std::string, std::string, std::int64_t, std::vector<std::string>,
                                ByField, ByField, std::optional<ProgramId>, ImportStatus,
                                std::int64_t, UserId, Instant)>
    insert_import{R"sql(
    insert into imports (name, file_hash, bytes, columns, mapping, defaults, program_id, status,
                         rows, created_by, created_at, updated_at)
    values ($1, decode($2, 'hex'), $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
    returning id
)sql"};

/// Import, lists of [line, [field, …]].
inline constexpr Query<Nothing(ImportId, schema::json::value)> insert_rows{R"sql(
    insert into import_rows (import_id, number, fields)
    select $1, (w.row->>0)::bigint, array(select jsonb_array_elements_text(w.row->1))
    from jsonb_array_elements($2::jsonb) w(row)
)sql"};

inline constexpr Query<StoredImport(ImportId)> import{R"sql(
    select id, name, status, program_id, columns, mapping, defaults, rows, created_by, created_at,
           updated_at
    from imports where id = $1
)sql"};

inline constexpr Query<StoredImport(ImportId)> lock_import{R"sql(
    select id, name, status, program_id, columns, mapping, defaults, rows, created_by, created_at,
           updated_at
    from imports where id = $1 for update
)sql"};

inline constexpr Query<StoredImport(std::optional<Instant>, std::optional<ImportId>, std::int64_t)>
    imports{R"sql(
    select id, name, status, program_id, columns, mapping, defaults, rows, created_by, created_at,
           updated_at
    from imports
    where $2::bigint is null or (created_at, id) < ($1::timestamptz, $2)
    order by created_at desc, id desc limit $3
)sql"};

inline constexpr Query<Nothing(ImportId, ImportStatus, Instant)> set_import{R"sql(
    update imports set status = $2, updated_at = $3 where id = $1
)sql"};

inline constexpr Query<RowCounts(ImportId)> row_counts{R"sql(
    select count(*) filter (where status = 'waiting') as waiting,
           count(*) filter (where status = 'good') as good,
           count(*) filter (where status = 'same') as same,
           count(*) filter (where status = 'bad') as bad,
           count(*) filter (where status = 'made') as made,
           count(*) filter (where status = 'undone') as undone
    from import_rows where import_id = $1
)sql"};

/// Import, state, after which line, limit.
inline constexpr Query<ImportRow(ImportId, std::optional<RowStatus>, std::int64_t, std::int64_t)>
    rows{R"sql(
    select number, status, errors, conversion_id, fields
    from import_rows
    where import_id = $1 and ($2::text is null or status = $2) and number > $3
    order by number limit $4
)sql"};

inline constexpr Query<Nothing(ImportId, std::int64_t, RowStatus, std::vector<RowError>,
                               std::optional<ConversionId>)>
    set_row{R"sql(
    update import_rows set status = $3, errors = $4, conversion_id = $5
    where import_id = $1 and number = $2
)sql"};

}  // namespace referral::conversions::sql

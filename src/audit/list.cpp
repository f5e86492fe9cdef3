/// Reading rows: pages and exports.

#include "audit/queries.hpp"
#include "base/csv.hpp"
#include "base/problem.hpp"

namespace referral::audit {

namespace {

constexpr std::int64_t export_page = 1'000;
constexpr std::int64_t export_rows_max = 50'000;
constexpr std::size_t export_bytes_max = 16 << 20;

/// Time and number of the last row of the page before.
struct After {
    std::optional<Instant> created_at;
    std::optional<std::int64_t> id;
};

After after(const std::optional<schema::Cursor>& cursor) {
    if (!cursor) return {};
    const auto& parts = cursor->parts();
    const auto created_at = parts.size() == 2 ? parse_instant(parts[0]) : std::nullopt;
    const auto id = parts.size() == 2 ? AuditId::parse(parts[1]) : std::nullopt;
    if (!created_at || !id) throw invalid("cursor", "must be " + std::string(schema::Cursor::rule));
    return {created_at, id->value};
}

template <std::size_t max>
std::optional<std::string> text_of(const std::optional<Line<max>>& line) {
    if (!line) return std::nullopt;
    return line->text();
}

/// A pattern of LIKE for what begins with `prefix`.
std::optional<std::string> pattern_of(const std::optional<Line<100>>& prefix) {
    if (!prefix) return std::nullopt;
    std::string pattern;
    for (const char c : prefix->text()) {
        if (c == '%' || c == '_' || c == '\\') pattern += '\\';
        pattern += c;
    }
    return pattern + '%';
}

/// Up to `rows_max` rows, and where the next ones begin.
AuditPage page_of(db::Transaction& tx, const AuditFilter& filter, std::int64_t rows_max) {
    const After last = after(filter.cursor);
    const auto user = filter.user_id ? std::optional(filter.user_id->value) : std::nullopt;
    AuditPage page{
        .rows = tx.all(sql::list, user, pattern_of(filter.action), text_of(filter.object_type),
                       text_of(filter.object_id), filter.from, filter.to,
                       text_of(filter.request_id), last.created_at, last.id, rows_max + 1),
        .next_cursor = {}};
    if (page.rows.size() <= static_cast<std::size_t>(rows_max)) return page;
    page.rows.pop_back();
    page.next_cursor =
        schema::Cursor({to_text(page.rows.back().created_at), page.rows.back().id.text()}).text();
    return page;
}

template <class T>
std::optional<std::string> id_text(const std::optional<T>& id) {
    if (!id) return std::nullopt;
    return id->text();
}

std::optional<std::string> json_text(const std::optional<schema::json::value>& value) {
    if (!value) return std::nullopt;
    return schema::json::serialize(*value);
}

void add_names(Csv& csv) {
    for (const std::string_view name :
         {"sequence", "id", "created_at", "user_id", "user_name", "acting_as", "api_key_id", "job",
          "action", "object_type", "object_id", "before", "after", "reason", "ip", "request_id"})
        csv.text(name);
    csv.end_row();
}

void add(Csv& csv, const std::optional<std::string>& text) {
    if (text)
        csv.text(*text);
    else
        csv.nothing();
}

void add(Csv& csv, const AuditLog& row) {
    csv.number(row.sequence ? std::to_string(*row.sequence) : "");
    csv.text(row.id.text());
    csv.text(to_text(row.created_at));
    add(csv, id_text(row.user_id));
    add(csv, row.user_name);
    add(csv, id_text(row.acting_as));
    add(csv, id_text(row.api_key_id));
    add(csv, row.job);
    csv.text(row.action);
    csv.text(row.object_type);
    csv.text(row.object_id);
    add(csv, json_text(row.before));
    add(csv, json_text(row.after));
    add(csv, row.reason);
    add(csv, row.ip);
    add(csv, row.request_id);
    csv.end_row();
}

}  // namespace

AuditLog get(db::Transaction& tx, AuditId id) {
    if (auto row = tx.maybe(sql::get, id.value)) return std::move(*row);
    throw not_found("audit log");
}

AuditPage list(db::Transaction& tx, const AuditFilter& filter) {
    return page_of(tx, filter, schema::rows_of(filter.limit));
}

Export export_csv(db::Transaction& tx, AuditFilter filter) {
    Csv csv;
    add_names(csv);
    std::optional<std::string> next;
    std::int64_t rows = 0;
    do {
        const AuditPage page = page_of(tx, filter, export_page);
        for (const AuditLog& row : page.rows) add(csv, row);
        rows += static_cast<std::int64_t>(page.rows.size());
        next = page.next_cursor;
        filter.cursor = next ? schema::Cursor::parse(*next) : std::nullopt;
    } while (next && rows < export_rows_max && csv.bytes().size() < export_bytes_max);
    return {.csv = csv.take(), .next_cursor = std::move(next)};
}

}  // namespace referral::audit

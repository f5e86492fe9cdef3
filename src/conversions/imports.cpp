#include "conversions/imports.hpp"

#include <algorithm>
#include <set>

#include "base/csv_reader.hpp"
#include "base/problem.hpp"
#include "conversions/import_queries.hpp"
#include "platform/crypto/encoding.hpp"
#include "platform/http/route.hpp"

namespace referral::conversions {

namespace {

namespace json = schema::json;

constexpr std::size_t rows_max = 100'000, columns_max = 200, rows_per_statement = 500;
constexpr std::int64_t errors_shown = 100;

constexpr std::string_view metadata_prefix = "metadata.";

/// Every field that a column can be of, but metadata, whose names are the file's own.
std::vector<std::string> known_fields() {
    std::vector<std::string> names;
    const auto add = [&](std::string_view name) { names.emplace_back(name); };
    schema::Fields<NewConversion>::list.apply([&](const auto&... field) {
        (..., (field.name == "customer" || field.name == "metadata" ? void() : add(field.name)));
    });
    schema::Fields<customers::Contact>::list.apply(
        [&](const auto&... field) { (..., add("customer." + std::string(field.name))); });
    return names;
}

bool is_known(const std::string& field) {
    static const std::vector<std::string> known = known_fields();
    return std::ranges::find(known, field) != known.end() ||
           (field.starts_with(metadata_prefix) && field.size() > metadata_prefix.size());
}

/// A column's name as a field's might be written: "External ID" as "external_id".
std::string like_a_field(std::string_view column) {
    std::string name = lower(trimmed(column));
    std::ranges::replace(name, ' ', '_');
    std::ranges::replace(name, '-', '_');
    return name;
}

ByField mapping_by_names(const std::vector<std::string>& columns) {
    ByField mapping;
    for (const std::string& column : columns) {
        std::string field = like_a_field(column);
        if (field.starts_with("customer_")) field[std::string("customer").size()] = '.';
        if (is_known(field)) mapping.values.emplace(field, column);
    }
    return mapping;
}

void check(const NewImport& wanted, const ByField& mapping, const std::vector<std::string>& columns,
           std::vector<FieldError>& errors) {
    std::set<std::string> seen;
    for (const std::string& column : columns)
        if (!trimmed(column).empty() && !seen.insert(column).second)
            errors.push_back({"csv", "has two columns named " + column});
    const ByField defaults = wanted.defaults.value_or(ByField());
    for (const auto& [field, column] : mapping.values) {
        if (!is_known(field))
            errors.push_back({"mapping." + field, "is no field of a conversion"});
        else if (std::ranges::find(columns, column) == columns.end())
            errors.push_back({"mapping." + field, "names a column that is not in the file"});
    }
    for (const auto& [field, value] : defaults.values)
        if (!is_known(field))
            errors.push_back({"defaults." + field, "is no field of a conversion"});
    for (const std::string field : {"kind", "source", "external_id"})
        if (!mapping.values.contains(field) && !defaults.values.contains(field))
            errors.push_back({"mapping." + field, "is needed, or a default"});
}

void store_rows(db::Transaction& tx, ImportId id, const std::vector<CsvRow>& rows) {
    for (std::size_t at = 1; at < rows.size(); at += rows_per_statement) {
        json::array chunk;
        for (std::size_t i = at; i < std::min(at + rows_per_statement, rows.size()); ++i) {
            json::array fields;
            for (const std::string& field : rows[i].fields)
                fields.emplace_back(json::string(field));
            chunk.push_back(json::array{rows[i].line, std::move(fields)});
        }
        tx.run_for_effect(sql::insert_rows, id, json::value(std::move(chunk)));
    }
}

void start(http::Call& call, ImportId id, ImportStatus status, std::string_view kind) {
    db::Transaction& tx = call.transaction();
    tx.run_for_effect(sql::set_import, id, status, call.now());
    jobs::enqueue(tx, {.kind = kind, .payload = {{"import_id", id.value}}}, call.now());
}

void note(http::Call& call, std::string_view action, const StoredImport& import) {
    audit::note(call.transaction(), audit::actor_of(call),
                {.action = action,
                 .object_type = "import",
                 .object_id = import.id.text(),
                 .after = json::object{{"name", import.name},
                                       {"rows", import.rows},
                                       {"status", json::string(name_of(import.status))}}},
                call.now());
}

Import with_counts(db::Transaction& tx, StoredImport stored) {
    Import import{std::move(stored)};
    import.counts = tx.one(sql::row_counts, import.id);
    for (const std::string& column : import.columns) {
        const bool used = std::ranges::any_of(
            import.mapping.values, [&](const auto& each) { return each.second == column; });
        if (!used) import.ignored_columns.push_back(column);
    }
    return import;
}

StoredImport locked(db::Transaction& tx, ImportId id) {
    if (auto import = tx.maybe(sql::lock_import, id)) return std::move(*import);
    throw not_found("import");
}

}  // namespace

Import create_import(http::Call& call, const NewImport& wanted) {
    CsvTable table = read_csv(wanted.csv.text, rows_max, columns_max);
    if (!table.error.empty()) throw invalid("csv", table.error);
    if (table.rows.size() < 2) throw invalid("csv", "must have a line of names and one row");
    const std::vector<std::string>& columns = table.rows.front().fields;
    const ByField mapping = wanted.mapping ? *wanted.mapping : mapping_by_names(columns);
    db::Transaction& tx = call.transaction();
    std::vector<FieldError> errors;
    check(wanted, mapping, columns, errors);
    if (wanted.program_id && !programs::find(tx, *wanted.program_id))
        errors.push_back({"program_id", "is not known"});
    if (!errors.empty()) throw Problem(Refusal::invalid, std::move(errors));
    const bool dry_run = wanted.dry_run.value_or(true);
    const ImportStatus status = dry_run ? ImportStatus::checking : ImportStatus::committing;
    const ImportId id = tx.one(
        sql::insert_import, wanted.name ? wanted.name->text() : std::string("conversions.csv"),
        crypto::to_hex(crypto::sha256(wanted.csv.text)), std::ssize(wanted.csv.text), columns,
        mapping, wanted.defaults.value_or(ByField()), wanted.program_id, status,
        std::ssize(table.rows) - 1, UserId{call.caller().user_id}, call.now());
    store_rows(tx, id, table.rows);
    start(call, id, status, dry_run ? "conversions.check-import" : "conversions.commit-import");
    Import import = get_import(tx, id);
    note(call, "imports.create", import);
    return import;
}

Import get_import(db::Transaction& tx, ImportId id) {
    auto stored = tx.maybe(sql::import, id);
    if (!stored) throw not_found("import");
    Import import = with_counts(tx, std::move(*stored));
    import.errors = tx.all(sql::rows, id, RowStatus::bad, 0, errors_shown);
    return import;
}

std::pair<std::vector<Import>, std::optional<std::string>> list_imports(
    db::Transaction& tx, const ImportFilter& filter) {
    const std::int64_t limit = schema::rows_of(filter.limit);
    std::optional<Instant> at;
    std::optional<ImportId> last;
    if (filter.cursor) {
        if (const auto& parts = filter.cursor->parts(); parts.size() == 2) {
            at = parse_instant(parts[0]);
            last = ImportId::parse(parts[1]);
        }
        if (!at || !last) throw invalid("cursor", "must be of a list of imports");
    }
    auto rows = tx.all(sql::imports, at, last, limit + 1);
    std::optional<std::string> next;
    if (std::ssize(rows) > limit) {
        rows.pop_back();
        next = schema::Cursor({to_text(rows.back().created_at), rows.back().id.text()}).text();
    }
    std::vector<Import> list;
    for (StoredImport& row : rows) list.push_back(with_counts(tx, std::move(row)));
    return {std::move(list), std::move(next)};
}

std::pair<std::vector<ImportRow>, std::optional<std::string>> list_rows(db::Transaction& tx,
                                                                        ImportId id,
                                                                        const RowFilter& filter) {
    if (!tx.maybe(sql::import, id)) throw not_found("import");
    const std::int64_t limit = schema::rows_of(filter.limit);
    std::int64_t after = 0;
    if (filter.cursor) {
        const auto& parts = filter.cursor->parts();
        const auto number = parts.size() == 1 ? parse_int(parts[0]) : std::nullopt;
        if (!number) throw invalid("cursor", "must be of a list of rows");
        after = *number;
    }
    auto rows = tx.all(sql::rows, id, filter.status, after, limit + 1);
    std::optional<std::string> next;
    if (std::ssize(rows) > limit) {
        rows.pop_back();
        next = schema::Cursor({std::to_string(rows.back().number)}).text();
    }
    return {std::move(rows), std::move(next)};
}

Import commit_import(http::Call& call, ImportId id) {
    const StoredImport before = locked(call.transaction(), id);
    if (before.status != ImportStatus::checked)
        throw conflict("status", "is " + std::string(name_of(before.status)));
    start(call, id, ImportStatus::committing, "conversions.commit-import");
    Import import = get_import(call.transaction(), id);
    note(call, "imports.commit", import);
    return import;
}

Import undo_import(http::Call& call, ImportId id) {
    const StoredImport before = locked(call.transaction(), id);
    if (before.status != ImportStatus::committed)
        throw conflict("status", "is " + std::string(name_of(before.status)));
    start(call, id, ImportStatus::undoing, "conversions.undo-import");
    Import import = get_import(call.transaction(), id);
    note(call, "imports.undo", import);
    return import;
}

http::RouteTable import_routes() {
    using http::Body, http::Call, http::Created, http::Page, http::Params, http::Path;
    return {
        http::post("/imports",
                   [](Call& call, Body<NewImport> wanted) {
                       return Created<Import>{create_import(call, *wanted)};
                   },
                   {.name = "createImport",
                    .summary = "Upload a file of conversions",
                    .permission = "imports:write",
                    .refuses = {Refusal::invalid},
                    // The file's bytes, escaped.
                    .body_bytes_max = CsvText::bytes_max + CsvText::bytes_max / 2,
                    .limit_class = "export"}),
        http::get("/imports",
                  [](Call& call, Params<ImportFilter> filter) {
                      auto [imports, next] = list_imports(call.transaction(), *filter);
                      return Page<Import>{std::move(imports), std::move(next)};
                  },
                  {.name = "listImports",
                   .summary = "List files of conversions, the newest first",
                   .permission = "imports:read",
                   .refuses = {Refusal::invalid}}),
        http::get("/imports/{id}",
                  [](Call& call, Path<ImportId> id) { return get_import(call.transaction(), *id); },
                  {.name = "getImport",
                   .summary = "Look up a file: how far it is, and its bad rows",
                   .permission = "imports:read"}),
        http::get("/imports/{id}/rows",
                  [](Call& call, Path<ImportId> id, Params<RowFilter> filter) {
                      auto [rows, next] = list_rows(call.transaction(), *id, *filter);
                      return Page<ImportRow>{std::move(rows), std::move(next)};
                  },
                  {.name = "listImportRows",
                   .summary = "List the rows of a file",
                   .permission = "imports:read",
                   .refuses = {Refusal::invalid, Refusal::not_found}}),
        http::post("/imports/{id}/commit",
                   [](Call& call, Path<ImportId> id) { return commit_import(call, *id); },
                   {.name = "commitImport",
                    .summary = "Store what a file that was looked at holds",
                    .permission = "imports:write",
                    .refuses = {Refusal::not_found, Refusal::conflict}}),
        http::post("/imports/{id}/undo",
                   [](Call& call, Path<ImportId> id) { return undo_import(call, *id); },
                   {.name = "undoImport",
                    .summary = "Take back everything that a file made",
                    .permission = "imports:write",
                    .refuses = {Refusal::not_found, Refusal::conflict}}),
    };
}

}  // namespace referral::conversions

namespace referral::schema {

bool Json<conversions::CsvText>::read(const json::value& from, conversions::CsvText& to,
                                      Reading& reading) {
    const auto* text = from.if_string();
    if (!text) return reading.refuse("must be a text");
    if (text->size() > conversions::CsvText::bytes_max)
        return reading.refuse("must have at most 16 MiB");
    to.text.assign(text->data(), text->size());
    return true;
}

bool Json<conversions::ByField>::read(const json::value& from, conversions::ByField& to,
                                      Reading& reading) {
    constexpr std::size_t fields_max = 300;
    const auto* object = from.if_object();
    if (!object || object->size() > fields_max)
        return reading.refuse("must be an object of texts, at most 300");
    bool good = true;
    for (const auto& member : *object) {
        const std::string key(member.key().data(), member.key().size());
        std::string text;
        Reading inner = reading.at(key);
        good = Json<std::string>::read(member.value(), text, inner) && good;
        to.values[key] = std::move(text);
    }
    return good;
}

}  // namespace referral::schema

#pragma once

/// Files of conversions: looked at first, then stored row by row; taken back as a whole.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "conversions/conversions.hpp"
#include "platform/http/call.hpp"
#include "platform/schema/cursor.hpp"

namespace referral::conversions {

struct ImportTag {
    static constexpr std::string_view prefix = "imp";
};
using ImportId = Id<ImportTag>;

/// Checked: it was looked at, and nothing of it is stored.
enum class ImportStatus { checking, checked, committing, committed, undoing, undone };

/// Same: the conversion was there already, with the same facts.
enum class RowStatus { waiting, good, same, bad, made, undone };

/// A file's text.
struct CsvText {
    static constexpr std::size_t bytes_max = std::size_t{16} << 20;
    std::string text;
};

/// Texts by field: names of columns, or values.
struct ByField {
    std::map<std::string, std::string> values;
};

/// What somebody uploads.
struct NewImport {
    std::optional<Line<200>> name{};
    CsvText csv;
    std::optional<ByField> mapping{};   ///< The column of each field; by their names when absent.
    std::optional<ByField> defaults{};  ///< Of fields without a column, or where it is empty.
    std::optional<ProgramId> program_id{};
    std::optional<bool> dry_run{};  ///< True when absent: nothing is stored before `commit`.
};

/// How many rows are in each state.
struct RowCounts {
    std::int64_t waiting = 0, good = 0, same = 0, bad = 0, made = 0, undone = 0;
};

/// What is wrong with a row.
struct RowError {
    std::string field, message;
};

/// A row as the API shows it.
struct ImportRow {
    std::int64_t number = 0;  ///< The line in the file.
    RowStatus status = RowStatus::waiting;
    std::vector<RowError> errors{};
    std::optional<ConversionId> conversion_id{};
    std::vector<std::string> fields{};
};

/// An import as it is stored.
struct StoredImport {
    ImportId id;
    std::string name;
    ImportStatus status = ImportStatus::checking;
    std::optional<ProgramId> program_id{};
    std::vector<std::string> columns{};
    ByField mapping{}, defaults{};
    std::int64_t rows = 0;
    UserId created_by;
    Instant created_at{}, updated_at{};
};

/// An import as the API shows it.
struct Import : StoredImport {
    RowCounts counts{};
    std::vector<std::string> ignored_columns{};
    std::vector<ImportRow> errors{};  ///< The first 100 bad rows, when one import is looked at.
};

struct ImportFilter {
    std::optional<schema::Whole<1, 200>> limit{};
    std::optional<schema::Cursor> cursor{};
};

struct RowFilter {
    std::optional<RowStatus> status{};
    std::optional<schema::Whole<1, 200>> limit{};
    std::optional<schema::Cursor> cursor{};
};

/// Stores the file and has it looked at, or committed. Refuses: invalid (the file cannot be read; a
/// mapping to columns or of fields that are not there; nothing says kind, source or external_id).
Import create_import(http::Call& call, const NewImport& wanted);

/// Refuses: not_found.
Import get_import(db::Transaction& tx, ImportId id);

std::pair<std::vector<Import>, std::optional<std::string>> list_imports(db::Transaction& tx,
                                                                        const ImportFilter& filter);

std::pair<std::vector<ImportRow>, std::optional<std::string>> list_rows(db::Transaction& tx,
                                                                        ImportId id,
                                                                        const RowFilter& filter);

/// Has what can be stored of it stored. Refuses: not_found, conflict (not checked).
Import commit_import(http::Call& call, ImportId id);

/// Has everything that it made taken back. Refuses: not_found, conflict (not committed).
Import undo_import(http::Call& call, ImportId id);

/// Fields of NewConversion that a row is read as, or what is wrong.
std::optional<NewConversion> read_row(const StoredImport& import,
                                      const std::vector<std::string>& fields,
                                      std::vector<FieldError>& errors);

/// The jobs behind these.
jobs::JobTable import_tasks(const Conversions& conversions);

http::RouteTable import_routes();

}  // namespace referral::conversions

template <>
struct referral::Names<referral::conversions::ImportStatus> {
    using Status = conversions::ImportStatus;
    static constexpr std::array<std::pair<Status, std::string_view>, 6> list{
        {{Status::checking, "checking"},
         {Status::checked, "checked"},
         {Status::committing, "committing"},
         {Status::committed, "committed"},
         {Status::undoing, "undoing"},
         {Status::undone, "undone"}}};
};

template <>
struct referral::Names<referral::conversions::RowStatus> {
    using Status = conversions::RowStatus;
    static constexpr std::array<std::pair<Status, std::string_view>, 6> list{
        {{Status::waiting, "waiting"},
         {Status::good, "good"},
         {Status::same, "same"},
         {Status::bad, "bad"},
         {Status::made, "made"},
         {Status::undone, "undone"}}};
};

namespace referral::schema {

template <>
struct Json<conversions::CsvText> {
    static bool read(const json::value& from, conversions::CsvText& to, Reading& reading);
    static json::value write(const conversions::CsvText& value) { return json::string(value.text); }
    static json::object describe(Components&) { return {{"type", "string"}}; }
};

template <>
struct Json<conversions::ByField> {
    static bool read(const json::value& from, conversions::ByField& to, Reading& reading);
    static json::value write(const conversions::ByField& value) {
        return Json<std::map<std::string, std::string>>::write(value.values);
    }
    static json::object describe(Components& components) {
        return Json<std::map<std::string, std::string>>::describe(components);
    }
};

template <>
struct Fields<conversions::NewImport> {
    using T = conversions::NewImport;
    static constexpr std::string_view name = "NewImport";
    static constexpr auto list = FieldList{
        field("name", &T::name, "What people call it: the file's name."),
        field("csv", &T::csv, "The file: names in the first line, UTF-8, at most 16 MiB."),
        field("mapping", &T::mapping,
              "The column of each field, as {\"external_id\": \"Load No\", \"customer.email\": "
              "\"E-mail\"}; columns named as fields when absent."),
        field("defaults", &T::defaults,
              "Values of fields without a column, as {\"kind\": \"delivered\"}."),
        field("program_id", &T::program_id, "The program of all rows."),
        field("dry_run", &T::dry_run, "Whether it is only looked at; true when absent.")};
};

template <>
struct Fields<conversions::RowCounts> {
    using T = conversions::RowCounts;
    static constexpr std::string_view name = "ImportCounts";
    static constexpr auto list =
        FieldList{field("waiting", &T::waiting, "Not looked at yet."),
                  field("good", &T::good, "Would be stored."),
                  field("same", &T::same, "Stored before, with the same facts."),
                  field("bad", &T::bad, "Cannot be stored."),
                  field("made", &T::made, "Stored by this import."),
                  field("undone", &T::undone, "Stored by this import and taken back.")};
};

template <>
struct Fields<conversions::RowError> {
    using T = conversions::RowError;
    static constexpr std::string_view name = "ImportRowError";
    static constexpr auto list = FieldList{field("field", &T::field, "The field."),
                                           field("message", &T::message, "What is wrong.")};
};

template <>
struct Fields<conversions::ImportRow> {
    using T = conversions::ImportRow;
    static constexpr std::string_view name = "ImportRow";
    static constexpr auto list =
        FieldList{field("number", &T::number, "The line in the file."),
                  field("status", &T::status, "What became of it."),
                  field("errors", &T::errors, "What is wrong with it."),
                  field("conversion_id", &T::conversion_id, "The conversion."),
                  field("fields", &T::fields, "The row, by columns.")};
};

template <>
struct Fields<conversions::StoredImport> {
    using T = conversions::StoredImport;
    static constexpr std::string_view name = "StoredImport";
    static constexpr auto list =
        FieldList{field("id", &T::id, "The import."),
                  field("name", &T::name, "What people call it."),
                  field("status", &T::status, "How far it is."),
                  field("program_id", &T::program_id, "The program of all rows."),
                  field("columns", &T::columns, "The file's columns."),
                  field("mapping", &T::mapping, "The column of each field."),
                  field("defaults", &T::defaults, "Values of fields without a column."),
                  field("rows", &T::rows, "How many rows the file has."),
                  field("created_by", &T::created_by, "Who uploaded it."),
                  field("created_at", &T::created_at, "When."),
                  field("updated_at", &T::updated_at, "When it went on last.")};
};

template <>
struct Fields<conversions::Import> {
    using T = conversions::Import;
    static constexpr std::string_view name = "Import";
    static constexpr auto list =
        joined(Fields<conversions::StoredImport>::list,
               FieldList{field("counts", &T::counts, "How many rows are in each state."),
                         field("ignored_columns", &T::ignored_columns, "Columns of no field."),
                         field("errors", &T::errors, "The first 100 bad rows.")});
};

template <>
struct Fields<conversions::ImportFilter> {
    using T = conversions::ImportFilter;
    static constexpr std::string_view name = "ImportFilter";
    static constexpr auto list =
        FieldList{field("limit", &T::limit, "How many at most."),
                  field("cursor", &T::cursor, "The next_cursor of the page before.")};
};

template <>
struct Fields<conversions::RowFilter> {
    using T = conversions::RowFilter;
    static constexpr std::string_view name = "ImportRowFilter";
    static constexpr auto list =
        FieldList{field("status", &T::status, "Rows in this state."),
                  field("limit", &T::limit, "How many at most."),
                  field("cursor", &T::cursor, "The next_cursor of the page before.")};
};

}  // namespace referral::schema

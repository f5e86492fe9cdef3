#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace referral {

/// A row of a file of separated values, and the line that it begins in.
struct CsvRow {
    std::size_t line = 0;  ///< From 1.
    std::vector<std::string> fields;
};

/// What was read, or why not.
struct CsvTable {
    std::vector<CsvRow> rows;  ///< Without empty lines; the names are the first.
    std::string error;         ///< Not empty: the file cannot be read, and there are no rows.
};

/// Reads RFC 4180 as programs write it: the separator is a comma, a semicolon or a tab (whichever
/// the first line has most of, outside quotes), lines end with CR LF, LF or CR, a byte order mark
/// is left out. The text must be UTF-8 without NUL. At most `rows_max` rows of at most
/// `columns_max` fields; every row has as many as the first (missing ones at the end are empty).
CsvTable read_csv(std::string_view text, std::size_t rows_max, std::size_t columns_max);

}  // namespace referral

#include "base/csv_reader.hpp"

#include <array>

#include "base/text.hpp"

namespace referral {

namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

/// The separator that the first line has most of.
char separator_of(std::string_view text) {
    constexpr std::array<char, 3> candidates{',', ';', '\t'};
    std::array<std::size_t, candidates.size()> counts{};
    bool quoted = false;
    for (const char c : text) {
        if (c == '"') quoted = !quoted;
        if (quoted) continue;
        if (c == '\n' || c == '\r') break;
        for (std::size_t i = 0; i < candidates.size(); ++i)
            if (c == candidates[i]) ++counts[i];
    }
    std::size_t best = 0;
    for (std::size_t i = 1; i < candidates.size(); ++i)
        if (counts[i] > counts[best]) best = i;
    return candidates[best];
}

/// Goes through the text once.
class Reader {
public:
    Reader(std::string_view text, std::size_t columns_max)
        : text_(text), separator_(separator_of(text)), columns_max_(columns_max) {}

    bool at_end() const { return at_ >= text_.size(); }
    const std::string& error() const { return error_; }

    CsvRow row() {
        CsvRow row{.line = line_, .fields = {}};
        do {
            row.fields.push_back(field());
            if (row.fields.size() > columns_max_) return fail(row.line, "has too many fields");
        } while (error_.empty() && take(separator_));
        if (error_.empty() && !end_of_line())
            return fail(row.line, "has something behind a closing quote");
        return row;
    }

private:
    CsvRow fail(std::size_t line, std::string_view what) {
        error_ = "line " + std::to_string(line) + ' ' + std::string(what);
        return {};
    }

    bool take(char wanted) {
        if (at_end() || text_[at_] != wanted) return false;
        ++at_;
        return true;
    }

    bool end_of_line() {
        if (at_end()) return true;
        const bool cr = take('\r');
        const bool lf = take('\n');
        if (cr || lf) ++line_;
        return cr || lf;
    }

    std::string field() {
        if (take('"')) return quoted();
        const std::size_t begin = at_;
        while (!at_end() && text_[at_] != separator_ && text_[at_] != '\r' && text_[at_] != '\n')
            ++at_;
        return std::string(text_.substr(begin, at_ - begin));
    }

    std::string quoted() {
        const std::size_t begun = line_;
        std::string value;
        while (!at_end()) {
            const char c = text_[at_++];
            if (c == '"' && !take('"')) return value;
            if (c == '\n') ++line_;
            value += c;
        }
        fail(begun, "opens a quote that is never closed");
        return value;
    }

    const std::string_view text_;
    const char separator_;
    const std::size_t columns_max_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
    std::string error_;
};

bool is_empty(const CsvRow& row) {
    for (const std::string& field : row.fields)
        if (!trimmed(field).empty()) return false;
    return true;
}

}  // namespace

CsvTable read_csv(std::string_view text, std::size_t rows_max, std::size_t columns_max) {
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    if (!is_utf8(text) || text.find('\0') != text.npos)
        return {.rows = {}, .error = "is not UTF-8"};
    Reader reader(text, columns_max);
    CsvTable table;
    while (!reader.at_end()) {
        CsvRow row = reader.row();
        if (!reader.error().empty()) return {.rows = {}, .error = reader.error()};
        if (is_empty(row)) continue;
        if (!table.rows.empty()) {
            const std::size_t columns = table.rows.front().fields.size();
            if (row.fields.size() > columns)
                return {.rows = {},
                        .error = "line " + std::to_string(row.line) +
                                 " has more fields than there are names"};
            row.fields.resize(columns);
        }
        table.rows.push_back(std::move(row));
        if (table.rows.size() > rows_max + 1)
            return {.rows = {}, .error = "has more than " + std::to_string(rows_max) + " rows"};
    }
    return table;
}

}  // namespace referral

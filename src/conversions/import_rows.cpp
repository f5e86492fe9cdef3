/// How a row of a file is read.

#include <algorithm>

#include "conversions/imports.hpp"

namespace referral::conversions {

namespace {

namespace json = schema::json;

/// "2026-03-01" and "2026-03-01 12:00" as RFC 3339 has them, in UTC; others as they are.
std::string instant_text(std::string text) {
    constexpr std::size_t day = 10, minutes = 16, seconds = 19;
    if (text.size() == day && parse_day(text)) return text + "T00:00:00Z";
    if (text.size() > day && text[day] == ' ') text[day] = 'T';
    if (text.size() == minutes) text += ":00";
    if (text.size() == seconds) text += 'Z';
    return text;
}

/// "$1,234.56" as "1234.56".
std::string decimal_text(std::string text) {
    std::erase_if(text, [](char c) { return c == ' ' || c == '$'; });
    const std::size_t point = std::min(text.find('.'), text.size());
    // Commas that stand where thousands are parted; elsewhere a comma may be a decimal point.
    std::size_t digits = 0;
    for (std::size_t i = point; i > 0; --i) {
        if (text[i - 1] != ',') {
            ++digits;
            continue;
        }
        if (digits % 3 != 0 || digits == 0) return text;
    }
    std::string plain = text.substr(0, point);
    std::erase(plain, ',');
    return plain + text.substr(point);
}

bool is_amount(std::string_view field) {
    return field == "revenue" || field == "cost" || field == "quantity";
}

bool is_word(std::string_view field) {
    return field == "kind" || field == "mode" || field == "unit";
}

json::string value_of(std::string_view field, std::string_view text) {
    const std::string plain(trimmed(text));
    if (is_amount(field)) return json::string(decimal_text(plain));
    if (is_word(field)) return json::string(lower(plain));
    if (field == "occurred_at" || field == "customer.known_since")
        return json::string(instant_text(plain));
    return json::string(plain);
}

/// Puts a value where its dotted name says.
void put(json::object& object, std::string_view field, std::string_view text) {
    const auto dot = field.find('.');
    const json::string value = value_of(field, text);
    if (dot == field.npos) {
        object[field] = value;
        return;
    }
    json::value& inner = object[field.substr(0, dot)];
    if (!inner.is_object()) inner = json::object();
    inner.as_object()[field.substr(dot + 1)] = value;
}

}  // namespace

std::optional<NewConversion> read_row(const StoredImport& import,
                                      const std::vector<std::string>& fields,
                                      std::vector<FieldError>& errors) {
    json::object object;
    for (const auto& [field, value] : import.defaults.values) put(object, field, value);
    for (const auto& [field, column] : import.mapping.values) {
        const auto found = std::ranges::find(import.columns, column);
        const auto place = static_cast<std::size_t>(found - import.columns.begin());
        if (place < fields.size() && !trimmed(fields[place]).empty())
            put(object, field, fields[place]);
    }
    if (import.program_id && !object.contains("program_id"))
        object["program_id"] = json::string(import.program_id->text());
    NewConversion report;
    schema::Reading reading{errors, ""};
    if (!schema::Json<NewConversion>::read(object, report, reading)) return std::nullopt;
    return report;
}

}  // namespace referral::conversions

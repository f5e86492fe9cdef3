#include "platform/db/sql.hpp"

namespace referral::db {

std::string_view required(View value) {
    if (!value) throw Mismatch("NULL where a value must be");
    return *value;
}

Instant Sql<Instant>::read(View value) {
    std::string text(required(value));
    if (text.ends_with("+00")) text.replace(text.size() - 3, 3, "Z");
    const auto instant = parse_instant(text);
    if (!instant) throw Mismatch("no time: " + text);
    return *instant;
}

Day Sql<Day>::read(View value) {
    const auto day = parse_day(required(value));
    if (!day) throw Mismatch("no day: " + std::string(*value));
    return *day;
}

IpAddress Sql<IpAddress>::read(View value) {
    const std::string_view text = required(value);
    const auto address = IpAddress::parse(text.substr(0, text.find('/')));
    if (!address) throw Mismatch("no address: " + std::string(text));
    return *address;
}

std::vector<Text> read_array(std::string_view literal) {
    std::vector<Text> elements;
    if (literal.size() < 2 || literal.front() != '{' || literal.back() != '}')
        throw Mismatch("no array: " + std::string(literal));
    literal = literal.substr(1, literal.size() - 2);
    std::size_t i = 0;
    while (i < literal.size()) {
        std::string element;
        const bool quoted = literal[i] == '"';
        if (quoted) ++i;
        for (; i < literal.size() && literal[i] != (quoted ? '"' : ','); ++i) {
            if (literal[i] == '\\') ++i;
            if (i < literal.size()) element += literal[i];
        }
        if (quoted) ++i;
        if (!quoted && element == "NULL")
            elements.emplace_back(std::nullopt);
        else
            elements.emplace_back(std::move(element));
        ++i;
    }
    return elements;
}

std::string write_array(const std::vector<Text>& elements) {
    std::string literal = "{";
    for (const Text& element : elements) {
        if (literal.size() > 1) literal += ',';
        if (!element) {
            literal += "NULL";
            continue;
        }
        literal += '"';
        for (const char c : *element) {
            if (c == '"' || c == '\\') literal += '\\';
            literal += c;
        }
        literal += '"';
    }
    return literal + '}';
}

}  // namespace referral::db

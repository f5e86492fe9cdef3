#include "platform/log/escape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace referral::log {

namespace {

bool continues(std::string_view text, std::size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80;
}

/// The bytes of the UTF-8 sequence at the front of `text`; 0 when there is none. Overlong forms,
/// surrogates and what lies above U+10FFFF are none (Unicode 15, table 3-7).
std::size_t sequence_length(std::string_view text) {
    const auto first = static_cast<unsigned char>(text[0]);
    const auto second = text.size() > 1 ? static_cast<unsigned char>(text[1]) : 0u;
    if (first < 0x80) return 1;
    if (first < 0xc2 || first > 0xf4 || !continues(text, 1)) return 0;
    if (first < 0xe0) return 2;
    if (!continues(text, 2)) return 0;
    if (first == 0xe0 && second < 0xa0) return 0;
    if (first == 0xed && second > 0x9f) return 0;
    if (first < 0xf0) return 3;
    if (!continues(text, 3)) return 0;
    if (first == 0xf0 && second < 0x90) return 0;
    if (first == 0xf4 && second > 0x8f) return 0;
    return 4;
}

void append_ascii(std::string& line, char c) {
    switch (c) {
        case '"':
            line += "\\\"";
            return;
        case '\\':
            line += "\\\\";
            return;
        case '\n':
            line += "\\n";
            return;
        case '\r':
            line += "\\r";
            return;
        case '\t':
            line += "\\t";
            return;
    }
    if (c >= ' ' && c != 0x7f)
        line += c;
    else
        fmt::format_to(std::back_inserter(line), "\\u{:04x}", static_cast<unsigned>(c));
}

/// Some viewers and JavaScript before 2019 take U+2028 and U+2029 for ends of line; U+0080 to
/// U+009F are control characters that terminals may obey.
bool breaks_lines(std::string_view sequence) {
    return sequence == "\u2028" || sequence == "\u2029" ||
           (sequence.size() == 2 && sequence[0] == '\xc2' &&
            static_cast<unsigned char>(sequence[1]) < 0xa0);
}

void append_escaped(std::string& line, std::string_view sequence) {
    const auto last = static_cast<unsigned char>(sequence.back());
    const unsigned code = sequence.size() == 2 ? last : 0x2000u | (last & 0x3fu);
    fmt::format_to(std::back_inserter(line), "\\u{:04x}", code);
}

bool is_plain(char c) { return c > ' ' && c < 0x7f && c != '"' && c != '\\' && c != '='; }

}  // namespace

void append_json_string(std::string& line, std::string_view text) {
    line += '"';
    while (!text.empty()) {
        const std::size_t length = sequence_length(text);
        if (length == 0)
            line += "\xef\xbf\xbd";
        else if (length == 1)
            append_ascii(line, text[0]);
        else if (breaks_lines(text.substr(0, length)))
            append_escaped(line, text.substr(0, length));
        else
            line += text.substr(0, length);
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    line += '"';
}

void append_word(std::string& line, std::string_view text) {
    if (!text.empty() && std::ranges::all_of(text, is_plain))
        line += text;
    else
        append_json_string(line, text);
}

}  // namespace referral::log

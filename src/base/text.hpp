#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace referral {

/// ASCII letters in lower case; everything else as it is.
std::string lower(std::string_view text);

/// Whether two texts differ only in the case of ASCII letters.
bool same_but_for_case(std::string_view a, std::string_view b);

/// Without white space at both ends.
std::string_view trimmed(std::string_view text);

/// Whether `text` is well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms).
bool is_utf8(std::string_view text);

/// How many code points well-formed UTF-8 has.
std::size_t code_points(std::string_view text);

/// `text` cut to at most `bytes_max` bytes, never inside a code point.
std::string_view cut(std::string_view text, std::size_t bytes_max);

/// `text` with every byte that is not well-formed UTF-8, and NUL, replaced by U+FFFD: what a
/// stranger sent, made fit for a text column.
std::string cleaned(std::string_view text);

/// Percent-decoding as forms have it: `+` is a space, a broken escape stays as it is.
std::string form_decoded(std::string_view text);

/// Percent-encoding of all but RFC 3986's unreserved characters.
void append_percent_encoded(std::string& out, std::string_view text);

/// For text between HTML tags and in quoted attributes.
std::string html_escaped(std::string_view text);

/// A number in decimal digits with an optional minus, nothing else around it; or nothing.
std::optional<std::int64_t> parse_int(std::string_view text);

/// One line of text for people: 1 to `max` characters of UTF-8 without control characters, trimmed.
template <std::size_t max>
class Line {
public:
    static inline const std::string rule =
        "1 to " + std::to_string(max) + " characters on one line";

    static std::optional<Line> parse(std::string_view text) {
        text = trimmed(text);
        if (text.empty() || !is_utf8(text) || code_points(text) > max) return std::nullopt;
        for (const char c : text)
            if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return std::nullopt;
        Line line;
        line.text_ = text;
        return line;
    }
    const std::string& text() const { return text_; }

    friend bool operator==(const Line&, const Line&) = default;

private:
    std::string text_;
};

/// Whether `text` is UTF-8 without control characters but the ends of lines and tabs.
bool is_prose(std::string_view text);

/// Text for people that may have lines: 1 to `max` characters, `is_prose`, trimmed.
template <std::size_t max>
class Prose {
public:
    static inline const std::string rule = "1 to " + std::to_string(max) + " characters";

    static std::optional<Prose> parse(std::string_view text) {
        text = trimmed(text);
        if (text.empty() || !is_prose(text) || code_points(text) > max) return std::nullopt;
        Prose prose;
        prose.text_ = text;
        return prose;
    }
    const std::string& text() const { return text_; }

    friend bool operator==(const Prose&, const Prose&) = default;

private:
    std::string text_;
};

}  // namespace referral

#include "platform/mail/message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.hpp"

namespace referral::mail {

namespace {

constexpr std::size_t line_max = 76;          // RFC 2045, section 6.7; RFC 2047, section 2.
constexpr std::size_t encoded_word_max = 75;  // RFC 2047, section 2.
constexpr std::string_view word_begin = "=?utf-8?Q?", word_end = "?=";

bool is_plain(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

/// Well-formed UTF-8 on one line.
std::string one_line(std::string_view text) {
    std::string line = cleaned(text);
    for (char& c : line)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    return std::string(trimmed(line));
}

void append_hex(std::string& out, char c) {
    fmt::format_to(std::back_inserter(out), "={:02X}", static_cast<unsigned char>(c));
}

/// The bytes of one code point as the Q encoding has them, in its form for phrases: the strictest.
std::string encoded_point(std::string_view point) {
    constexpr std::string_view as_it_is = "!*+-/";
    const char first = point.front();
    const bool alphanumeric = (first >= '0' && first <= '9') || (first >= 'A' && first <= 'Z') ||
                              (first >= 'a' && first <= 'z');
    if (alphanumeric || as_it_is.find(first) != as_it_is.npos) return std::string(point);
    if (first == ' ') return "_";
    std::string out;
    for (const char c : point) append_hex(out, c);
    return out;
}

std::size_t point_length(std::string_view text) {
    std::size_t length = 1;
    while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xc0) == 0x80)
        ++length;
    return length;
}

/// The text as encoded words, one for each line it takes; `used` columns of the first are taken.
std::vector<std::string> encoded_words(std::string_view text, std::size_t used) {
    std::vector<std::string> words{std::string(word_begin)};
    std::size_t room = encoded_word_max - std::min(used, encoded_word_max / 2);
    while (!text.empty()) {
        const std::size_t length = point_length(text);
        const std::string point = encoded_point(text.substr(0, length));
        if (words.back().size() + point.size() + word_end.size() > room) {
            words.back() += word_end;
            words.emplace_back(word_begin);
            room = encoded_word_max - 1;
        }
        words.back() += point;
        text.remove_prefix(length);
    }
    words.back() += word_end;
    return words;
}

/// The text cut at spaces so that each piece fits a line.
std::vector<std::string> plain_pieces(std::string_view text, std::size_t used) {
    std::vector<std::string> pieces{""};
    std::size_t room = line_max - std::min(used, line_max / 2);
    while (!text.empty()) {
        const auto space = text.find(' ', 1);
        const std::string_view word = text.substr(0, space);
        if (!pieces.back().empty() && pieces.back().size() + word.size() > room) {
            pieces.emplace_back(word.substr(1));
            room = line_max - 1;
        } else {
            pieces.back() += word;
        }
        text.remove_prefix(word.size());
    }
    return pieces;
}

std::string joined_by_folds(const std::vector<std::string>& pieces) {
    std::string out;
    for (const std::string& piece : pieces) {
        if (!out.empty()) out += "\r\n ";
        out += piece;
    }
    return out;
}

/// Whether a reader could take it for something else than plain text, or a line cannot hold it.
bool needs_encoding(std::string_view text) {
    std::size_t word = 0;
    for (const char c : text) {
        word = c == ' ' ? 0 : word + 1;
        if (word > line_max / 2) return true;
    }
    return !is_plain(text) || text.find("=?") != text.npos;
}

std::string from_line(const MailSender& from) {
    const std::string name = one_line(from.name);
    if (name.empty()) return fmt::format("From: <{}>\r\n", from.address.text());
    std::string phrase;
    if (needs_encoding(name)) {
        phrase = joined_by_folds(encoded_words(name, sizeof "From: " - 1));
    } else {
        phrase = '"';
        for (const char c : name) {
            if (c == '"' || c == '\\') phrase += '\\';
            phrase += c;
        }
        phrase += '"';
    }
    return fmt::format("From: {}\r\n <{}>\r\n", phrase, from.address.text());
}

/// `=_` cannot occur in quoted-printable.
std::string boundary_of(const Message& message) { return "=_" + message.id; }

std::string part(std::string_view boundary, std::string_view type, std::string_view text) {
    return fmt::format(
        "--{}\r\nContent-Type: {}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n{}\r\n",
        boundary, type, quoted_printable(text));
}

}  // namespace

std::string header_line(std::string_view name, std::string_view text) {
    const std::string line = one_line(text);
    const std::size_t used = name.size() + 2;
    return fmt::format("{}: {}\r\n", name,
                       joined_by_folds(needs_encoding(line) ? encoded_words(line, used)
                                                            : plain_pieces(line, used)));
}

std::string quoted_printable(std::string_view text) {
    std::string out, line;
    const auto end_line = [&](std::string_view end) {
        out += line;
        out += end;
        line.clear();
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\r') continue;
        if (c == '\n') {
            end_line("\r\n");
            continue;
        }
        const char next = i + 1 < text.size() ? text[i + 1] : '\n';
        const bool last = next == '\n' || next == '\r';
        const bool blank = c == ' ' || c == '\t';
        std::string shown;
        if (blank ? last : (c == '=' || c < 0x21 || c > 0x7e))
            append_hex(shown, c);
        else
            shown = c;
        // One column is kept for the "=" that continues the line.
        if (line.size() + shown.size() > line_max - (last ? 0 : 1)) end_line("=\r\n");
        line += shown;
    }
    end_line("");
    return out;
}

std::string header_date(Instant when) {
    constexpr std::string_view days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::string_view months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const Day day = std::chrono::floor<std::chrono::days>(when);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(when - day));
    return fmt::format(
        "{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000", days[std::chrono::weekday(day).c_encoding()],
        static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1],
        static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
        time.seconds().count());
}

std::string mime(const Message& message) {
    const std::string boundary = boundary_of(message);
    std::string out = fmt::format("Date: {}\r\n", header_date(message.date));
    out += from_line(message.from);
    out += fmt::format("To: <{}>\r\n", message.to.text());
    out += header_line("Subject", message.subject);
    out += fmt::format("Message-ID: <{}@{}>\r\n", message.id, message.from.address.domain());
    // RFC 3834: nobody shall answer it by machine; the second line says it to Exchange.
    out += "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n";
    out += "MIME-Version: 1.0\r\n";
    out +=
        fmt::format("Content-Type: multipart/alternative;\r\n boundary=\"{}\"\r\n\r\n", boundary);
    out += part(boundary, "text/plain", message.text);
    out += part(boundary, "text/html", message.html);
    out += fmt::format("--{}--\r\n", boundary);
    return out;
}

}  // namespace referral::mail

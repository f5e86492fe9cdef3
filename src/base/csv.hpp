#pragma once

#include <string>
#include <string_view>

namespace referral {

/// Rows of comma-separated values (RFC 4180, lines end with CR LF) that spreadsheets take for text:
/// every field is quoted, and a text that begins as a formula does (= + - @, also in their full
/// width, TAB, CR, LF) gets a leading '. See OWASP ASVS 5.0, 1.2.10.
class Csv {
public:
    /// Adds a field of UTF-8.
    void text(std::string_view text);
    /// Adds an empty field.
    void nothing() { field("", ""); }
    /// Adds a decimal number ("-12.50") as it stands; a minus makes no formula of it. What is no
    /// such number is added as text.
    void number(std::string_view decimal);

    void end_row();

    /// All rows so far.
    const std::string& bytes() const { return bytes_; }
    std::string take() { return std::move(bytes_); }

private:
    void field(std::string_view prefix, std::string_view text);

    std::string bytes_;
    bool row_begun_ = false;
};

}  // namespace referral

#pragma once

/// A mail as it travels: RFC 5322 headers and a multipart/alternative of text and HTML.

#include <string>
#include <string_view>

#include "base/mail_address.hpp"
#include "base/time.hpp"

namespace referral::mail {

struct Message {
    MailSender from;
    MailAddress to;
    std::string subject;
    std::string text;
    std::string html;
    std::string id;  ///< What stands before the @ of the Message-ID; the same for every try.
    Instant date;
};

/// The message with CRLF line ends, all ASCII, no line longer than 78 characters. Whatever the
/// texts hold, no header line comes from them.
std::string mime(const Message& message);

/// "Subject: …" folded, in encoded words (RFC 2047) where it is not plain; control characters are
/// spaces.
std::string header_line(std::string_view name, std::string_view text);

/// RFC 2045, with CRLF for every line end of `text`.
std::string quoted_printable(std::string_view text);

/// "Thu, 26 Nov 2026 08:44:19 +0000".
std::string header_date(Instant when);

}  // namespace referral::mail

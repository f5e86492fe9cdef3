#pragma once

/// Any bytes as safe text of a log line.

#include <string>
#include <string_view>

namespace referral::log {

/// Appends `text` as a JSON string with its quotes. Control characters (DEL and U+2028/9 too) are
/// escaped and each byte that is no UTF-8 becomes U+FFFD, so that a line stays one line everywhere.
void append_json_string(std::string& line, std::string_view text);

/// Appends `text` as it is when it is printable ASCII without space, quote or `=`, else as a JSON
/// string.
void append_word(std::string& line, std::string_view text);

}  // namespace referral::log

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "platform/http/request.hpp"
#include "platform/http/stream.hpp"

namespace referral::http {

/// A header line of an answer. A name that is no token or a value with a control character is the
/// program's bug: the client gets 500 instead of the answer.
struct Header {
    std::string name;
    std::string value;
};

/// What a handler answers. The server adds Content-Length, Date, Connection and
/// Transfer-Encoding; lines of these names in `headers` are left out. There is no Server line.
struct Response {
    int status = 200;  // 200 to 599.
    std::vector<Header> headers;
    std::string body;                                // Of HEAD, 204 and 304 only its length counts.
    std::shared_ptr<const std::string> shared_body;  // Instead of `body`: sent without a copy.
    std::shared_ptr<Stream> stream;                  // Instead of both: the answer goes on.
    bool close = false;                              // The connection ends with this answer.

    /// An answer with a body of the media type `content_type`.
    static Response with(int status, std::string_view content_type, std::string body);
    /// A stream of server-sent events ("text/event-stream", never stored by caches).
    static Response events(std::shared_ptr<Stream> stream);
    /// application/problem+json with nothing but the status and its name, for what happens below
    /// the routes.
    static Response refusal(int status);
};

/// "Not Found" for 404; "Unknown" for what has no name here.
std::string_view reason_phrase(int status);

/// Appends the head of `response` as the answer to `request` and, unless it is shared or a stream,
/// its body: for HEAD all but the body. False when the response cannot be sent as it is and a plain
/// 500 was appended instead.
bool append(std::string& out, const Response& response, const Request& request);

/// Appends a whole answer with the refusal `status` and "Connection: close", for bytes that made no
/// request. `date_line` as in Origin.
void append_refusal(std::string& out, int status, std::string_view date_line);

}  // namespace referral::http

#include "platform/http/response.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/text.hpp"

namespace referral::http {

namespace {

struct Reason {
    int status;
    std::string_view phrase;
};

/// RFC 9110 section 15, and RFC 6585.
constexpr Reason reasons[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
};

bool is_token_char(char c) {
    const char letter = static_cast<char>(c | 0x20);
    return (c >= '0' && c <= '9') || (letter >= 'a' && letter <= 'z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
}

bool sendable(const Header& header) {
    return !header.name.empty() && std::ranges::all_of(header.name, is_token_char) &&
           std::ranges::none_of(header.value, is_control);
}

/// What only the server knows to say.
bool is_the_servers(std::string_view name) {
    return same_but_for_case(name, "content-length") || same_but_for_case(name, "date") ||
           same_but_for_case(name, "connection") || same_but_for_case(name, "transfer-encoding");
}

void append_status_line(std::string& out, int status) {
    fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\n", status, reason_phrase(status));
}

std::string refusal_body(int status) {
    constexpr auto form =
        R"({{"type":"about:blank","title":"{}","status":{},"detail":"","errors":[]}})";
    return fmt::format(form, reason_phrase(status), status);
}

}  // namespace

Response Response::with(int status, std::string_view content_type, std::string body) {
    Response response;
    response.status = status;
    response.headers.push_back({"Content-Type", std::string(content_type)});
    response.body = std::move(body);
    return response;
}

Response Response::events(std::shared_ptr<Stream> stream) {
    Response response;
    response.headers = {{"Content-Type", "text/event-stream"},
                        {"Cache-Control", "no-store"},
                        {"X-Accel-Buffering", "no"}};
    response.stream = std::move(stream);
    return response;
}

Response Response::refusal(int status) {
    Response response = with(status, "application/problem+json", refusal_body(status));
    response.headers.push_back({"Cache-Control", "no-store"});
    return response;
}

std::string_view reason_phrase(int status) {
    const auto found = std::ranges::find(reasons, status, &Reason::status);
    return found == std::end(reasons) ? "Unknown" : found->phrase;
}

bool append(std::string& out, const Response& response, const Request& request) {
    const bool fits = response.status >= 200 && response.status <= 599 &&
                      std::ranges::all_of(response.headers, sendable);
    if (!fits) {
        append(out, Response::refusal(500), request);
        return false;
    }
    append_status_line(out, response.status);
    for (const Header& header : response.headers) {
        if (is_the_servers(header.name)) continue;
        out.append(header.name).append(": ").append(header.value).append("\r\n");
    }
    out.append(request.date_line());
    const bool without_body = response.status == 204 || response.status == 304;
    if (response.stream != nullptr && !without_body) {
        if (request.version_minor() == 1) out.append("Transfer-Encoding: chunked\r\n");
        out.append("Connection: close\r\n\r\n");
        return true;
    }
    const std::size_t size =
        response.shared_body != nullptr ? response.shared_body->size() : response.body.size();
    if (response.status != 204 && !(response.status == 304 && size == 0))
        fmt::format_to(std::back_inserter(out), "Content-Length: {}\r\n", size);
    out.append(response.close ? "Connection: close\r\n" : request.connection_line()).append("\r\n");
    if (!without_body && request.method() != Method::head && response.shared_body == nullptr)
        out.append(response.body);
    return true;
}

void append_refusal(std::string& out, int status, std::string_view date_line) {
    const std::string body = refusal_body(status);
    append_status_line(out, status);
    out.append(date_line);
    fmt::format_to(std::back_inserter(out),
                   "Content-Type: application/problem+json\r\nContent-Length: {}\r\n"
                   "Connection: close\r\n\r\n{}",
                   body.size(), body);
}

}  // namespace referral::http

#include "platform/http/parser.hpp"

#include <boost/beast/http/basic_parser.hpp>

namespace referral::http {

namespace {

namespace beast = boost::beast;
using Field = beast::http::field;

constexpr std::size_t host_bytes_max = 255;
constexpr std::size_t length_digits_max = 15;  // Far from where 64 bits overflow.

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

bool is_decimal(char c) { return c >= '0' && c <= '9'; }

bool is_name_char(char c) {
    const char letter = static_cast<char>(c | 0x20);
    return is_decimal(c) || (letter >= 'a' && letter <= 'z') || c == '-' || c == '.' || c == '_' ||
           c == '~';
}

bool is_port(std::string_view text) {
    if (text.size() > 5) return false;
    int port = 0;
    for (const char c : text) {
        if (!is_decimal(c)) return false;
        port = port * 10 + (c - '0');
    }
    return port <= 65535;
}

/// Host and optional port, RFC 3986 section 3.2 without user information and without the
/// sub-delims and percent-encoding no host name in DNS has.
bool is_authority(std::string_view text) {
    if (text.empty() || text.size() > host_bytes_max) return false;
    std::size_t host_end = 0;
    if (text.front() == '[') {
        host_end = text.find(']');
        if (host_end == text.npos) return false;
        if (!IpAddress::parse(text.substr(1, host_end - 1))) return false;
        ++host_end;
    } else {
        while (host_end < text.size() && is_name_char(text[host_end])) ++host_end;
        if (host_end == 0) return false;
    }
    if (host_end == text.size()) return true;
    return text[host_end] == ':' && is_port(text.substr(host_end + 1));
}

Method method_of(std::string_view text) {
    if (text == "GET") return Method::get;
    if (text == "HEAD") return Method::head;
    if (text == "POST") return Method::post;
    if (text == "PUT") return Method::put;
    if (text == "PATCH") return Method::patch;
    if (text == "DELETE") return Method::delete_;
    if (text == "OPTIONS") return Method::options;
    return Method::other;
}

/// The length of "http://" or "https://" at the start of `target`, in any case, or 0.
std::size_t scheme_size(std::string_view target) {
    if (beast::iequals(target.substr(0, 7), "http://")) return 7;
    if (beast::iequals(target.substr(0, 8), "https://")) return 8;
    return 0;
}

}  // namespace

/// Takes what Beast's parser finds and refuses what Beast lets pass: repeated lengths and
/// hosts, other transfer codings, folded lines. Beast sees one whole head and no body.
class HeadParser::Reader final : public beast::http::basic_parser<true> {
public:
    Reader(const Limits& limits, std::string_view bytes, Request& request)
        : limits_(limits), bytes_(bytes), request_(request) {
        header_limit(0xffff);
        body_limit(boost::none);
        skip(true);
        request_.bytes_ = bytes.data();
        request_.header_count_ = 0;
        request_.host_ = {};
        request_.framing_ = Framing::none;
        request_.content_length_ = 0;
        request_.expects_continue_ = false;
        request_.body_ = {};
    }

    int status() const { return status_; }
    bool has_request_line() const { return has_request_line_; }

    /// What can only be said once all lines are there. 0, or the status to refuse with.
    int finish() {
        if (hosts_ != 1 && (request_.version_minor_ != 0 || hosts_ > 1)) return 400;
        if (encodings_ != 0 && (lengths_ != 0 || encodings_ > 1)) return 400;
        if (encodings_ != 0 && request_.version_minor_ == 0) return 400;
        request_.keep_alive_ = keep_alive();
        return 0;
    }

private:
    using Code = beast::error_code;
    using Text = beast::string_view;

    Request::Piece piece(std::string_view text) const {
        return {static_cast<std::uint16_t>(text.data() - bytes_.data()),
                static_cast<std::uint16_t>(text.size())};
    }

    void refuse(int status, Code& code) {
        status_ = status;
        code = beast::http::error::bad_field;
    }

    void on_request_impl(beast::http::verb, Text method, Text target, int version,
                         Code& code) override {
        has_request_line_ = true;
        request_.method_text_ = piece(view(method));
        request_.method_ = method_of(view(method));
        request_.version_minor_ = static_cast<std::uint8_t>(version % 10);
        if (target.size() > limits_.target_bytes_max) return refuse(414, code);
        if (!take_target(view(target))) refuse(400, code);
    }

    /// The four forms of RFC 9112 section 3.2.
    bool take_target(std::string_view target) {
        if (target.find('#') != target.npos) return false;
        if (const std::size_t scheme = scheme_size(target); scheme != 0) {
            const std::size_t end = std::min(target.find_first_of("/?", scheme), target.size());
            const std::string_view authority = target.substr(scheme, end - scheme);
            if (!is_authority(authority)) return false;
            request_.host_ = piece(authority);
            host_from_target_ = true;
            // An empty path is "/": the one before the authority stands for it.
            target = end == target.size() ? target.substr(scheme - 1, 1) : target.substr(end);
        }
        const std::string_view method = request_.method_text();
        if (method == "CONNECT") {
            if (target.find(':') == target.npos || !is_authority(target)) return false;
        } else if (target == "*") {
            if (method != "OPTIONS") return false;
        } else if (target.front() != '/') {
            return false;
        }
        const std::size_t question = std::min(target.find('?'), target.size());
        request_.target_ = piece(target);
        request_.path_ = piece(target.substr(0, question));
        request_.query_ = piece(target.substr(std::min(question + 1, target.size())));
        return true;
    }

    void on_field_impl(Field field, Text name, Text value, Code& code) override {
        if (request_.header_count_ >= limits_.header_lines_max) return refuse(431, code);
        if (is_folded(view(name), view(value))) return refuse(400, code);
        request_.lines_[request_.header_count_++] = {piece(view(name)), piece(view(value))};
        if (const int status = take_field(field, view(value)); status != 0) refuse(status, code);
    }

    /// Beast unfolds obs-fold: into a buffer of its own, or by skipping an empty first line.
    bool is_folded(std::string_view name, std::string_view value) const {
        const char* const blanks = name.data() + name.size() + 1;
        if (value.data() < blanks || value.data() > bytes_.data() + bytes_.size()) return true;
        const std::string_view before(blanks, static_cast<std::size_t>(value.data() - blanks));
        return before.find('\n') != before.npos;
    }

    int take_field(Field field, std::string_view value) {
        switch (field) {
            case Field::host:
                ++hosts_;
                if (!is_authority(value)) return 400;
                if (!host_from_target_) request_.host_ = piece(value);
                return 0;
            case Field::content_length:
                return ++lengths_ > 1 || !take_length(value) ? 400 : 0;
            case Field::transfer_encoding:
                ++encodings_;
                if (!beast::iequals(value, "chunked")) return 501;
                request_.framing_ = Framing::chunked;
                return 0;
            case Field::expect:
                if (request_.version_minor_ == 0) return 0;
                if (!beast::iequals(value, "100-continue")) return 417;
                request_.expects_continue_ = true;
                return 0;
            default:
                return 0;
        }
    }

    bool take_length(std::string_view value) {
        if (value.empty() || value.size() > length_digits_max) return false;
        std::uint64_t length = 0;
        for (const char c : value) {
            if (!is_decimal(c)) return false;
            length = length * 10 + static_cast<std::uint64_t>(c - '0');
        }
        request_.content_length_ = length;
        if (length != 0) request_.framing_ = Framing::length;
        return true;
    }

    void on_response_impl(int, Text, int, Code&) override {}
    void on_header_impl(Code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, Code&) override {}
    std::size_t on_body_impl(Text text, Code&) override { return text.size(); }
    void on_chunk_header_impl(std::uint64_t, Text, Code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, Text text, Code&) override { return text.size(); }
    void on_finish_impl(Code&) override {}

    const Limits& limits_;
    const std::string_view bytes_;
    Request& request_;
    int status_ = 0;
    int hosts_ = 0;
    int lengths_ = 0;
    int encodings_ = 0;
    bool host_from_target_ = false;
    bool has_request_line_ = false;
};

namespace {

/// 505 for another version of HTTP ("PRI * HTTP/2.0"), 400 for what is none.
int version_status(std::string_view bytes) {
    const std::string_view line = bytes.substr(0, bytes.find('\r'));
    const std::string_view version = line.substr(std::min(line.rfind(' ') + 1, line.size()));
    const bool named = version.size() == 8 && version.starts_with("HTTP/") &&
                       is_decimal(version[5]) && version[6] == '.' && is_decimal(version[7]);
    return named && !version.starts_with("HTTP/1.0") && !version.starts_with("HTTP/1.1") ? 505
                                                                                         : 400;
}

}  // namespace

Head HeadParser::parse(std::string_view bytes, Request& request) const {
    // RFC 9112 section 2.2: an empty line before a request is a sloppy client's.
    const std::size_t skipped = bytes.starts_with("\r\n") ? 2 : 0;
    const std::string_view head = bytes.substr(skipped, limits_.header_bytes_max);
    if (head.empty() || (head == "\r" && skipped == 0)) return {};
    Reader reader(limits_, head, request);
    beast::error_code code;
    const std::size_t used = reader.put(boost::asio::const_buffer(head.data(), head.size()), code);
    if (reader.status() != 0) return {HeadState::refused, 0, reader.status()};
    if (code == beast::http::error::need_more) {
        if (head.size() < limits_.header_bytes_max) return {};
        return {HeadState::refused, 0, reader.has_request_line() ? 431 : 414};
    }
    if (code == beast::http::error::header_limit) return {HeadState::refused, 0, 431};
    if (code == beast::http::error::bad_version)
        return {HeadState::refused, 0, version_status(head)};
    if (code) return {HeadState::refused, 0, 400};
    if (const int status = reader.finish(); status != 0) return {HeadState::refused, 0, status};
    return {HeadState::whole, skipped + used, 0};
}

}  // namespace referral::http

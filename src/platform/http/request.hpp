#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/ip_address.hpp"
#include "base/time.hpp"

/// A request as the server read it: views of the bytes on the wire, nothing copied.

namespace referral::http {

class HeadParser;

/// `other` is any other token, for the handler to answer with 405 or 501; see `method_text`.
enum class Method : std::uint8_t { get, head, post, put, patch, delete_, options, other };

/// One header line: the name as sent, the value without the blanks around it.
struct HeaderView {
    std::string_view name;
    std::string_view value;
};

/// How the request's body is delimited.
enum class Framing : std::uint8_t { none, length, chunked };

/// What the server knows of a request besides its bytes.
struct Origin {
    IpAddress peer;              // The other end of the connection.
    IpAddress client;            // `peer`, or who a trusted proxy says it serves.
    bool secure = false;         // Came by TLS, or a trusted proxy says so.
    bool closing = false;        // The server wants the connection to end with this answer.
    Instant received_at{};       // By the server's clock, when the head was whole.
    std::uint64_t id = 0;        // Unique among the requests of one run of the program.
    std::string_view date_line;  // "Date: …\r\n" of this second.
};

/// A request whose syntax has been checked. Its views live as long as the bytes they name: for a
/// ClickPath and Handler::instant until they return, for Handler::handle until it returns.
/// Copying is cheap and copies no text.
class Request {
public:
    /// More header lines are refused with 431, whatever Limits say.
    static constexpr std::size_t header_lines_max = 100;

    Method method() const { return method_; }
    /// The method as sent: "GET", "PROPFIND".
    std::string_view method_text() const { return text(method_text_); }

    /// Path and query as sent, percent-encoding kept: "/r/summer?utm_source=x". The origin of an
    /// absolute target ("http://host/…") is taken off. "*" and the authority of CONNECT stay.
    std::string_view target() const { return text(target_); }
    /// The target before the first '?'.
    std::string_view path() const { return text(path_); }
    /// The target after the first '?', or empty.
    std::string_view query() const { return text(query_); }
    /// Host and optional port as sent, of the absolute target or else of the Host line: letters,
    /// digits and "-._~:[]" and the like, at most 255. Empty only with HTTP/1.0.
    std::string_view host() const { return text(host_); }

    /// The value of the first line with this name, in any case; nothing when there is none.
    std::optional<std::string_view> header(std::string_view name) const;
    /// How many header lines there are, and the one at `index`, in the order sent.
    std::size_t header_count() const { return header_count_; }
    HeaderView header_at(std::size_t index) const;
    /// The value of the first cookie with exactly this name, quotes kept; or nothing.
    std::optional<std::string_view> cookie(std::string_view name) const;

    /// The whole body, without the chunks' framing. Always empty for a ClickPath.
    std::string_view body() const { return body_; }
    Framing framing() const { return framing_; }
    /// The bytes of the body to come when `framing()` is length, else 0.
    std::uint64_t content_length() const { return content_length_; }
    /// Whether the client waits for "100 Continue"; the server sends it.
    bool expects_continue() const { return expects_continue_; }

    /// The other end of the connection: a proxy, perhaps.
    const IpAddress& peer() const { return origin_.peer; }
    /// Who asks: the last hop of X-Forwarded-For that is no trusted proxy, if the peer is one.
    const IpAddress& client() const { return origin_.client; }
    bool secure() const { return origin_.secure; }
    Instant received_at() const { return origin_.received_at; }
    std::uint64_t id() const { return origin_.id; }

    /// 0 or 1 of HTTP/1.x.
    int version_minor() const { return version_minor_; }
    /// Whether the connection goes on after this answer.
    bool keep_alive() const { return keep_alive_ && !origin_.closing; }
    /// What a hand-made answer says of that: "", "Connection: close\r\n" or, for HTTP/1.0,
    /// "Connection: keep-alive\r\n".
    std::string_view connection_line() const;
    /// "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n" for a hand-made answer.
    std::string_view date_line() const { return origin_.date_line; }

    const Origin& origin() const { return origin_; }
    void set_origin(const Origin& origin) { origin_ = origin; }
    /// The same request in a copy of its bytes at `bytes`, with `body`.
    Request moved_to(const char* bytes, std::string_view body) const;

private:
    friend class HeadParser;
    friend class RequestCopy;

    /// A piece of the head: offsets, so that a copy of the bytes needs no second parsing.
    struct Piece {
        std::uint16_t at = 0;
        std::uint16_t size = 0;
    };
    struct Line {
        Piece name;
        Piece value;
    };

    std::string_view text(Piece piece) const { return {bytes_ + piece.at, piece.size}; }

    const char* bytes_ = "";
    Piece method_text_, target_, path_, query_, host_;
    Method method_ = Method::other;
    Framing framing_ = Framing::none;
    bool keep_alive_ = false;
    bool expects_continue_ = false;
    std::uint8_t version_minor_ = 1;
    std::uint8_t header_count_ = 0;
    std::uint64_t content_length_ = 0;
    std::string_view body_;
    Origin origin_;
    std::array<Line, header_lines_max> lines_;
};

/// A request together with its bytes, for work that outlasts the connection's buffer, and for
/// tests. It stays where it was made, since its request views it.
class RequestCopy {
public:
    /// Copies `head`, the bytes `request` views, and takes `body`. The date line is left out: it
    /// belongs to a loop.
    RequestCopy(const Request& request, std::string_view head, std::string body);
    RequestCopy(const RequestCopy&) = delete;
    RequestCopy& operator=(const RequestCopy&) = delete;

    /// Reads a whole request as it stands on the wire, through the server's own parser.
    /// Throws std::invalid_argument when the server would refuse it, or when bytes are left over.
    static std::unique_ptr<RequestCopy> parse(std::string_view raw, const Origin& origin = {});

    const Request& request() const { return request_; }
    Request& request() { return request_; }
    /// For the one who delivers the body after the head.
    void set_body(std::string body);

private:
    std::string head_;
    std::string body_;
    Request request_;
};

}  // namespace referral::http

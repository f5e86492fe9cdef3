#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace referral {

/// An absolute http or https address of at most 2,048 characters, without user or password in it.
/// Written as RFC 3986 has it: a host in other letters than ASCII comes as punycode.
class Url {
public:
    static constexpr std::string_view rule =
        "an absolute https address of at most 2,048 characters";
    static constexpr std::size_t length_max = 2'048;

    static std::optional<Url> parse(std::string_view text);

    const std::string& text() const { return text_; }
    /// Lower case, without port; an IPv6 address without brackets.
    const std::string& host() const { return host_; }
    /// The port as written, or empty.
    const std::string& port() const { return port_; }
    bool is_https() const { return https_; }

    Url() = default;  // Only so that aggregates holding one can be built field by field.
    friend bool operator==(const Url&, const Url&) = default;

private:
    std::string text_;
    std::string host_;
    std::string port_;
    bool https_ = false;
};

/// A pattern for hosts that links may lead to: "quote.example.com", "quote.example.com:8443", or
/// "*.example.com" for every host below (not example.com itself).
class HostPattern {
public:
    static constexpr std::string_view rule =
        "a host such as quote.example.com, or *.example.com, with :port when it is not the usual";
    static std::optional<HostPattern> parse(std::string_view text);

    const std::string& text() const { return text_; }
    /// Whether `url` leads to this host. Without a port here, only the scheme's own port will do.
    bool matches(const Url& url) const;

    HostPattern() = default;
    friend bool operator==(const HostPattern&, const HostPattern&) = default;

private:
    std::string text_;
    std::string host_;
    std::string port_;
};

}  // namespace referral

#include "links/destination.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace referral::links {

namespace {

constexpr std::array<std::string_view, 5> utm_names{"utm_source", "utm_medium", "utm_campaign",
                                                    "utm_term", "utm_content"};

int hex_value(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// Whether an escape, '%' and two hexadecimal digits, stands at `at`.
bool is_escape(std::string_view text, std::size_t at) noexcept {
    return text[at] == '%' && at + 2 < text.size() && hex_value(text[at + 1]) >= 0 &&
           hex_value(text[at + 2]) >= 0;
}

/// Whether `encoded` means `name`, as a form is read: "cl%69ck_id" is click_id.
bool means(std::string_view encoded, std::string_view name) noexcept {
    std::size_t matched = 0;
    for (std::size_t i = 0; i < encoded.size(); ++i, ++matched) {
        char c = encoded[i];
        if (is_escape(encoded, i)) {
            c = static_cast<char>(hex_value(encoded[i + 1]) << 4 | hex_value(encoded[i + 2]));
            i += 2;
        }
        if (matched == name.size() || c != name[matched]) return false;
    }
    return matched == name.size();
}

/// Walks over the parameters of a query; empty ones are left out.
class Parameters {
public:
    explicit Parameters(std::string_view query) noexcept : rest_(query) {}

    /// The next parameter as it stands, "name=value" or "name"; false at the end.
    bool next(std::string_view& parameter) noexcept {
        do {
            if (rest_.empty()) return false;
            const std::size_t end = std::min(rest_.find('&'), rest_.size());
            parameter = rest_.substr(0, end);
            rest_.remove_prefix(std::min(end + 1, rest_.size()));
        } while (parameter.empty());
        return true;
    }

private:
    std::string_view rest_;
};

std::string_view key_of(std::string_view parameter) noexcept {
    return parameter.substr(0, parameter.find('='));
}

bool has(std::string_view query, std::string_view name) noexcept {
    std::string_view parameter;
    for (Parameters parameters(query); parameters.next(parameter);)
        if (means(key_of(parameter), name)) return true;
    return false;
}

/// Whether the visitor may not set this parameter.
bool is_reserved(std::string_view name, std::string_view destination_query,
                 std::string_view utm) noexcept {
    for (const std::string_view ours : {"ref", "click_id", "to"})
        if (means(name, ours)) return true;
    return std::ranges::any_of(utm_names, [&](std::string_view utm_name) {
        return means(name, utm_name) && (has(destination_query, utm_name) || has(utm, utm_name));
    });
}

/// RFC 3986's unreserved characters and what a query may hold besides. Not ';', which some servers
/// take for '&', nor the apostrophe and the likes, which pages forget to escape.
bool stays_as_it_is(char c) noexcept {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return true;
    return std::string_view("-._~!$*+,=:@/?").find(c) != std::string_view::npos;
}

void append_escaped(std::string& out, std::string_view parameter) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    for (std::size_t i = 0; i < parameter.size(); ++i) {
        const char c = parameter[i];
        if (stays_as_it_is(c) || is_escape(parameter, i)) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += hex[byte >> 4];
        out += hex[byte & 15];
    }
}

/// Appends parameters to a query that may have some already.
class QueryWriter {
public:
    QueryWriter(std::string& out, std::string_view query) noexcept
        : out_(out), separator_(query.empty() ? '?' : '&') {
        if (query.empty()) return;
        out_ += '?';
        out_ += query;
        if (query.back() == '&') out_.pop_back();
    }

    std::string& begin() {
        out_ += separator_;
        separator_ = '&';
        return out_;
    }

private:
    std::string& out_;
    char separator_;
};

}  // namespace

Destination Destination::of(std::string_view url) noexcept {
    Destination parts;
    if (const auto hash = url.find('#'); hash != url.npos) {
        parts.fragment = url.substr(hash + 1);
        url = url.substr(0, hash);
    }
    if (const auto mark = url.find('?'); mark != url.npos) {
        parts.query = url.substr(mark + 1);
        url = url.substr(0, mark);
    }
    parts.base = url;
    return parts;
}

ClickIdPlace append_location(std::string& out, const Destination& destination,
                             const Additions& additions) noexcept {
    out += destination.base;
    QueryWriter query(out, destination.query);
    std::string_view parameter;
    std::size_t passed = 0;
    for (Parameters visitors(additions.request_query); visitors.next(parameter);) {
        if (is_reserved(key_of(parameter), destination.query, additions.utm)) continue;
        if (passed + parameter.size() > passed_bytes_max) continue;
        passed += parameter.size();
        append_escaped(query.begin(), parameter);
    }
    for (Parameters utm(additions.utm); utm.next(parameter);)
        if (!has(destination.query, key_of(parameter))) query.begin() += parameter;
    (query.begin() += "ref=") += additions.code;
    ClickIdPlace place;
    if (!additions.click_id.empty()) {
        place.at = static_cast<std::uint32_t>(out.size());
        (query.begin() += "click_id=") += additions.click_id;
        place.size = static_cast<std::uint32_t>(out.size()) - place.at;
    }
    if (!destination.fragment.empty()) (out += '#') += destination.fragment;
    return place;
}

std::optional<std::string> deep_link(std::string_view request_query,
                                     std::span<const HostPattern> hosts) {
    std::string_view parameter;
    for (Parameters parameters(request_query); parameters.next(parameter);) {
        if (!means(key_of(parameter), "to")) continue;
        const std::size_t value = std::min(key_of(parameter).size() + 1, parameter.size());
        const auto url = Url::parse(form_decoded(parameter.substr(value)));
        if (!url || !url->is_https()) return std::nullopt;
        const bool allowed =
            std::ranges::any_of(hosts, [&](const HostPattern& host) { return host.matches(*url); });
        return allowed ? std::optional(url->text()) : std::nullopt;
    }
    return std::nullopt;
}

}  // namespace referral::links

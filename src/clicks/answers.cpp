#include "clicks/answers.hpp"

#include <algorithm>
#include <charconv>
#include <functional>

#include "platform/http/response.hpp"

namespace referral::clicks {

namespace {

constexpr std::string_view prefix = "/r/";
constexpr int suggestions_per_second_max = 20;
constexpr std::size_t countries_kept = 1024;  // A power of two.
constexpr std::size_t body_bytes_usual = 32 * 1024;

/// Ends every head: what no answer to a click goes without.
void end_head(const http::Request& request, std::size_t content_length, std::string& out) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, content_length).ptr;
    out.append("Cache-Control: no-store\r\nContent-Length: ").append(digits, end).append("\r\n");
    out.append(request.connection_line()).append("\r\n");
}

constexpr std::string_view status_line(int status) {
    switch (status) {
        case 200:
            return "HTTP/1.1 200 OK\r\n";
        case 302:
            return "HTTP/1.1 302 Found\r\n";
        case 404:
            return "HTTP/1.1 404 Not Found\r\n";
        case 405:
            return "HTTP/1.1 405 Method Not Allowed\r\n";
        default:
            return "HTTP/1.1 410 Gone\r\n";
    }
}

constexpr std::string_view redirect_headers =
    "Referrer-Policy: strict-origin-when-cross-origin\r\nX-Robots-Tag: noindex\r\n";

links::Device to_device(DeviceType type) {
    switch (type) {
        case DeviceType::desktop:
            return links::Device::desktop;
        case DeviceType::mobile:
            return links::Device::mobile;
        case DeviceType::tablet:
            return links::Device::tablet;
        case DeviceType::bot:
        case DeviceType::other:
            break;
    }
    return links::Device::other;
}

}  // namespace

Answers::Answers(const CaptureParts& parts)
    : parts_(parts), reader_(*parts.directory), crawlers_(*parts.crawlers) {
    if (parts_.places) countries_.resize(countries_kept);
    body_.reserve(body_bytes_usual);
}

bool Answers::takes(std::string_view path) noexcept {
    if (!path.starts_with(prefix)) return false;
    const std::string_view code = code_of(path);
    return !code.empty() && code.find('/') == code.npos;
}

std::string_view Answers::code_of(std::string_view path) noexcept {
    path.remove_prefix(prefix.size());
    if (path.ends_with('/')) path.remove_suffix(1);
    return path;
}

bool Answers::is_locked(const http::Request& request, const links::Entry& link) const noexcept {
    return link.has_password() &&
           !parts_.unlock_cookies->open(request, link, request.received_at());
}

std::string_view Answers::country(const http::Request& request) noexcept {
    if (countries_.empty()) return {};
    const IpAddress& ip = request.client();
    const Day day = std::chrono::floor<std::chrono::days>(request.received_at());
    const std::string_view bytes(reinterpret_cast<const char*>(ip.bytes().data()), 16);
    Country& kept = countries_[std::hash<std::string_view>{}(bytes) & (countries_kept - 1)];
    if (kept.ip != ip || kept.day != day) {
        const std::string found = parts_.places->country(ip);
        kept = {.ip = ip, .day = day};
        if (found.size() == 2) std::ranges::copy(found, kept.code.begin());
    }
    return kept.code[0] ? std::string_view(kept.code.data(), 2) : std::string_view();
}

links::Device Answers::device(const http::Request& request) noexcept {
    if (!parts_.user_agents) return links::Device::other;
    try {
        if (!user_agents_) user_agents_.emplace(*parts_.user_agents());
    } catch (const std::exception&) {
        // The rules cannot be read: whoever starts the program is told, and the start fails.
        return links::Device::other;
    }
    return to_device(user_agents_->find(request.header("User-Agent").value_or("")).device_type);
}

links::ClickIdPlace Answers::redirect(const http::Request& request, const links::Entry& link,
                                      std::string_view click_id, const Visitor* new_cookie,
                                      std::string& out) noexcept {
    const std::string_view where = link.asks_country() ? country(request) : std::string_view();
    const links::Device what = link.asks_device() ? device(request) : links::Device::other;
    const std::optional<std::string> deep =
        links::deep_link(request.query(), link.program().allowed_hosts);
    const links::Destination destination =
        deep ? links::Destination::of(*deep) : link.destination(where, what);

    out.append(status_line(302)).append(request.date_line()).append("Location: ");
    const links::ClickIdPlace place =
        link.append_location(out, destination, request.query(), click_id);
    out.append("\r\n").append(redirect_headers);
    if (new_cookie) append_visitor_cookie(out, *new_cookie, request.secure());
    end_head(request, 0, out);
    return place;
}

void Answers::dead_end(const http::Request& request, const links::Entry* link,
                       std::string& out) noexcept {
    if (link && !link->program().fallback_url.empty()) {
        out.append(status_line(302)).append(request.date_line());
        out.append("Location: ").append(link->program().fallback_url).append("\r\n");
        out.append(redirect_headers);
        end_head(request, 0, out);
        return;
    }
    const links::State state =
        link ? link->state(request.received_at()) : links::State::not_started;
    const bool for_good = state == links::State::expired || state == links::State::disabled ||
                          state == links::State::banned || state == links::State::active;
    const std::string_view code = code_of(request.path());
    std::string suggestions;
    if (!link && parts_.suggest && may_suggest(request.received_at()))
        suggestions = suggestions_html(parts_.suggest(code));
    page(request, for_good ? 410 : 404, for_good ? parts_.pages->gone : parts_.pages->not_found,
         {.code = code.substr(0, ClickRecord::code_bytes_max), .suggestions = suggestions}, out);
}

bool Answers::may_suggest(Instant now) noexcept {
    const std::int64_t second = now.time_since_epoch() / std::chrono::seconds(1);
    if (second != suggest_second_) {
        suggest_second_ = second;
        suggested_ = 0;
    }
    return ++suggested_ <= suggestions_per_second_max;
}

void Answers::password_form(const http::Request& request, const links::Entry& link,
                            std::string& out) noexcept {
    page(request, 200, parts_.pages->password, {.code = link.code()}, out);
}

void Answers::page(const http::Request& request, int status, const PageTemplate& page,
                   const PageValues& values, std::string& out) noexcept {
    body_.clear();
    page.append(body_, values);
    out.append(status_line(status)).append(request.date_line());
    const auto add = [&out](const auto& header) {
        out.append(header.first).append(": ").append(header.second).append("\r\n");
    };
    std::ranges::for_each(page_headers, add);
    if (request.secure()) add(secure_page_header);
    end_head(request, body_.size(), out);
    if (request.method() != http::Method::head) out.append(body_);
}

void Answers::method_not_allowed(const http::Request& request, std::string& out) noexcept {
    out.append(status_line(405)).append(request.date_line()).append("Allow: GET, HEAD\r\n");
    end_head(request, 0, out);
}

}  // namespace referral::clicks

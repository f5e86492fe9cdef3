#include "platform/http/request.hpp"

#include <stdexcept>

#include "base/check.hpp"
#include "base/text.hpp"
#include "platform/http/parser.hpp"
#include "platform/http/parser_body.hpp"

namespace referral::http {

std::optional<std::string_view> Request::header(std::string_view name) const {
    for (std::size_t i = 0; i < header_count_; ++i) {
        const Line& line = lines_[i];
        if (line.name.size == name.size() && same_but_for_case(text(line.name), name))
            return text(line.value);
    }
    return std::nullopt;
}

HeaderView Request::header_at(std::size_t index) const {
    CHECK(index < header_count_);
    return {text(lines_[index].name), text(lines_[index].value)};
}

std::optional<std::string_view> Request::cookie(std::string_view name) const {
    for (std::size_t i = 0; i < header_count_; ++i) {
        if (!same_but_for_case(text(lines_[i].name), "cookie")) continue;
        std::string_view rest = text(lines_[i].value);
        while (!rest.empty()) {
            const std::string_view pair = rest.substr(0, rest.find(';'));
            rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
            const auto first = pair.find_first_not_of(" \t");
            if (first == pair.npos) continue;
            const std::string_view trimmed = pair.substr(first);
            if (trimmed.size() > name.size() && trimmed[name.size()] == '=' &&
                trimmed.starts_with(name))
                return trimmed.substr(name.size() + 1);
        }
    }
    return std::nullopt;
}

std::string_view Request::connection_line() const {
    if (!keep_alive()) return "Connection: close\r\n";
    return version_minor_ == 0 ? "Connection: keep-alive\r\n" : "";
}

Request Request::moved_to(const char* bytes, std::string_view body) const {
    Request moved = *this;
    moved.bytes_ = bytes;
    moved.body_ = body;
    return moved;
}

RequestCopy::RequestCopy(const Request& request, std::string_view head, std::string body)
    : head_(head), body_(std::move(body)), request_(request.moved_to(head_.data(), body_)) {
    request_.origin_.date_line = {};
}

void RequestCopy::set_body(std::string body) {
    body_ = std::move(body);
    request_ = request_.moved_to(head_.data(), body_);
}

std::unique_ptr<RequestCopy> RequestCopy::parse(std::string_view raw, const Origin& origin) {
    const Limits limits;
    Request request;
    const Head head = HeadParser(limits).parse(raw, request);
    if (head.state != HeadState::whole)
        throw std::invalid_argument("no request the server would take");
    const std::string_view rest = raw.substr(head.bytes);
    BodyDecoder decoder(request.framing(), request.content_length(), rest.size(), limits);
    std::string body;
    const std::size_t used = decoder.take(rest, &body);
    if (!decoder.whole() || used != rest.size())
        throw std::invalid_argument("the body does not end where the bytes end");
    auto copy = std::make_unique<RequestCopy>(request, raw.substr(0, head.bytes), std::move(body));
    copy->request_.set_origin(origin);
    return copy;
}

}  // namespace referral::http

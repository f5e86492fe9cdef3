#include "connection.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>

namespace clicker {

namespace {

/// The value of the first line `name: …` of a head, or empty.
std::string_view value_of(std::string_view head, std::string_view name) {
    const auto at = head.find(name);
    if (at == head.npos) return {};
    const std::string_view rest = head.substr(at + name.size());
    return rest.substr(0, rest.find("\r\n"));
}

}  // namespace

bool Connection::open() {
    close();
    descriptor_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0)
        return true;
    close();
    return false;
}

void Connection::close() {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
    busy_ = closing_ = false;
    answer_.clear();
}

bool Connection::send(std::string_view request) {
    sent_at_ = Clock::now();
    while (!request.empty()) {
        const ssize_t sent = ::send(descriptor_, request.data(), request.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) return false;
        request.remove_prefix(static_cast<std::size_t>(sent));
    }
    busy_ = true;
    return true;
}

Outcome Connection::read() {
    char bytes[4096];
    const ssize_t got = recv(descriptor_, bytes, sizeof bytes, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return Outcome::waiting;
    if (got <= 0) return Outcome::lost;
    answer_.append(bytes, static_cast<std::size_t>(got));
    const auto end = answer_.find("\r\n\r\n");
    if (end == answer_.npos) return Outcome::waiting;
    const std::string_view head = std::string_view(answer_).substr(0, end + 2);
    std::size_t length = 0;
    const std::string_view told = value_of(head, "Content-Length: ");
    std::from_chars(told.data(), told.data() + told.size(), length);
    if (answer_.size() < end + 4 + length) return Outcome::waiting;
    const Outcome outcome = judge(head);
    busy_ = false;
    answer_.clear();
    return outcome;
}

Outcome Connection::judge(std::string_view head) {
    closing_ = value_of(head, "Connection: ") == "close";
    if (!head.starts_with("HTTP/1.1 302 ")) return Outcome::other;
    constexpr std::string_view parameter = "click_id=";
    const std::string_view location = value_of(head, "Location: ");
    const auto at = location.find(parameter);
    if (at == location.npos) return Outcome::unrecorded;
    const std::string_view id = location.substr(at + parameter.size());
    click_id_ = id.substr(0, id.find_first_of("&#"));
    return Outcome::recorded;
}

}  // namespace clicker

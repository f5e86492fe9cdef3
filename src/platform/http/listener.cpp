#include "platform/http/listener.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <system_error>

#include "platform/http/listener_descriptor.hpp"

namespace referral::http {

namespace {

constexpr int backlog = 4096;
constexpr int inherited_first = 3;  // SD_LISTEN_FDS_START

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

void set_option(int descriptor, int level, int option, int value) {
    if (::setsockopt(descriptor, level, option, &value, sizeof value) != 0) fail("setsockopt");
}

socklen_t fill(sockaddr_storage& storage, const Endpoint& endpoint) {
    const auto& bytes = endpoint.address.bytes();
    if (endpoint.address.is_v4()) {
        auto& address = reinterpret_cast<sockaddr_in&>(storage);
        address.sin_family = AF_INET;
        address.sin_port = htons(endpoint.port);
        std::memcpy(&address.sin_addr, bytes.data() + 12, 4);
        return sizeof address;
    }
    auto& address = reinterpret_cast<sockaddr_in6&>(storage);
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(endpoint.port);
    std::memcpy(&address.sin6_addr, bytes.data(), 16);
    return sizeof address;
}

IpAddress address_of(const sockaddr_storage& storage) {
    std::array<std::uint8_t, 16> bytes{};
    if (storage.ss_family == AF_INET) {
        bytes[10] = bytes[11] = 0xff;
        std::memcpy(bytes.data() + 12, &reinterpret_cast<const sockaddr_in&>(storage).sin_addr, 4);
    } else if (storage.ss_family == AF_INET6) {
        std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in6&>(storage).sin6_addr, 16);
    }
    return IpAddress::from_bytes(bytes);
}

/// A whole number in the environment, or -1.
int number_from_environment(const char* name) {
    const char* const text = std::getenv(name);
    if (text == nullptr) return -1;
    int value = -1;
    const char* const end = text + std::strlen(text);
    const auto result = std::from_chars(text, end, value);
    return result.ec == std::errc() && result.ptr == end ? value : -1;
}

}  // namespace

void require_free(const Endpoint& endpoint) {
    sockaddr_storage storage{};
    const socklen_t size = fill(storage, endpoint);
    const Descriptor socket(::socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (socket.get() < 0) fail("socket");
    set_option(socket.get(), SOL_SOCKET, SO_REUSEADDR, 1);
    if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&storage), size) != 0)
        throw std::runtime_error("cannot listen on " + endpoint.address.text() + " port " +
                                 std::to_string(endpoint.port) + ": " + std::strerror(errno));
}

int open_listener(const Endpoint& endpoint) {
    sockaddr_storage storage{};
    const socklen_t size = fill(storage, endpoint);
    Descriptor socket(::socket(storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (socket.get() < 0) fail("socket");
    if (storage.ss_family == AF_INET6) set_option(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, 0);
    set_option(socket.get(), SOL_SOCKET, SO_REUSEADDR, 1);
    set_option(socket.get(), SOL_SOCKET, SO_REUSEPORT, 1);
    set_option(socket.get(), IPPROTO_TCP, TCP_NODELAY, 1);  // Accepted sockets inherit it.
    if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&storage), size) != 0) fail("bind");
    if (::listen(socket.get(), backlog) != 0) fail("listen");
    return socket.take();
}

int adopt_listener(int descriptor) {
    int listening = 0;
    socklen_t size = sizeof listening;
    if (::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0)
        fail("inherited socket");
    if (listening == 0) {
        errno = EINVAL;
        fail("inherited socket does not listen");
    }
    Descriptor socket(::fcntl(descriptor, F_DUPFD_CLOEXEC, 0));
    if (socket.get() < 0) fail("dup");
    const int flags = ::fcntl(socket.get(), F_GETFL);
    if (flags < 0 || ::fcntl(socket.get(), F_SETFL, flags | O_NONBLOCK) != 0) fail("fcntl");
    set_option(socket.get(), IPPROTO_TCP, TCP_NODELAY, 1);
    return socket.take();
}

std::uint16_t bound_port(int descriptor) {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&storage), &size) != 0)
        fail("getsockname");
    return ntohs(storage.ss_family == AF_INET6
                     ? reinterpret_cast<const sockaddr_in6&>(storage).sin6_port
                     : reinterpret_cast<const sockaddr_in&>(storage).sin_port);
}

AcceptedSocket accept_one(int listener) {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    const int descriptor = ::accept4(listener, reinterpret_cast<sockaddr*>(&storage), &size,
                                     SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0) return {.descriptor = -1, .peer = {}, .error = errno};
    return {.descriptor = descriptor, .peer = address_of(storage), .error = 0};
}

std::vector<InheritedSocket> inherited_sockets() {
    std::vector<InheritedSocket> sockets;
    if (number_from_environment("LISTEN_PID") != ::getpid()) return sockets;
    const int count = number_from_environment("LISTEN_FDS");
    const char* const given = std::getenv("LISTEN_FDNAMES");
    std::string_view names = given == nullptr ? "" : given;
    for (int i = 0; i < count; ++i) {
        const std::string_view name = names.substr(0, names.find(':'));
        names.remove_prefix(std::min(name.size() + 1, names.size()));
        const int descriptor = inherited_first + i;
        if (::fcntl(descriptor, F_SETFD, FD_CLOEXEC) != 0) break;
        sockets.push_back({descriptor, std::string(name), name == "https"});
    }
    return sockets;
}

}  // namespace referral::http

/// The HTTP server with next to nothing behind it, for comparing what it makes of requests:
/// "/r/…" is a click, all else is answered at once. Usage: http_server PORT; ends on SIGTERM.

#include "platform/http/server.hpp"

#include <pthread.h>

#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstring>

namespace {

namespace http = referral::http;
using referral::Instant, referral::IpAddress;

class Clicks final : public http::ClickPath {
public:
    bool takes(std::string_view path) const noexcept override { return path.starts_with("/r/"); }
    http::ClickAnswer answer(const http::Request& request, std::string& out) noexcept override {
        out.append("HTTP/1.1 302 Found\r\nLocation: https://shop.example/\r\n");
        out.append("Content-Length: 0\r\n").append(request.date_line());
        out.append(request.connection_line()).append("\r\n");
        return {.wait_for_commit = true, .click_id = {}};
    }
    bool commit() noexcept override { return true; }
    void uncommitted(std::size_t) noexcept override {}
};

class Answers final : public http::Handler {
public:
    std::size_t body_bytes_max(const http::Request&) const noexcept override { return 1024; }
    std::optional<http::Response> instant(const http::Request&) noexcept override {
        return http::Response::with(200, "text/plain", "ok\n");
    }
    http::Response handle(const http::Request&) noexcept override {
        return http::Response::refusal(500);
    }
};

Instant now() {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

}  // namespace

int main(int count, char** arguments) {
    std::uint16_t port = 0;
    if (count != 2) return 2;
    std::from_chars(arguments[1], arguments[1] + std::strlen(arguments[1]), port);
    sigset_t ending;
    sigemptyset(&ending);
    sigaddset(&ending, SIGTERM);
    sigaddset(&ending, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ending, nullptr);  // Before there are threads, which inherit it.
    http::Settings settings;
    settings.clock = now;
    settings.listen = {{*IpAddress::parse("127.0.0.1"), port, false}};
    Answers answers;
    Clicks clicks, unrecorded;
    http::ClickPath* const paths[] = {&clicks};
    http::ClickPath* const fallback[] = {&unrecorded};
    http::Server server(std::move(settings), answers, paths, fallback);
    server.start();
    int signal = 0;
    sigwait(&ending, &signal);
    server.drain(std::chrono::milliseconds(0));
    return server.wait() ? 0 : 1;
}

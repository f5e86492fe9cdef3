#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "platform/http/listener_descriptor.hpp"
#include "platform/http/server.hpp"

/// A server in the test's own process, with a handler and click paths the test can steer, and a
/// client that sees every byte.

namespace referral::http {

inline Instant system_now() {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

/// Waits until `condition` holds; false when it does not within ten seconds.
bool eventually(const auto& condition) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
}

/// Something threads wait at until it is opened.
class Barrier {
public:
    explicit Barrier(bool open) : open_(open) {}

    void set(bool open) {
        const std::lock_guard lock(mutex_);
        open_ = open;
        changed_.notify_all();
    }
    void pass() {
        std::unique_lock lock(mutex_);
        ++waiting_;
        changed_.notify_all();
        changed_.wait(lock, [this] { return open_; });
        --waiting_;
    }
    /// Returns once so many threads wait here.
    void await_waiting(int count) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return waiting_ >= count; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool open_;
    int waiting_ = 0;
};

/// Answers "/r/…" with a redirect that carries a click id.
class TestClicks final : public ClickPath {
public:
    static constexpr std::string_view click_id = "&click_id=clk_7";

    bool takes(std::string_view path) const noexcept override { return path.starts_with("/r/"); }

    ClickAnswer answer(const Request& request, std::string& out) noexcept override {
        out.append("HTTP/1.1 302 Found\r\nLocation: https://shop.example/?a=1");
        ClickAnswer answer;
        if (with_click_id) {
            answer.wait_for_commit = strict;
            answer.click_id[0] = {static_cast<std::uint32_t>(out.size()),
                                  static_cast<std::uint32_t>(click_id.size())};
            out.append(click_id);
        }
        out.append("\r\nContent-Length: 0\r\n").append(request.date_line());
        out.append(request.connection_line()).append("X-Client: ");
        char client[INET6_ADDRSTRLEN] = "";
        inet_ntop(AF_INET6, request.client().bytes().data(), client, sizeof client);
        out.append(client).append("\r\n\r\n");
        ++answered;
        return answer;
    }

    bool commit() noexcept override {
        gate.pass();
        ++commits;
        return durable;
    }

    void uncommitted(std::size_t answers) noexcept override { lost += answers; }
    void sync_if_due() noexcept override { ++syncs; }

    Barrier gate{true};
    bool with_click_id = true;
    bool strict = true;
    std::atomic<bool> durable = true;
    std::atomic<std::uint64_t> answered = 0, commits = 0, lost = 0, syncs = 0;
};

/// "/instant" and "/shared" at once, "/stream" streams, "/gate" and "/costly" wait at the gate, all
/// else tells what it was asked.
class TestHandler final : public Handler {
public:
    std::size_t body_bytes_max(const Request& head) const noexcept override {
        if (head.path() == "/small") return 10;
        return head.path() == "/echo" ? 1024 * 1024 : 0;
    }

    bool is_costly(const Request& request) const noexcept override {
        return request.path() == "/costly";
    }

    std::optional<Response> instant(const Request& request) noexcept override {
        if (request.path() == "/instant") return Response::with(200, "text/plain", "instant");
        if (request.path() != "/shared") return std::nullopt;
        Response response = Response::with(200, "text/plain", "");
        response.shared_body = shared;
        return response;
    }

    Response handle(const Request& request) noexcept override {
        if (request.path() == "/gate" || request.path() == "/costly") gate.pass();
        if (request.path() == "/bad-header") {
            Response response = Response::with(200, "text/plain", "never seen");
            response.headers.push_back({"X-Note", "a\r\nSet-Cookie: b=c"});
            return response;
        }
        if (request.path() == "/none") return Response{.status = 204};
        if (request.path() == "/stream")
            return Response::events(gives_stream_away ? std::exchange(stream, nullptr) : stream);
        std::string told(request.method_text());
        told.append(" ").append(request.target()).append(" ").append(request.host());
        told.append(" ").append(request.client().text()).append(request.secure() ? " tls" : "");
        told.append(" ").append(request.body());
        return Response::with(200, "text/plain", told);
    }

    Barrier gate{true};
    std::shared_ptr<const std::string> shared =
        std::make_shared<const std::string>(8 * 1024 * 1024, 's');
    std::shared_ptr<Stream> stream = std::make_shared<Stream>();
    bool gives_stream_away = false;  // And keeps no other end.
};

/// A server with one front loop and `click_loops` click loops on a free port of 127.0.0.1.
class TestServer {
public:
    explicit TestServer(Settings settings = {}, std::size_t click_loops = 1) : clicks(click_loops) {
        settings.clock = system_now;
        if (settings.listen.empty() && settings.inherited.empty())
            settings.listen.push_back({*IpAddress::parse("127.0.0.1"), 0, false});
        unrecorded.with_click_id = false;
        std::vector<ClickPath*> paths;
        for (TestClicks& path : clicks) paths.push_back(&path);
        ClickPath* const fallback = &unrecorded;
        server =
            std::make_unique<Server>(std::move(settings), handler, paths, std::span(&fallback, 1));
        server->start();
    }
    ~TestServer() {
        handler.gate.set(true);
        for (TestClicks& path : clicks) path.gate.set(true);
    }

    std::uint16_t port() const { return server->port(); }

    TestHandler handler;
    std::vector<TestClicks> clicks;
    TestClicks unrecorded;
    std::unique_ptr<Server> server;
};

/// What a client has read.
struct Received {
    std::string bytes;
    bool reset = false;  // The connection broke instead of ending.
    bool timed_out = false;

    /// The status codes of all answers, in order: "200 404".
    std::string statuses() const {
        std::string found;
        for (std::size_t at = 0; (at = bytes.find("HTTP/1.1 ", at)) != bytes.npos; at += 9)
            found.append(found.empty() ? "" : " ").append(bytes.substr(at + 9, 3));
        return found;
    }
};

/// A TCP connection to 127.0.0.1. Nothing waits longer than ten seconds.
class Client {
public:
    explicit Client(std::uint16_t port, int receive_buffer = 0)
        : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        if (receive_buffer != 0)
            ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer,
                         sizeof receive_buffer);
        const int at_once = 1;  // Each send a packet, so that bytes can come one by one.
        ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected_ =
            ::connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    }

    bool connected() const { return connected_; }

    /// False when the other side no longer takes any.
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t count = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        return true;
    }

    void end_sending() { ::shutdown(socket_.get(), SHUT_WR); }

    /// Reads until the other side ends.
    Received read_all() {
        Received received;
        while (read_more(received)) {
        }
        return received;
    }

    /// Reads one answer with a Content-Length, with its body unless it answers HEAD; or until the
    /// end, when there is none.
    Received read_answer() {
        Received received{.bytes = std::exchange(left_, {})};
        std::size_t end = 0;
        while ((end = received.bytes.find("\r\n\r\n")) == std::string::npos)
            if (!read_more(received)) return received;
        end += 4;
        if (const auto at = received.bytes.find("Content-Length: "); at < end)
            end += std::stoul(received.bytes.substr(at + 16));
        while (received.bytes.size() < end)
            if (!read_more(received)) return received;
        left_ = received.bytes.substr(end);
        received.bytes.resize(end);
        return received;
    }

    /// Reads until `wanted` has come.
    Received read_until(std::string_view wanted) {
        Received received{.bytes = std::exchange(left_, {})};
        while (received.bytes.find(wanted) == std::string::npos && read_more(received)) {
        }
        return received;
    }

    Received ask(std::string_view request) {
        send(request);
        return read_answer();
    }

private:
    bool read_more(Received& received) {
        pollfd wait{.fd = socket_.get(), .events = POLLIN, .revents = 0};
        if (::poll(&wait, 1, 10'000) <= 0) {
            received.timed_out = true;
            return false;
        }
        char buffer[65536];
        const ssize_t count = ::recv(socket_.get(), buffer, sizeof buffer, 0);
        if (count < 0) received.reset = true;
        if (count <= 0) return false;
        received.bytes.append(buffer, static_cast<std::size_t>(count));
        return true;
    }

    Descriptor socket_;
    std::string left_;
    bool connected_ = false;
};

}  // namespace referral::http

#include "platform/http/front_loop.hpp"

#include <sys/socket.h>

#include <cerrno>

#include "platform/http/click_loop.hpp"
#include "platform/http/front_loop_connection.hpp"
#include "platform/http/listener.hpp"

namespace referral::http {

namespace {

using std::chrono::milliseconds;

constexpr int accepted_at_once_max = 64;

/// For a connection there is no place for: best effort, it must cost nothing.
constexpr std::string_view too_many =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n"
    "Connection: close\r\n\r\n";

}  // namespace

FrontLoop::FrontLoop(Core& core, ClickPath* unrecorded, std::uint16_t number,
                     std::vector<Listening> listening)
    : core_(core),
      limits_(core.settings.limits),
      unrecorded_(unrecorded),
      number_(number),
      origins_(core.settings, number),
      now_(std::chrono::steady_clock::now()) {
    for (Listening& each : listening)
        doors_.push_back({.acceptor = Acceptor(context_, asio::ip::tcp::v4(), each.socket.take()),
                          .tls = each.tls,
                          .inherited = each.inherited});
}

FrontLoop::~FrontLoop() = default;

void FrontLoop::run() {
    for (Door& door : doors_) wait_at(door);
    tick();
    context_.run();
}

void FrontLoop::take(Arrival arrival) {
    // Handlers are copied nowhere, but Asio wants to be able to move them without throwing.
    auto moved = std::make_unique<Arrival>(std::move(arrival));
    asio::post(context_, [this, moved = std::move(moved)] { adopt(std::move(*moved)); });
}

void FrontLoop::drain(Monotonic until) {
    asio::post(context_, [this, until] {
        if (!std::exchange(draining_, true)) {
            stop_listening();
            for (const Connection& connection :
                 std::vector(connections_.begin(), connections_.end()))
                connection->begin_drain();
        }
        drain_until_ = until;
        tick_.cancel();
    });
}

void FrontLoop::wait_at(Door& door) {
    door.acceptor.async_wait(Acceptor::wait_read,
                             [this, &door](const boost::system::error_code& error) {
                                 if (error || draining_) return;
                                 door.paused = !accept_at(door, accepted_at_once_max);
                                 if (!door.paused) wait_at(door);
                             });
}

bool FrontLoop::accept_at(Door& door, int count_max) {
    for (int count = 0; count < count_max; ++count) {
        const AcceptedSocket accepted = accept_one(door.acceptor.native_handle());
        if (accepted.descriptor >= 0) {
            admit(accepted.descriptor, accepted.peer, door.tls);
            continue;
        }
        switch (accepted.error) {
            case EAGAIN:
                return true;
            case EMFILE:
            case ENFILE:
            case ENOBUFS:
            case ENOMEM:
                return false;
            default:
                break;  // That one connection has failed already, see accept(2).
        }
    }
    return true;
}

void FrontLoop::admit(int descriptor, const IpAddress& peer, bool tls) {
    Arrival arrival{.socket = Descriptor(descriptor),
                    .input = {},
                    .peer = {.address = peer,
                             .trusted = contains(core_.settings.trusted_proxies, peer),
                             .secure = tls},
                    .ticket = {},
                    .front = number_};
    counters_.accepted.add();
    switch (core_.admission.admit(peer, arrival.peer.trusted, arrival.ticket)) {
        case Admission::Verdict::admitted:
            return adopt(std::move(arrival));
        case Admission::Verdict::too_many:
            counters_.refused_connections.add();
            break;
        case Admission::Verdict::too_many_of_client:
            counters_.refused_client.add();
            break;
    }
    if (!tls) ::send(descriptor, too_many.data(), too_many.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

void FrontLoop::adopt(Arrival arrival) {
    const int descriptor = arrival.socket.take();
    auto transport = arrival.peer.secure ? core_.tls->transport(context_, descriptor)
                                         : plain_transport(context_, descriptor);
    auto connection =
        std::make_shared<FrontConnection>(*this, std::move(transport), std::move(arrival));
    connections_.push_back(connection);
    connection->place = std::prev(connections_.end());
    connection->start();
}

// What has connected already is taken, or the kernel would reset it with the socket; an inherited
// socket stays open elsewhere, and so do its connections.
void FrontLoop::stop_listening() {
    for (Door& door : doors_) {
        if (!door.inherited) accept_at(door, static_cast<int>(limits_.connections_max));
        boost::system::error_code ignored;
        door.acceptor.close(ignored);
    }
    --core_.listening;
}

bool FrontLoop::is_click(std::string_view path) const {
    return unrecorded_ != nullptr && unrecorded_->takes(path);
}

ClickLoop* FrontLoop::click_loop() {
    const auto& loops = core_.clicks;
    for (std::size_t tried = 0; tried < loops.size(); ++tried) {
        ClickLoop& loop = *loops[click_loop_next_++ % loops.size()];
        if (!loop.stuck()) return &loop;
    }
    return nullptr;
}

void FrontLoop::answer_unrecorded(const Request& request, std::string& out) {
    unrecorded_->answer(request, out);
    counters_.clicks_unrecorded.add();
}

void FrontLoop::rescue() {
    for (const auto& loop : core_.clicks) {
        if (!loop->stuck()) continue;
        Waiting waiting = loop->take_back();
        for (Arrival& arrival : waiting.arrivals) adopt(std::move(arrival));
        for (Relay& relay : waiting.relays) {
            Request& request = relay.request->request();
            origins_.renew(request, false);
            std::string out;
            answer_unrecorded(request, out);
            relay.answered(std::move(out));
        }
    }
}

void FrontLoop::tick() {
    now_ = std::chrono::steady_clock::now();
    rescue();
    for (Door& door : doors_)
        if (!draining_ && std::exchange(door.paused, false)) wait_at(door);
    sweep();
    if (draining_) {
        if (now_ >= drain_until_ && !std::exchange(idle_ended_, true)) {
            for (const Connection& connection :
                 std::vector(connections_.begin(), connections_.end()))
                connection->end_idle();
        }
        if (core_.finished() || now_ >= drain_until_ + 2 * limits_.linger_time_max) {
            end_all();
            context_.stop();
            return;
        }
    }
    tick_.expires_after(draining_ ? ClickLoop::tick_time_draining : ClickLoop::tick_time);
    tick_.async_wait([this](const boost::system::error_code&) { tick(); });
}

void FrontLoop::sweep() {
    for (auto place = connections_.begin(); place != connections_.end();) {
        const Connection connection = *place++;  // It may go.
        connection->check_deadline(now_);
    }
}

void FrontLoop::end_all() {
    while (!connections_.empty()) {
        const Connection connection = connections_.front();
        if (connection->cut()) core_.cut_short = true;
    }
}

}  // namespace referral::http

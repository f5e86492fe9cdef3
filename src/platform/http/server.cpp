#include "platform/http/server.hpp"

#include <pthread.h>

#include <functional>
#include <stdexcept>
#include <thread>

#include "base/check.hpp"
#include "platform/http/click_loop.hpp"
#include "platform/http/front_loop.hpp"
#include "platform/http/listener.hpp"
#include "platform/http/server_core.hpp"

namespace referral::http {

namespace {

constexpr std::size_t header_bytes_possible = 60 * 1024;  // Request keeps 16-bit offsets.

Settings checked(Settings settings) {
    CHECK(settings.clock != nullptr && settings.front_loops > 0);
    CHECK(settings.limits.header_bytes_max <= header_bytes_possible);
    CHECK(settings.limits.header_lines_max <= Request::header_lines_max);
    return settings;
}

}  // namespace

Core::Core(Settings given, Handler& answers)
    : settings(checked(std::move(given))),
      handler(answers),
      parser(settings.limits),
      admission(settings.limits),
      pool(settings.pool_threads, settings.pool_queue_max),
      costly(settings.costly_threads, settings.costly_queue_max) {
    if (settings.tls) tls = std::make_unique<TlsContext>(*settings.tls);
}

Core::~Core() = default;

class Server::Parts {
public:
    Parts(Settings settings, Handler& handler, std::span<ClickPath* const> clicks,
          std::span<ClickPath* const> unrecorded)
        : core(std::move(settings), handler) {
        CHECK(clicks.empty() || unrecorded.size() == core.settings.front_loops);
        for (std::size_t i = 0; i < core.settings.front_loops; ++i) {
            ClickPath* const path = clicks.empty() ? nullptr : unrecorded[i];
            core.fronts.push_back(std::make_unique<FrontLoop>(
                core, path, static_cast<std::uint16_t>(i), listening(i)));
        }
        for (std::size_t i = 0; i < clicks.size(); ++i)
            core.clicks.push_back(std::make_unique<ClickLoop>(
                core, *clicks[i], static_cast<std::uint16_t>(core.settings.front_loops + i)));
        core.listening = core.fronts.size();
    }

    void spawn(const char* name, std::function<void()> work) {
        threads.emplace_back(std::move(work));
        pthread_setname_np(threads.back().native_handle(), name);
    }

    Core core;
    std::vector<std::uint16_t> ports;
    std::vector<std::thread> threads;

private:
    /// Sockets for the front loop at `index`; the first one's ports bind the others'.
    std::vector<Listening> listening(std::size_t index) {
        std::vector<Listening> result;
        for (std::size_t i = 0; i < core.settings.listen.size(); ++i) {
            Endpoint endpoint = core.settings.listen[i];
            if (index > 0)
                endpoint.port = ports[i];
            else
                require_free(endpoint);
            result.push_back({Descriptor(open_listener(endpoint)), endpoint.tls, false});
        }
        for (const InheritedSocket& inherited : core.settings.inherited)
            result.push_back(
                {Descriptor(adopt_listener(inherited.descriptor)), inherited.tls, true});
        for (const Listening& each : result) {
            if (each.tls && core.tls == nullptr)
                throw std::runtime_error("TLS needs a certificate and a key");
            if (index == 0) ports.push_back(bound_port(each.socket.get()));
        }
        return result;
    }
};

Server::Server(Settings settings, Handler& handler, std::span<ClickPath* const> clicks,
               std::span<ClickPath* const> unrecorded)
    : parts_(std::make_unique<Parts>(std::move(settings), handler, clicks, unrecorded)) {}

Server::~Server() {
    if (parts_->threads.empty()) return;
    drain(std::chrono::milliseconds(0));
    wait();
}

std::uint16_t Server::port(std::size_t index) const { return parts_->ports.at(index); }

void Server::start() {
    CHECK(parts_->threads.empty());
    for (const auto& loop : parts_->core.clicks) parts_->spawn("http click", [&] { loop->run(); });
    for (const auto& loop : parts_->core.fronts) parts_->spawn("http front", [&] { loop->run(); });
}

void Server::drain(std::chrono::milliseconds time_max) {
    const Monotonic until = std::chrono::steady_clock::now() + time_max;
    for (const auto& loop : parts_->core.fronts) loop->drain(until);
    for (const auto& loop : parts_->core.clicks) loop->drain(until);
}

bool Server::wait() {
    for (std::thread& thread : parts_->threads) thread.join();
    parts_->threads.clear();
    return !parts_->core.cut_short;
}

void Server::reload_tls() {
    if (parts_->core.tls != nullptr) parts_->core.tls->reload();
}

ServerStats Server::stats() const {
    ServerStats stats;
    const Core& core = parts_->core;
    const auto add = [&stats](const Counters& counters) {
        stats.accepted += counters.accepted.value();
        stats.clicks += counters.clicks.value();
        stats.clicks_unrecorded += counters.clicks_unrecorded.value();
        stats.clicks_uncommitted += counters.clicks_uncommitted.value();
        stats.clicks_relayed += counters.clicks_relayed.value();
        stats.instant += counters.instant.value();
        stats.pooled += counters.pooled.value();
        stats.streams += counters.streams.value();
        stats.streams_overrun += counters.streams_overrun.value();
        stats.handed_over += counters.handed_over.value();
        stats.handed_back += counters.handed_back.value();
        stats.commits += counters.commits.value();
        stats.commits_failed += counters.commits_failed.value();
        stats.refused_malformed += counters.refused_malformed.value();
        stats.refused_head_size += counters.refused_head_size.value();
        stats.refused_body_size += counters.refused_body_size.value();
        stats.refused_pool_full += counters.refused_pool_full.value();
        stats.refused_connections += counters.refused_connections.value();
        stats.refused_client += counters.refused_client.value();
        stats.timeouts_head += counters.timeouts_head.value();
        stats.timeouts_body += counters.timeouts_body.value();
        stats.timeouts_idle += counters.timeouts_idle.value();
        stats.timeouts_send += counters.timeouts_send.value();
        stats.tls_failed += counters.tls_failed.value();
    };
    for (const auto& loop : core.fronts) add(loop->counters());
    for (const auto& loop : core.clicks) {
        add(loop->counters());
        if (loop->stuck()) ++stats.click_loops_stuck;
    }
    stats.open = core.admission.open();
    stats.pool_queue = core.pool.waiting() + core.costly.waiting();
    stats.pool_busy = core.pool.busy() + core.costly.busy();
    return stats;
}

}  // namespace referral::http

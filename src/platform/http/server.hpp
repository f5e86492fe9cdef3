#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip_address.hpp"
#include "base/time.hpp"
#include "platform/http/limits.hpp"
#include "platform/http/request.hpp"
#include "platform/http/response.hpp"

/// The HTTP/1.1 server. *Front loops* accept connections, read requests and serve all that is not
/// a click; *click loops* answer clicks and make them durable, and may wait for the disk without
/// holding up anything else. A connection moves to a click loop with its first click.

namespace referral::http {

/// Bytes of an answer, counted from the start of the output they were appended to.
struct ByteRange {
    std::uint32_t at = 0;
    std::uint32_t size = 0;
};

/// What became of one click.
struct ClickAnswer {
    /// The answer may leave only after a commit.
    bool wait_for_commit = false;
    /// Where the answer names the click: cut out when that commit fails. In ascending order, apart
    /// from each other, and only where a cut leaves a proper answer: in header values, not in a
    /// body whose length is told. Size 0: none.
    ByteRange click_id[2];
};

/// Answers clicks on one loop. Every function is called on that loop's thread only. None may
/// allocate after a warm-up, take a lock others hold for long, or throw.
class ClickPath {
public:
    virtual ~ClickPath() = default;

    /// Whether a request for `path` is a click. It may not depend on anything that changes.
    virtual bool takes(std::string_view path) const noexcept = 0;

    /// Appends the whole answer to `out`, which may already hold earlier ones, with
    /// `request.date_line()` and `request.connection_line()`; to HEAD without body.
    virtual ClickAnswer answer(const Request& request, std::string& out) noexcept = 0;

    /// Makes durable what was answered since the last call; called after every iteration of the
    /// loop that answered something, and a last time before the loop ends. False: it is not
    /// durable, and the click ids of waiting answers are cut out.
    virtual bool commit() noexcept = 0;

    /// Told how many waiting answers went out without their click ids.
    virtual void uncommitted(std::size_t answers) noexcept = 0;

    /// Called about every 15 ms after a commit, until a second has gone by without another: for
    /// paths whose answers do not wait and which write to disk by the clock.
    virtual void sync_if_due() noexcept {}
};

/// Serves what is no click.
class Handler {
public:
    virtual ~Handler() = default;

    /// How large a body this request may have; asked with the head alone, on a front loop, before
    /// any of the body is read. More gives 413. 0: none.
    virtual std::size_t body_bytes_max(const Request& head) const noexcept = 0;

    /// Whether the answer takes tens of milliseconds of a core, as a check of a password does. Such
    /// requests have few threads and a short queue of their own: a flood of them keeps no other
    /// request waiting. Asked on a front loop.
    virtual bool is_costly(const Request&) const noexcept { return false; }

    /// The answer, when it is at hand without waiting for anything (health, static files); on a
    /// front loop. Nothing: `handle` is called.
    virtual std::optional<Response> instant(const Request& request) noexcept = 0;

    /// The answer; called on a thread of a pool, and may block. Turns whatever goes wrong into an
    /// answer itself.
    virtual Response handle(const Request& request) noexcept = 0;
};

/// Where to listen. "::" takes IPv4 too. Port 0: any free one, see Server::port.
struct Endpoint {
    IpAddress address;
    std::uint16_t port = 0;
    bool tls = false;
};

/// A listening socket somebody else opened and keeps open while this program restarts.
struct InheritedSocket {
    int descriptor = -1;
    std::string name;  // From LISTEN_FDNAMES, or empty.
    bool tls = false;  // The caller's choice; `inherited_sockets` says true for the name "https".
};

/// The sockets a supervisor passed by LISTEN_FDS and LISTEN_PID (systemd's protocol, see
/// sd_listen_fds(3)); none when these are not for this process. Marks them close-on-exec.
std::vector<InheritedSocket> inherited_sockets();

/// PEM files.
struct TlsFiles {
    std::string certificate_chain;
    std::string private_key;
};

struct Settings {
    Clock clock = nullptr;  // Needed.
    std::vector<Endpoint> listen;
    std::vector<InheritedSocket> inherited;
    std::optional<TlsFiles> tls;           // Needed when one of the sockets is TLS.
    std::vector<IpBlock> trusted_proxies;  // Whose X-Forwarded-For and X-Forwarded-Proto count.
    std::size_t front_loops = 1;
    std::size_t pool_threads = 8;
    std::size_t pool_queue_max = 256;  // Requests waiting for a thread; more get 503.
    std::size_t costly_threads = 4;
    std::size_t costly_queue_max = 32;  // The same of requests that are costly.
    Limits limits;
};

/// The server's counters at one moment. Those that grow count from the start.
struct ServerStats {
    std::uint64_t accepted = 0;            // Connections.
    std::uint64_t open = 0;                // Connections now.
    std::uint64_t clicks = 0;              // Answered by click loops.
    std::uint64_t clicks_unrecorded = 0;   // Answered by front loops, all click loops being stuck.
    std::uint64_t clicks_uncommitted = 0;  // Answered without click id after a failed commit.
    std::uint64_t clicks_relayed = 0;      // From TLS connections to click loops.
    std::uint64_t instant = 0;             // Answered on a front loop.
    std::uint64_t pooled = 0;              // Given to the pool.
    std::uint64_t streams = 0;             // Streams open now.
    std::uint64_t streams_overrun = 0;     // Ended because their client was too far behind.
    std::uint64_t handed_over = 0;         // Connections from a front loop to a click loop.
    std::uint64_t handed_back = 0;         // … and back.
    std::uint64_t commits = 0;
    std::uint64_t commits_failed = 0;
    std::uint64_t click_loops_stuck = 0;    // Now longer in commit than Limits::commit_time_max.
    std::uint64_t pool_queue = 0;           // Requests waiting for a thread now.
    std::uint64_t pool_busy = 0;            // Threads at work now.
    std::uint64_t refused_malformed = 0;    // 400, 417, 501, 505.
    std::uint64_t refused_head_size = 0;    // 414, 431.
    std::uint64_t refused_body_size = 0;    // 413.
    std::uint64_t refused_pool_full = 0;    // 503.
    std::uint64_t refused_connections = 0;  // Over connections_max.
    std::uint64_t refused_client = 0;       // Over connections_per_client_max.
    std::uint64_t timeouts_head = 0;        // 408 before the head was whole.
    std::uint64_t timeouts_body = 0;        // 408 in the body.
    std::uint64_t timeouts_idle = 0;        // Closed between requests.
    std::uint64_t timeouts_send = 0;        // Dropped: did not read their answers.
    std::uint64_t tls_failed = 0;           // Handshakes.
};

/// Opens its sockets when made, serves from `start` until a drain has ended.
class Server {
public:
    /// `clicks` holds one path per click loop (none: every request goes to `handler`), `unrecorded`
    /// one per front loop: it says what a click is and answers clicks, without record and click id,
    /// while all click loops are stuck. All must outlive the server. Throws std::system_error when
    /// a socket cannot be opened, std::runtime_error when TLS files are no good.
    Server(Settings settings, Handler& handler, std::span<ClickPath* const> clicks,
           std::span<ClickPath* const> unrecorded);
    /// Drains without patience and waits for the threads.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// The port of the endpoint at `index` of Settings::listen, then of Settings::inherited.
    std::uint16_t port(std::size_t index = 0) const;

    /// Starts the threads. Once.
    void start();

    /// Begins to end: accepts what has connected and no more, ends streams, answers what comes with
    /// "Connection: close", closes what is still idle after `time_max`, commits a last time.
    /// Returns at once; from any thread, but not from a signal handler.
    void drain(std::chrono::milliseconds time_max);

    /// Returns when the drain has ended and all threads but those of the pool are gone. False when
    /// connections were cut short because their request was still at work.
    bool wait();

    /// Reads the TLS files again; new connections get the new certificate. Throws
    /// std::runtime_error when they are no good, and keeps the old.
    void reload_tls();

    ServerStats stats() const;

private:
    class Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace referral::http

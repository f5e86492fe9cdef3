#include "platform/http/click_loop.hpp"

#include <boost/asio/bind_allocator.hpp>

#include "platform/http/front_loop.hpp"

namespace referral::http {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds sync_time{15};
constexpr std::chrono::seconds sync_after_answers{1};
// How often the sockets are looked at again while they bring more clicks for the same commit.
constexpr int looks_max = 32;

void cut(std::string& text, const ByteRange& range) {
    if (range.size != 0) text.erase(range.at, range.size);
}

}  // namespace

ClickConnection::ClickConnection(Context& context, Arrival arrival)
    : socket(context, asio::ip::tcp::v4(), arrival.socket.take()),
      input(std::move(arrival.input)),
      peer(arrival.peer),
      ticket(std::move(arrival.ticket)),
      front(arrival.front) {}

void ClickConnection::cut_click_ids() {
    for (auto range = click_ids.rbegin(); range != click_ids.rend(); ++range) cut(out, *range);
}

ClickLoop::ClickLoop(Core& core, ClickPath& path, std::uint16_t number)
    : core_(core),
      limits_(core.settings.limits),
      path_(path),
      origins_(core.settings, number),
      now_(std::chrono::steady_clock::now()) {}

ClickLoop::~ClickLoop() = default;

void ClickLoop::run() {
    tick();
    context_.run();
    commit();
}

void ClickLoop::take(Arrival arrival) {
    const std::lock_guard lock(waiting_mutex_);
    waiting_.arrivals.push_back(std::move(arrival));
    if (!std::exchange(waiting_told_, true)) asio::post(context_, [this] { take_waiting(); });
}

void ClickLoop::take(Relay relay) {
    const std::lock_guard lock(waiting_mutex_);
    waiting_.relays.push_back(std::move(relay));
    if (!std::exchange(waiting_told_, true)) asio::post(context_, [this] { take_waiting(); });
}

Waiting ClickLoop::take_back() {
    const std::lock_guard lock(waiting_mutex_);
    return std::exchange(waiting_, {});
}

bool ClickLoop::stuck() const {
    const auto since = commit_since_.load(std::memory_order_acquire);
    if (since == 0) return false;
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return now - std::chrono::steady_clock::duration(since) > limits_.commit_time_max;
}

void ClickLoop::drain(Monotonic until) {
    asio::post(context_, [this, until] {
        draining_ = true;
        drain_until_ = until;
        tick_.cancel();
    });
}

void ClickLoop::take_waiting() {
    Waiting taken;
    {
        const std::lock_guard lock(waiting_mutex_);
        taken = std::exchange(waiting_, {});
        waiting_told_ = false;
    }
    for (Arrival& arrival : taken.arrivals) adopt(std::move(arrival));
    for (Relay& relay : taken.relays) answer(std::move(relay));
}

void ClickLoop::adopt(Arrival arrival) {
    auto connection = std::make_shared<ClickConnection>(context_, std::move(arrival));
    connections_.push_back(connection);
    connection->place = std::prev(connections_.end());
    answer_all(connection);
}

void ClickLoop::answer(Relay relay) {
    RelayAnswer held{.relay = std::move(relay), .out = {}, .answer = {}};
    Request& request = held.relay.request->request();
    origins_.renew(request, false);
    held.answer = path_.answer(request, held.out);
    counters_.clicks.add();
    ++answers_;
    if (held.answer.wait_for_commit)
        held_relays_.push_back(std::move(held));
    else
        held.relay.answered(std::move(held.out));
    commit_soon();
}

void ClickLoop::commit_soon() {
    if (std::exchange(commit_posted_, true)) return;
    answers_seen_ = answers_;
    looks_ = 0;
    asio::post(context_, asio::bind_allocator(OperationAllocator<void>(commit_memory_),
                                              [this] { commit_when_dry(); }));
}

// Runs behind everything that was ready when it was posted.
void ClickLoop::commit_when_dry() {
    if (answers_ != answers_seen_ && ++looks_ < looks_max) {
        answers_seen_ = answers_;
        asio::post(context_, asio::bind_allocator(OperationAllocator<void>(commit_memory_),
                                                  [this] { commit_when_dry(); }));
        return;
    }
    commit_posted_ = false;
    commit();
    sync_soon();
}

void ClickLoop::commit() {
    const auto started = std::chrono::steady_clock::now();
    commit_since_.store(started.time_since_epoch().count(), std::memory_order_release);
    const bool durable = path_.commit();
    commit_since_.store(0, std::memory_order_release);
    counters_.commits.add();
    if (!durable) counters_.commits_failed.add();
    answered_at_ = started;
    release(durable);
}

// All sends come before the first connection reads on: the clients work meanwhile.
void ClickLoop::release(bool durable) {
    if (!durable) cut_click_ids();
    released_.swap(held_);
    for (const Connection& connection : released_) {
        connection->click_ids.clear();
        connection->held_answers = 0;
        send(connection);
    }
    for (const Connection& connection : released_)
        if (connection->out.empty()) sent(connection);
    released_.clear();
    for (RelayAnswer& held : held_relays_) held.relay.answered(std::move(held.out));
    held_relays_.clear();
}

void ClickLoop::cut_click_ids() {
    std::size_t uncommitted = held_relays_.size();
    for (const Connection& connection : held_) {
        connection->cut_click_ids();
        uncommitted += connection->held_answers;
    }
    for (RelayAnswer& held : held_relays_) {
        cut(held.out, held.answer.click_id[1]);
        cut(held.out, held.answer.click_id[0]);
    }
    if (uncommitted == 0) return;
    counters_.clicks_uncommitted.add(uncommitted);
    path_.uncommitted(uncommitted);
}

// Wakes an idle loop for a second only: a path syncs by the clock what answers left behind.
void ClickLoop::sync_soon() {
    if (std::exchange(sync_armed_, true)) return;
    sync_.expires_after(sync_time);
    sync_.async_wait([this](const boost::system::error_code& error) {
        sync_armed_ = false;
        if (error) return;
        path_.sync_if_due();
        if (std::chrono::steady_clock::now() < answered_at_ + sync_after_answers) sync_soon();
    });
}

void ClickLoop::tick() {
    now_ = std::chrono::steady_clock::now();
    sweep();
    if (draining_) {
        if (now_ >= drain_until_ && !std::exchange(idle_ended_, true)) end_idle();
        if (core_.finished() || now_ >= drain_until_ + 2 * limits_.linger_time_max) {
            if (!connections_.empty()) core_.cut_short = true;
            while (!connections_.empty()) drop(Connection(connections_.front()));
            context_.stop();
            return;
        }
    }
    tick_.expires_after(draining_ ? tick_time_draining : tick_time);
    tick_.async_wait([this](const boost::system::error_code&) { tick(); });
}

void ClickLoop::sweep() {
    for (auto place = connections_.begin(); place != connections_.end();) {
        const Connection connection = *place++;  // It may go.
        if (connection->deadline.passed(now_, limits_)) expire(connection);
    }
}

void ClickLoop::expire(const Connection& connection) {
    switch (connection->deadline.phase()) {
        case Phase::idle:
            counters_.timeouts_idle.add();
            return linger(connection);
        case Phase::head:
            counters_.timeouts_head.add();
            append_refusal(connection->out, 408, origins_.date_line());
            connection->ends = true;
            if (send(connection)) sent(connection);
            return;
        case Phase::body:
            counters_.timeouts_body.add();
            return linger(connection);
        case Phase::send:
            counters_.timeouts_send.add();
            return drop(connection);
        case Phase::none:
        case Phase::handshake:
        case Phase::linger:
            return drop(connection);
    }
}

void ClickLoop::end_idle() {
    for (auto place = connections_.begin(); place != connections_.end();) {
        const Connection connection = *place++;
        const Phase phase = connection->deadline.phase();
        if (phase == Phase::idle || phase == Phase::head || phase == Phase::body)
            linger(connection);
    }
}

}  // namespace referral::http

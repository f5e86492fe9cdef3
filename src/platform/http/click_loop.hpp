#pragma once

#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "platform/http/click_loop_connection.hpp"
#include "platform/http/connection_asio.hpp"
#include "platform/http/connection_counters.hpp"
#include "platform/http/server_core.hpp"

namespace referral::http {

/// A click that came by TLS: answered here, sent by the front loop that holds the connection.
struct Relay {
    std::unique_ptr<RequestCopy> request;
    /// Takes the answer, once it may leave; called on whichever thread has it.
    std::function<void(std::string answer)> answered;
};

/// What waits to be taken up by a click loop.
struct Waiting {
    std::vector<Arrival> arrivals;
    std::vector<Relay> relays;
};

/// Answers clicks on one thread and makes them durable. It reads what all its ready sockets have,
/// answers into their output, commits once, sends all answers and only then reads on: measured, so
/// the cost of a commit is shared by as many clicks as the disk's own speed gathers.
class ClickLoop {
public:
    /// How often loops look at the times of their connections, and at the end of a drain.
    static constexpr std::chrono::milliseconds tick_time{500};
    static constexpr std::chrono::milliseconds tick_time_draining{20};

    ClickLoop(Core& core, ClickPath& path, std::uint16_t number);
    ~ClickLoop();
    ClickLoop(const ClickLoop&) = delete;
    ClickLoop& operator=(const ClickLoop&) = delete;

    /// Serves until a drain has ended; then commits a last time.
    void run();

    /// From any thread: takes over a connection, answers a click, begins to end.
    void take(Arrival arrival);
    void take(Relay relay);
    void drain(Monotonic until);

    /// From any thread: longer in one commit than Limits say.
    bool stuck() const;
    /// From any thread: what the loop has not taken up yet, for when it is stuck.
    Waiting take_back();

    const Counters& counters() const { return counters_; }

private:
    using Connection = std::shared_ptr<ClickConnection>;

    void take_waiting();
    void adopt(Arrival arrival);
    void answer(Relay relay);

    // One connection: reading, answering, sending; click_loop_connection.cpp.
    void read(const Connection& connection);
    void received(const Connection& connection, bool failed, std::size_t count);
    void answer_all(const Connection& connection);
    bool answer_next(ClickConnection& connection);
    void answer_click(ClickConnection& connection, std::size_t head_bytes);
    void refuse(ClickConnection& connection, int status);
    bool send(const Connection& connection);
    void sent(const Connection& connection);
    void linger(const Connection& connection);
    void hand_back(const Connection& connection);
    void drop(const Connection& connection);

    // All connections.
    void commit_soon();
    void commit_when_dry();
    void commit();
    void release(bool durable);
    void cut_click_ids();
    void sync_soon();
    void tick();
    void sweep();
    void expire(const Connection& connection);
    void end_idle();

    Core& core_;
    const Limits& limits_;
    ClickPath& path_;
    Counters counters_;
    std::atomic<std::chrono::steady_clock::rep> commit_since_ = 0;  // 0: not in commit.

    Context context_{1};
    Timer tick_{context_};
    Timer sync_{context_};
    OperationMemory commit_memory_;
    std::mutex waiting_mutex_;
    Waiting waiting_;
    bool waiting_told_ = false;

    Origins origins_;
    Request request_;  // The one being answered.
    std::list<Connection> connections_;
    Monotonic now_;
    bool draining_ = false;
    Monotonic drain_until_;
    bool idle_ended_ = false;

    struct RelayAnswer {
        Relay relay;
        std::string out;
        ClickAnswer answer;
    };

    // The answers of this iteration, and those being sent.
    std::vector<Connection> held_;
    std::vector<Connection> released_;
    std::vector<RelayAnswer> held_relays_;
    std::uint64_t answers_ = 0;  // Ever.
    std::uint64_t answers_seen_ = 0;
    Monotonic answered_at_;
    int looks_ = 0;
    bool commit_posted_ = false;
    bool sync_armed_ = false;
};

}  // namespace referral::http

#pragma once

#include <list>
#include <memory>
#include <optional>
#include <vector>

#include "platform/http/connection_asio.hpp"
#include "platform/http/connection_counters.hpp"
#include "platform/http/connection_deadline.hpp"
#include "platform/http/server_core.hpp"

namespace referral::http {

class FrontConnection;
struct Relay;

/// A listening socket of a front loop.
struct Listening {
    Descriptor socket;
    bool tls = false;
    bool inherited = false;  // Somebody else accepts from it when this loop no longer does.
};

/// Accepts connections on one thread, reads requests, answers what is at hand, gives the rest to
/// the pool and clicks to the click loops. Nothing on it may wait for a disk or a database.
class FrontLoop {
public:
    /// `unrecorded` answers clicks while no click loop can; none when there are no click loops.
    FrontLoop(Core& core, ClickPath* unrecorded, std::uint16_t number,
              std::vector<Listening> listening);
    ~FrontLoop();
    FrontLoop(const FrontLoop&) = delete;
    FrontLoop& operator=(const FrontLoop&) = delete;

    /// Serves until a drain has ended.
    void run();

    /// From any thread: takes a connection back from a click loop, begins to end.
    void take(Arrival arrival);
    void drain(Monotonic until);

    const Counters& counters() const { return counters_; }

private:
    friend class FrontConnection;
    using Connection = std::shared_ptr<FrontConnection>;

    struct Door {
        Acceptor acceptor;
        bool tls = false;
        bool inherited = false;
        bool paused = false;  // Out of descriptors; tried again at the next tick.
    };

    void wait_at(Door& door);
    /// Takes connections until none waits, or `count_max`; false when it must pause.
    bool accept_at(Door& door, int count_max);
    void admit(int descriptor, const IpAddress& peer, bool tls);
    void adopt(Arrival arrival);
    void stop_listening();

    bool is_click(std::string_view path) const;
    /// A click loop that is not stuck, in turn; none when all are.
    ClickLoop* click_loop();
    /// Appends the answer of a click nobody records.
    void answer_unrecorded(const Request& request, std::string& out);
    /// Serves what waits for click loops that are stuck.
    void rescue();

    void tick();
    void sweep();
    void end_all();

    Core& core_;
    const Limits& limits_;
    ClickPath* const unrecorded_;
    const std::size_t number_;
    Counters counters_;

    Context context_{1};
    Timer tick_{context_};
    Origins origins_;
    Request request_;  // The one being read.
    std::list<Door> doors_;
    std::list<Connection> connections_;
    std::size_t click_loop_next_ = 0;
    Monotonic now_;
    bool draining_ = false;
    Monotonic drain_until_;
    bool idle_ended_ = false;
};

}  // namespace referral::http

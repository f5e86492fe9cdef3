#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace clicker {

using Clock = std::chrono::steady_clock;

/// What became of one request.
enum class Outcome {
    waiting,     ///< No whole answer yet.
    recorded,    ///< A redirect with a click id, read to its end.
    unrecorded,  ///< A redirect without.
    other,       ///< Any other answer.
    lost,        ///< The connection ended first.
};

/// One keep-alive connection to the server, one request at a time.
class Connection {
public:
    explicit Connection(std::uint16_t port) : port_(port) {}
    ~Connection() { close(); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    int descriptor() const { return descriptor_; }
    bool is_open() const { return descriptor_ >= 0; }
    bool is_busy() const { return busy_; }

    /// Connects, waiting for it; false when the server does not take it.
    bool open();
    void close();

    /// Sends `request`; false when the connection is dead.
    bool send(std::string_view request);

    /// Reads what has come.
    Outcome read();

    /// The click id of the last answer that was `recorded`.
    std::string_view click_id() const { return click_id_; }
    Clock::time_point sent_at() const { return sent_at_; }
    /// Whether the server said that this connection ends.
    bool is_closing() const { return closing_; }

private:
    Outcome judge(std::string_view head);

    const std::uint16_t port_;
    int descriptor_ = -1;
    bool busy_ = false;
    bool closing_ = false;
    std::string answer_;
    std::string click_id_;
    Clock::time_point sent_at_;
};

}  // namespace clicker

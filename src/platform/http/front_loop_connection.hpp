#pragma once

#include <list>
#include <memory>
#include <optional>
#include <string>

#include "platform/http/connection_deadline.hpp"
#include "platform/http/connection_input.hpp"
#include "platform/http/connection_transport.hpp"
#include "platform/http/front_loop.hpp"
#include "platform/http/parser_body.hpp"

namespace referral::http {

/// A connection on a front loop: one request after the other, answers in order. What is under way
/// (reading, writing, the pool, a relay, a stream) keeps it alive.
class FrontConnection : public std::enable_shared_from_this<FrontConnection> {
public:
    FrontConnection(FrontLoop& loop, std::unique_ptr<Transport> transport, Arrival arrival);
    ~FrontConnection();
    FrontConnection(const FrontConnection&) = delete;
    FrontConnection& operator=(const FrontConnection&) = delete;

    /// Begins, with the TLS handshake where there is one.
    void start();
    /// The loop has looked at the time.
    void check_deadline(Monotonic now);
    /// A drain begins: a stream ends.
    void begin_drain();
    /// The drain's time is over: ends unless a request is at work.
    void end_idle();
    /// Ends at once; true when a request was at work.
    bool cut();

    std::list<std::shared_ptr<FrontConnection>>::iterator place;

private:
    enum class State {
        head,    // Between requests, or reading one's head.
        body,    // Reading a body.
        skip,    // Dropping the body of a click answered already.
        pool,    // The handler is at work.
        relay,   // A click loop is.
        stream,  // Sending what the handler's stream brings.
        linger,  // The last answer is away; waiting for the client to go.
    };

    /// Goes on as far as it can: requests, then output, then input.
    void go_on();
    bool step();
    bool step_head();
    bool step_click(const Head& head);
    bool step_request(const Head& head);
    bool step_body();
    bool step_skip();
    bool step_stream();

    void hand_over(ClickLoop& loop);
    void relay(ClickLoop& loop, const Head& head);
    void relayed(std::string answer);
    void skip_body(const Request& request);
    void dispatch();
    void handled(Response response);
    void respond(const Request& request, Response response);
    void refuse(int status);
    void begin_stream(std::shared_ptr<Stream> stream, const Request& request);
    void end_stream();

    bool has_output() const { return !out_.empty() || shared_body_ != nullptr; }
    void read();
    void received(bool good, std::size_t count);
    void write();
    void wrote(bool good, std::size_t count);
    void linger();
    void close();

    FrontLoop& loop_;
    const Limits& limits_;
    std::unique_ptr<Transport> transport_;
    InputBuffer input_;
    Peer peer_;
    Ticket ticket_;
    State state_ = State::head;
    Deadline deadline_;

    std::shared_ptr<RequestCopy> copy_;  // The request whose body is read or whose answer is due.
    std::optional<BodyDecoder> decoder_;
    std::string body_;

    std::string out_;                                 // Rendered, to be sent.
    std::shared_ptr<const std::string> shared_body_;  // … and after it.
    std::string sending_;                             // Being sent.
    std::shared_ptr<const std::string> sending_body_;
    std::size_t sent_ = 0;

    std::shared_ptr<Stream> stream_;
    bool stream_chunked_ = false;

    bool reading_ = false;
    bool writing_ = false;
    bool ends_ = false;  // After the output.
    bool closed_ = false;
};

}  // namespace referral::http

#include "platform/http/front_loop_connection.hpp"

#include <fmt/format.h>

#include <iterator>

#include "platform/http/click_loop.hpp"

namespace referral::http {

FrontConnection::FrontConnection(FrontLoop& loop, std::unique_ptr<Transport> transport,
                                 Arrival arrival)
    : loop_(loop),
      limits_(loop.limits_),
      transport_(std::move(transport)),
      input_(std::move(arrival.input)),
      peer_(arrival.peer),
      ticket_(std::move(arrival.ticket)) {}

FrontConnection::~FrontConnection() { end_stream(); }

void FrontConnection::start() {
    if (!transport_->secure()) return go_on();
    deadline_.enter(Phase::handshake, loop_.now_);
    transport_->handshake([self = shared_from_this()](bool good, std::size_t) {
        if (self->closed_) return;
        self->deadline_.clear();
        if (good) return self->go_on();
        self->loop_.counters_.tls_failed.add();
        self->close();
    });
}

void FrontConnection::go_on() {
    if (closed_) return;
    // A stream's client is read from only to notice when it goes.
    if (state_ == State::stream && !reading_) read();
    if (writing_) return;
    while (step()) {
    }
    if (closed_) return;
    if (has_output()) return write();
    switch (state_) {
        case State::head:
            if (ends_) return linger();
            deadline_.enter(input_.empty() ? Phase::idle : Phase::head, loop_.now_);
            return read();
        case State::body:
        case State::skip:
            if (ends_) return linger();
            deadline_.enter(Phase::body, loop_.now_);
            return read();
        case State::pool:
        case State::relay:
        case State::stream:
        case State::linger:
            return;
    }
}

bool FrontConnection::step() {
    switch (state_) {
        case State::head:
            return step_head();
        case State::body:
            return step_body();
        case State::skip:
            return step_skip();
        case State::stream:
            return step_stream();
        case State::pool:
        case State::relay:
        case State::linger:
            return false;
    }
    return false;
}

bool FrontConnection::step_head() {
    if (ends_ || input_.empty() || shared_body_ != nullptr) return false;
    if (out_.size() >= limits_.output_bytes_max) return false;
    const Head head = loop_.core_.parser.parse(input_.unread(), loop_.request_);
    switch (head.state) {
        case HeadState::incomplete:
            return false;
        case HeadState::refused:
            refuse(head.status);
            return false;
        case HeadState::whole:
            break;
    }
    deadline_.clear();
    loop_.origins_.set(loop_.request_, peer_, loop_.draining_);
    return loop_.is_click(loop_.request_.path()) ? step_click(head) : step_request(head);
}

bool FrontConnection::step_click(const Head& head) {
    Request& request = loop_.request_;
    if (request.content_length() > limits_.click_body_bytes_max) {
        refuse(413);
        return false;
    }
    ClickLoop* const loop = loop_.click_loop();
    if (loop != nullptr && !transport_->secure()) {
        // What earlier requests are owed goes first; then this one is read again.
        if (!has_output()) hand_over(*loop);
        return false;
    }
    const bool has_body = request.framing() != Framing::none;
    if (has_body && request.expects_continue()) loop_.origins_.renew(request, true);
    ends_ = !request.keep_alive();
    if (loop != nullptr) {
        relay(*loop, head);
        return false;
    }
    loop_.answer_unrecorded(request, out_);
    input_.consume(head.bytes);
    skip_body(request);
    return true;
}

void FrontConnection::skip_body(const Request& request) {
    state_ = State::head;
    if (request.framing() == Framing::none || ends_) return;
    decoder_.emplace(request.framing(), request.content_length(), limits_.click_body_bytes_max,
                     limits_);
    state_ = State::skip;
}

void FrontConnection::hand_over(ClickLoop& loop) {
    loop_.counters_.handed_over.add();
    closed_ = true;
    loop.take(Arrival{.socket = Descriptor(transport_->release()),
                      .input = std::move(input_),
                      .peer = peer_,
                      .ticket = std::move(ticket_),
                      .front = loop_.number_});
    loop_.connections_.erase(place);
}

void FrontConnection::relay(ClickLoop& loop, const Head& head) {
    loop_.counters_.clicks_relayed.add();
    const Request& request = loop_.request_;
    // Kept apart from the copy, which the click loop owns until it has answered.
    copy_ = std::make_shared<RequestCopy>(request, input_.unread().substr(0, head.bytes), "");
    auto relayed_copy =
        std::make_unique<RequestCopy>(request, input_.unread().substr(0, head.bytes), "");
    input_.consume(head.bytes);
    state_ = State::relay;
    loop.take(Relay{.request = std::move(relayed_copy),
                    .answered = [self = shared_from_this()](std::string answer) {
                        asio::post(self->loop_.context_,
                                   [self, answer = std::move(answer)]() mutable {
                                       self->relayed(std::move(answer));
                                   });
                    }});
}

void FrontConnection::relayed(std::string answer) {
    if (closed_) return;
    out_ += answer;
    skip_body(copy_->request());
    copy_.reset();
    go_on();
}

bool FrontConnection::step_request(const Head& head) {
    Request& request = loop_.request_;
    Handler& handler = loop_.core_.handler;
    const bool has_body = request.framing() != Framing::none;
    const std::size_t body_max = has_body ? handler.body_bytes_max(request) : 0;
    if (request.content_length() > body_max || (has_body && body_max == 0)) {
        refuse(413);
        return false;
    }
    const std::string_view head_bytes = input_.unread().substr(0, head.bytes);
    if (has_body) {
        copy_ = std::make_shared<RequestCopy>(request, head_bytes, "");
        input_.consume(head.bytes);
        decoder_.emplace(request.framing(), request.content_length(), body_max, limits_);
        body_.clear();
        state_ = State::body;
        if (request.expects_continue() && input_.empty()) out_ += "HTTP/1.1 100 Continue\r\n\r\n";
        return true;
    }
    if (auto response = handler.instant(request)) {
        loop_.counters_.instant.add();
        input_.consume(head.bytes);
        respond(request, std::move(*response));
        return true;
    }
    copy_ = std::make_shared<RequestCopy>(request, head_bytes, "");
    input_.consume(head.bytes);
    dispatch();
    return true;
}

bool FrontConnection::step_body() {
    if (input_.empty()) return false;
    input_.consume(decoder_->take(input_.unread(), &body_));
    if (decoder_->refused() != 0) {
        refuse(decoder_->refused());
        return false;
    }
    if (!decoder_->whole()) return false;
    deadline_.clear();
    decoder_.reset();
    copy_->set_body(std::exchange(body_, {}));
    loop_.origins_.renew(copy_->request(), loop_.draining_);
    if (auto response = loop_.core_.handler.instant(copy_->request())) {
        loop_.counters_.instant.add();
        state_ = State::head;
        respond(copy_->request(), std::move(*response));
    } else {
        dispatch();
    }
    return true;
}

bool FrontConnection::step_skip() {
    if (input_.empty() || ends_) return false;
    input_.consume(decoder_->take(input_.unread(), nullptr));
    if (decoder_->refused() != 0) ends_ = true;
    if (!decoder_->whole()) return false;
    deadline_.clear();
    decoder_.reset();
    state_ = State::head;
    return true;
}

void FrontConnection::dispatch() {
    deadline_.clear();
    state_ = State::pool;
    // The date line is the loop's, and the pool may not look at it.
    Origin origin = copy_->request().origin();
    origin.date_line = {};
    copy_->request().set_origin(origin);
    Core& core = loop_.core_;
    Pool& pool = core.handler.is_costly(copy_->request()) ? core.costly : core.pool;
    const bool queued = pool.submit([self = shared_from_this(), copy = copy_] {
        Response response = self->loop_.core_.handler.handle(copy->request());
        asio::post(self->loop_.context_, [self, response = std::move(response)]() mutable {
            self->handled(std::move(response));
        });
    });
    if (queued) return loop_.counters_.pooled.add();
    loop_.counters_.refused_pool_full.add();
    Response busy = Response::refusal(503);
    busy.headers.push_back({"Retry-After", "1"});
    state_ = State::head;
    loop_.origins_.renew(copy_->request(), loop_.draining_);
    respond(copy_->request(), std::move(busy));
    copy_.reset();
}

void FrontConnection::handled(Response response) {
    if (closed_) {
        if (response.stream != nullptr) response.stream->detach();
        return;
    }
    state_ = State::head;
    const auto copy = std::move(copy_);
    loop_.origins_.renew(copy->request(), loop_.draining_);
    respond(copy->request(), std::move(response));
    go_on();
}

void FrontConnection::respond(const Request& request, Response response) {
    const bool sendable = append(out_, response, request);
    if (!request.keep_alive() || response.close) ends_ = true;
    const bool has_body = sendable && request.method() != Method::head && response.status != 204 &&
                          response.status != 304;
    if (response.stream != nullptr) {
        ends_ = ends_ || (sendable && response.status != 204 && response.status != 304);
        if (!has_body) return response.stream->detach();
        return begin_stream(std::move(response.stream), request);
    }
    if (has_body && response.shared_body != nullptr && !response.shared_body->empty())
        shared_body_ = std::move(response.shared_body);
}

void FrontConnection::refuse(int status) {
    loop_.counters_.refused(status);
    append_refusal(out_, status, loop_.origins_.date_line());
    ends_ = true;
    state_ = State::head;
}

}  // namespace referral::http

#include <sys/socket.h>

#include <boost/asio/bind_allocator.hpp>
#include <cerrno>

#include "platform/http/click_loop.hpp"
#include "platform/http/front_loop.hpp"

/// What a click loop does with one connection; click_loop.cpp has what it does with all.

namespace referral::http {

void ClickLoop::read(const Connection& connection) {
    if (std::exchange(connection->reading, true)) return;
    const auto room = connection->input.space(limits_.header_bytes_max + 2);
    connection->socket.async_read_some(
        asio::buffer(room.data(), room.size()),
        asio::bind_allocator(
            OperationAllocator<void>(connection->read_memory),
            [this, connection](const boost::system::error_code& error, std::size_t count) {
                received(connection, static_cast<bool>(error), count);
            }));
}

void ClickLoop::received(const Connection& connection, bool failed, std::size_t count) {
    connection->reading = false;
    if (connection->closed) return;
    if (failed) return drop(connection);
    if (connection->deadline.phase() == Phase::linger) return read(connection);
    connection->input.received(count);
    connection->deadline.moved(count);
    answer_all(connection);
}

void ClickLoop::answer_all(const Connection& connection) {
    ClickConnection& c = *connection;
    const std::uint64_t before = answers_;
    while (answer_next(c)) {
    }
    if (answers_ != before) commit_soon();
    if (c.held_answers != 0) {
        c.deadline.clear();
        held_.push_back(connection);
    } else if (send(connection)) {
        sent(connection);
    }
}

/// One request, or a piece of a body; false when there is nothing more to do for now.
bool ClickLoop::answer_next(ClickConnection& c) {
    c.full = c.out.size() >= limits_.output_bytes_max;
    if (c.ends || c.full || c.input.empty()) return false;
    if (c.skipped_body) {
        c.input.consume(c.skipped_body->take(c.input.unread(), nullptr));
        if (c.skipped_body->refused() != 0) c.ends = true;
        if (!c.skipped_body->whole()) return false;
        c.skipped_body.reset();
        c.deadline.clear();
        return true;
    }
    const Head head = core_.parser.parse(c.input.unread(), request_);
    switch (head.state) {
        case HeadState::incomplete:
            return false;
        case HeadState::refused:
            refuse(c, head.status);
            return false;
        case HeadState::whole:
            break;
    }
    c.deadline.clear();
    if (!path_.takes(request_.path())) {
        c.leaves = true;
        return false;
    }
    if (request_.content_length() > limits_.click_body_bytes_max) {
        refuse(c, 413);
        return false;
    }
    answer_click(c, head.bytes);
    return true;
}

void ClickLoop::answer_click(ClickConnection& c, std::size_t head_bytes) {
    const bool has_body = request_.framing() != Framing::none;
    // Who waits for "100 Continue" may send the body after the answer or not: nobody can tell.
    origins_.set(request_, c.peer, draining_ || (has_body && request_.expects_continue()));
    const ClickAnswer answer = path_.answer(request_, c.out);
    counters_.clicks.add();
    ++answers_;
    if (answer.wait_for_commit) {
        ++c.held_answers;
        for (const ByteRange& range : answer.click_id)
            if (range.size != 0) c.click_ids.push_back(range);
    }
    c.ends = !request_.keep_alive();
    c.input.consume(head_bytes);
    if (has_body)
        c.skipped_body.emplace(request_.framing(), request_.content_length(),
                               limits_.click_body_bytes_max, limits_);
}

void ClickLoop::refuse(ClickConnection& c, int status) {
    counters_.refused(status);
    append_refusal(c.out, status, origins_.date_line());
    c.ends = true;
}

/// True when all output is away; else the connection waits for room, or is gone.
bool ClickLoop::send(const Connection& connection) {
    ClickConnection& c = *connection;
    while (c.sent < c.out.size()) {
        // Straight to the kernel: the socket is non-blocking, and Asio's way adds only its state.
        const ssize_t count = ::send(c.socket.native_handle(), c.out.data() + c.sent,
                                     c.out.size() - c.sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count >= 0) {
            c.sent += static_cast<std::size_t>(count);
            c.deadline.moved(static_cast<std::size_t>(count));
            continue;
        }
        if (errno == EINTR) continue;
        if (errno != EAGAIN && errno != EWOULDBLOCK) {
            drop(connection);
            return false;
        }
        c.deadline.enter(Phase::send, now_);
        c.socket.async_wait(
            Socket::wait_write,
            asio::bind_allocator(OperationAllocator<void>(c.write_memory),
                                 [this, connection](const boost::system::error_code& error) {
                                     if (connection->closed) return;
                                     if (error) return drop(connection);
                                     if (send(connection)) sent(connection);
                                 }));
        return false;
    }
    c.out.clear();
    c.sent = 0;
    if (c.deadline.phase() == Phase::send) c.deadline.clear();
    return true;
}

/// All output is away: what comes next.
void ClickLoop::sent(const Connection& connection) {
    ClickConnection& c = *connection;
    if (c.closed) return;
    if (c.ends) return linger(connection);
    if (c.leaves) return hand_back(connection);
    if (std::exchange(c.full, false)) return answer_all(connection);
    if (c.skipped_body)
        c.deadline.enter(Phase::body, now_);
    else
        c.deadline.enter(c.input.empty() ? Phase::idle : Phase::head, now_);
    read(connection);
}

/// Says that no more will come and reads until the client has gone, since closing with unread
/// input would reset the connection and might take the last answer with it.
void ClickLoop::linger(const Connection& connection) {
    boost::system::error_code ignored;
    connection->socket.shutdown(Socket::shutdown_send, ignored);
    connection->input.clear();
    connection->deadline.clear();
    connection->deadline.enter(Phase::linger, now_);
    read(connection);
}

void ClickLoop::hand_back(const Connection& connection) {
    counters_.handed_back.add();
    boost::system::error_code error;
    Arrival arrival{.socket = Descriptor(connection->socket.release(error)),
                    .input = std::move(connection->input),
                    .peer = connection->peer,
                    .ticket = std::move(connection->ticket),
                    .front = connection->front};
    connection->closed = true;
    connections_.erase(connection->place);
    if (error)
        arrival.socket.take();
    else
        core_.fronts[arrival.front]->take(std::move(arrival));
}

void ClickLoop::drop(const Connection& connection) {
    if (std::exchange(connection->closed, true)) return;
    boost::system::error_code ignored;
    connection->socket.close(ignored);
    connections_.erase(connection->place);
    connection->ticket = {};
}

}  // namespace referral::http

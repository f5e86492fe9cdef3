#include <fmt/format.h>

#include <iterator>

#include "platform/http/front_loop_connection.hpp"

/// What a front connection does with bytes and time; front_loop_connection.cpp has the requests.

namespace referral::http {

void FrontConnection::read() {
    if (std::exchange(reading_, true)) return;
    transport_->read_some(
        input_.space(limits_.header_bytes_max + 2),
        [self = shared_from_this()](bool good, std::size_t count) { self->received(good, count); });
}

void FrontConnection::received(bool good, std::size_t count) {
    reading_ = false;
    if (closed_) return;
    if (!good || count == 0) return close();
    if (state_ == State::linger || state_ == State::stream) return read();
    input_.received(count);
    deadline_.moved(count);
    go_on();
}

void FrontConnection::write() {
    writing_ = true;
    if (sent_ == 0 && sending_.empty() && sending_body_ == nullptr) {
        sending_.swap(out_);
        sending_body_ = std::exchange(shared_body_, nullptr);
        deadline_.enter(Phase::send, loop_.now_);
    }
    const std::size_t head_sent = std::min(sent_, sending_.size());
    std::string_view body;
    if (sending_body_ != nullptr) body = *sending_body_;
    transport_->write_some(std::string_view(sending_).substr(head_sent),
                           body.substr(sent_ - head_sent),
                           [self = shared_from_this()](bool written, std::size_t count) {
                               self->wrote(written, count);
                           });
}

void FrontConnection::wrote(bool good, std::size_t count) {
    writing_ = false;
    if (closed_) return;
    if (!good) return close();
    sent_ += count;
    deadline_.moved(count);
    const std::size_t body_size = sending_body_ == nullptr ? 0 : sending_body_->size();
    if (sent_ < sending_.size() + body_size) return write();
    sent_ = 0;
    sending_.clear();
    sending_body_.reset();
    deadline_.clear();
    go_on();
}

void FrontConnection::begin_stream(std::shared_ptr<Stream> stream, const Request& request) {
    loop_.counters_.streams.add();
    stream_ = std::move(stream);
    stream_chunked_ = request.version_minor() == 1;
    state_ = State::stream;
    input_.clear();
    stream_->attach([weak = weak_from_this(), &context = loop_.context_] {
        asio::post(context, [weak] {
            if (const auto self = weak.lock()) self->go_on();
        });
    });
    if (loop_.draining_) stream_->close();
}

bool FrontConnection::step_stream() {
    if (!out_.empty()) return false;
    std::string bytes;
    const bool goes_on = stream_->take(bytes);
    if (stream_->overrun()) {
        loop_.counters_.streams_overrun.add();
        close();
        return false;
    }
    if (!bytes.empty() && stream_chunked_)
        fmt::format_to(std::back_inserter(out_), "{:x}\r\n{}\r\n", bytes.size(), bytes);
    else
        out_ += bytes;
    if (goes_on) return false;
    if (stream_chunked_) out_ += "0\r\n\r\n";
    end_stream();
    state_ = State::head;
    return false;
}

void FrontConnection::end_stream() {
    if (stream_ == nullptr) return;
    loop_.counters_.streams.subtract();
    std::exchange(stream_, nullptr)->detach();
}

/// Reads on after the last answer until the client has gone, since closing with unread input would
/// reset the connection and might take the answer with it.
void FrontConnection::linger() {
    state_ = State::linger;
    input_.clear();
    deadline_.clear();
    deadline_.enter(Phase::linger, loop_.now_);
    transport_->finish([self = shared_from_this()](bool reads_on, std::size_t) {
        if (self->closed_) return;
        if (reads_on) return self->read();
        self->close();
    });
}

void FrontConnection::check_deadline(Monotonic now) {
    // Nobody holds the other end of the stream any more: nothing can come.
    if (state_ == State::stream && stream_.use_count() == 1) stream_->close();
    if (!deadline_.passed(now, limits_)) return;
    Counters& counters = loop_.counters_;
    switch (deadline_.phase()) {
        case Phase::idle:
            counters.timeouts_idle.add();
            return linger();
        case Phase::head:
        case Phase::body:
            (deadline_.phase() == Phase::head ? counters.timeouts_head : counters.timeouts_body)
                .add();
            append_refusal(out_, 408, loop_.origins_.date_line());
            ends_ = true;
            state_ = State::head;
            return go_on();
        case Phase::send:
            counters.timeouts_send.add();
            return close();
        case Phase::handshake:
            counters.tls_failed.add();
            return close();
        case Phase::none:
        case Phase::linger:
            return close();
    }
}

void FrontConnection::begin_drain() {
    if (state_ == State::stream) stream_->close();
}

void FrontConnection::end_idle() {
    const bool waits = state_ == State::head || state_ == State::body || state_ == State::skip;
    if (!waits || writing_) return;
    if (deadline_.phase() == Phase::handshake) return close();
    linger();
}

bool FrontConnection::cut() {
    const bool at_work = state_ != State::linger;
    close();
    return at_work;
}

void FrontConnection::close() {
    if (std::exchange(closed_, true)) return;
    end_stream();
    transport_->close();
    ticket_ = {};
    loop_.connections_.erase(place);
}

}  // namespace referral::http

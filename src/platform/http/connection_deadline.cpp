#include "platform/http/connection_deadline.hpp"

namespace referral::http {

bool Deadline::passed(Monotonic now, const Limits& limits) const {
    using std::chrono::seconds;
    const auto earned = [this](std::size_t rate) {
        return seconds(static_cast<std::int64_t>(bytes_ / rate));
    };
    switch (phase_) {
        case Phase::none:
            return false;
        case Phase::handshake:
        case Phase::head:
            return now >= since_ + limits.header_time_max;
        case Phase::idle:
            return now >= since_ + limits.idle_time_max;
        case Phase::body:
            return now >= since_ + limits.body_time_max + earned(limits.body_rate_min);
        case Phase::send:
            return now >= since_ + limits.send_time_max + earned(limits.send_rate_min);
        case Phase::linger:
            return now >= since_ + limits.linger_time_max;
    }
    return true;
}

}  // namespace referral::http

#include "platform/http/connection_origin.hpp"

#include <fmt/format.h>

#include "platform/http/forwarded.hpp"

namespace referral::http {

namespace {

constexpr int loop_shift = 48;  // Below: 2^48 requests per loop.
constexpr std::array weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

}  // namespace

Origins::Origins(const Settings& settings, std::uint16_t loop)
    : settings_(settings), id_(static_cast<std::uint64_t>(loop) << loop_shift) {}

void Origins::set(Request& request, const Peer& peer, bool closing) {
    const Instant now = settings_.clock();
    Origin origin{.peer = peer.address,
                  .client = peer.address,
                  .secure = peer.secure,
                  .closing = closing,
                  .received_at = now,
                  .id = ++id_,
                  .date_line = date_line(now)};
    if (peer.trusted) {
        const Forwarded told =
            forwarded(request, peer.address, peer.secure, settings_.trusted_proxies);
        origin.client = told.client;
        origin.secure = told.secure;
    }
    request.set_origin(origin);
}

void Origins::renew(Request& request, bool closing) {
    Origin origin = request.origin();
    origin.closing = origin.closing || closing;
    origin.date_line = date_line();
    request.set_origin(origin);
}

std::string_view Origins::date_line(Instant now) {
    const auto second = std::chrono::floor<std::chrono::seconds>(now);
    if (second != second_ || date_size_ == 0) {
        second_ = second;
        const auto day = std::chrono::floor<std::chrono::days>(second);
        const std::chrono::year_month_day date(day);
        const std::chrono::hh_mm_ss clock(second - day);
        const auto result = fmt::format_to_n(
            date_.data(), date_.size(), "Date: {}, {:02} {} {:04} {:02}:{:02}:{:02} GMT\r\n",
            weekdays[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
            months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
            clock.hours().count(), clock.minutes().count(), clock.seconds().count());
        date_size_ = std::min(result.size, date_.size());
    }
    return {date_.data(), date_size_};
}

}  // namespace referral::http

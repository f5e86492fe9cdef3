/// Visitors of links, at a steady rate: clicker PORT RATE CONNECTIONS SECONDS CODES IDS
///
/// Follows the codes of the file CODES in turn, each time as another visitor, RATE times a second
/// for SECONDS or until SIGTERM, and writes the click id of every redirect that was read whole to
/// the file IDS, a line each. Requests keep to their times: when the server is away they are
/// counted as failed, not sent later. On stdout a line of JSON for every second and one with the
/// sums.

#include <poll.h>
#include <signal.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <random>
#include <vector>

#include "connection.hpp"

namespace {

using namespace std::chrono_literals;
using clicker::Clock, clicker::Connection, clicker::Outcome;

volatile sig_atomic_t stopping = 0;

struct Counts {
    std::uint64_t sent = 0, recorded = 0, unrecorded = 0, other = 0, lost = 0, unreachable = 0;
    std::uint64_t late = 0;             ///< Not sent: all connections waited for answers.
    std::vector<std::uint32_t> micros;  ///< Of the answers.

    void add(const Counts& more) {
        sent += more.sent, recorded += more.recorded, unrecorded += more.unrecorded;
        other += more.other, lost += more.lost, unreachable += more.unreachable;
        late += more.late;
        micros.insert(micros.end(), more.micros.begin(), more.micros.end());
    }
    std::uint32_t percentile(double share) {
        if (micros.empty()) return 0;
        const auto rank = static_cast<std::size_t>(share * static_cast<double>(micros.size() - 1));
        std::nth_element(micros.begin(), micros.begin() + static_cast<std::ptrdiff_t>(rank),
                         micros.end());
        return micros[rank];
    }
    void print(const char* what, double at) {
        const std::uint32_t p50 = percentile(0.5), p99 = percentile(0.99), max = percentile(1);
        std::printf(
            "{\"%s\": %.1f, \"sent\": %lu, \"recorded\": %lu, \"unrecorded\": %lu, "
            "\"other\": %lu, \"lost\": %lu, \"unreachable\": %lu, \"late\": %lu, "
            "\"p50_us\": %u, \"p99_us\": %u, \"max_us\": %u}\n",
            what, at, sent, recorded, unrecorded, other, lost, unreachable, late, p50, p99, max);
        std::fflush(stdout);
    }
};

class Crowd {
public:
    Crowd(std::uint16_t port, std::size_t connections, const char* codes, const char* ids)
        : ids_(ids) {
        std::ifstream in(codes);
        for (std::string code; std::getline(in, code);) codes_.push_back(code);
        for (std::size_t i = 0; i < connections; ++i)
            connections_.push_back(std::make_unique<Connection>(port));
        descriptors_.resize(connections);
    }

    /// Sends one request on a connection that is free; counts it as late when there is none.
    void click() {
        const auto free = std::ranges::find_if(
            connections_, [](const auto& connection) { return !connection->is_busy(); });
        ++now_.sent;
        if (free == connections_.end()) {
            ++now_.late;
            return;
        }
        Connection& connection = **free;
        if (!connection.is_open() && !connection.open()) {
            ++now_.unreachable;
            return;
        }
        if (!connection.send(next_request())) {
            ++now_.lost;
            connection.close();
        }
        std::rotate(free, free + 1, connections_.end());
    }

    /// Reads answers until `until`.
    void listen(Clock::time_point until) {
        do {
            for (std::size_t i = 0; i < connections_.size(); ++i)
                descriptors_[i] = {connections_[i]->descriptor(), POLLIN, 0};
            const auto left = std::max(until - Clock::now(), Clock::duration(0));
            const timespec timeout{0, std::chrono::nanoseconds(left).count() % 1'000'000'000};
            if (ppoll(descriptors_.data(), descriptors_.size(), &timeout, nullptr) <= 0) return;
            for (std::size_t i = 0; i < connections_.size(); ++i)
                if (descriptors_[i].revents) take(*connections_[i]);
        } while (Clock::now() < until);
    }

    bool is_waiting() const {
        return std::ranges::any_of(connections_, [](const auto& c) { return c->is_busy(); });
    }

    void tick(double second) {
        all_.add(now_);
        now_.print("second", second);
        now_ = {};
        ids_.flush();
    }
    void end(double seconds) {
        all_.add(now_);
        for (const auto& connection : connections_)
            if (connection->is_busy()) ++all_.lost;
        all_.print("total", seconds);
    }

private:
    std::string_view next_request() {
        static constexpr const char* agent =
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/126.0.0.0 Safari/537.36";
        static constexpr std::string_view digits = "0123456789abcdefghjkmnpqrstvwxyz";
        std::string visitor(26, '0');
        for (std::size_t i = 1; i < visitor.size(); ++i) visitor[i] = digits[random_() % 32];
        request_ = "GET /r/" + codes_[next_code_++ % codes_.size()] +
                   " HTTP/1.1\r\nHost: go.example.com\r\nUser-Agent: " + agent +
                   "\r\nAccept-Language: en-US,en;q=0.5\r\nCookie: lv=" + visitor + "\r\n\r\n";
        return request_;
    }

    void take(Connection& connection) {
        const bool was_busy = connection.is_busy();
        const Outcome outcome = connection.read();
        if (outcome == Outcome::waiting) return;
        if (outcome == Outcome::lost) {
            now_.lost += was_busy ? 1 : 0;
            connection.close();
            return;
        }
        const auto took = std::chrono::duration_cast<std::chrono::microseconds>(
            Clock::now() - connection.sent_at());
        now_.micros.push_back(static_cast<std::uint32_t>(took.count()));
        if (outcome == Outcome::recorded) {
            ++now_.recorded;
            ids_ << connection.click_id() << '\n';
        }
        if (outcome == Outcome::unrecorded) ++now_.unrecorded;
        if (outcome == Outcome::other) ++now_.other;
        if (connection.is_closing()) connection.close();
    }

    std::vector<std::string> codes_;
    std::vector<std::unique_ptr<Connection>> connections_;
    std::vector<pollfd> descriptors_;
    std::ofstream ids_;
    std::mt19937 random_{std::random_device{}()};
    std::size_t next_code_ = 0;
    std::string request_;
    Counts now_, all_;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 7) {
        std::fputs("usage: clicker PORT RATE CONNECTIONS SECONDS CODES IDS\n", stderr);
        return 2;
    }
    const auto stop = [](int) { stopping = 1; };
    signal(SIGTERM, stop);
    signal(SIGINT, stop);
    Crowd crowd(static_cast<std::uint16_t>(std::atoi(argv[1])),
                static_cast<std::size_t>(std::atoi(argv[3])), argv[5], argv[6]);
    const auto step = std::chrono::nanoseconds(1'000'000'000 / std::atoi(argv[2]));
    const auto started = Clock::now(), end = started + std::chrono::seconds(std::atoi(argv[4]));
    auto next_second = started + 1s;
    for (auto next = started; next < end && !stopping; next += step) {
        crowd.listen(next);
        crowd.click();
        if (Clock::now() >= next_second) {
            crowd.tick(std::chrono::duration<double>(next_second - started).count());
            next_second += 1s;
        }
    }
    for (const auto patience = Clock::now() + 5s; crowd.is_waiting() && Clock::now() < patience;)
        crowd.listen(Clock::now() + 10ms);
    crowd.end(std::chrono::duration<double>(Clock::now() - started).count());
    return 0;
}

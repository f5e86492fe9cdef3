#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>

#include "base/ip_address.hpp"
#include "platform/http/limits.hpp"

namespace referral::http {

class Admission;

/// A connection's place among those that are open; moves with it from loop to loop.
class Ticket {
public:
    Ticket() = default;
    Ticket(Ticket&& other) noexcept;
    Ticket& operator=(Ticket&& other) noexcept;
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;
    ~Ticket();

private:
    friend class Admission;
    Ticket(Admission& admission, std::optional<IpAddress> client)
        : admission_(&admission), client_(client) {}

    Admission* admission_ = nullptr;
    std::optional<IpAddress> client_;
};

/// Counts the open connections, all together and per client; from any thread.
class Admission {
public:
    enum class Verdict { admitted, too_many, too_many_of_client };

    explicit Admission(const Limits& limits) : limits_(limits) {}

    /// Fills `ticket` when there is a place. A connection from a trusted proxy has no client.
    Verdict admit(const IpAddress& peer, bool trusted, Ticket& ticket);

    std::uint32_t open() const { return open_.load(std::memory_order_acquire); }

private:
    friend class Ticket;
    void leave(const std::optional<IpAddress>& client);

    const Limits& limits_;
    std::atomic<std::uint32_t> open_ = 0;
    std::mutex mutex_;
    std::map<IpAddress, std::uint32_t> per_client_;
};

}  // namespace referral::http

#include "platform/http/connection_admission.hpp"

#include <utility>

namespace referral::http {

namespace {

constexpr int client_bits_v4 = 32;
constexpr int client_bits_v6 = 64;  // One subscriber's network.

}  // namespace

Ticket::Ticket(Ticket&& other) noexcept
    : admission_(std::exchange(other.admission_, nullptr)), client_(other.client_) {}

Ticket& Ticket::operator=(Ticket&& other) noexcept {
    std::swap(admission_, other.admission_);
    std::swap(client_, other.client_);
    return *this;
}

Ticket::~Ticket() {
    if (admission_ != nullptr) admission_->leave(client_);
}

Admission::Verdict Admission::admit(const IpAddress& peer, bool trusted, Ticket& ticket) {
    std::optional<IpAddress> client;
    if (!trusted) client = peer.truncated(peer.is_v4() ? client_bits_v4 : client_bits_v6);
    const std::lock_guard lock(mutex_);
    if (open_ >= limits_.connections_max) return Verdict::too_many;
    if (client) {
        std::uint32_t& count = per_client_[*client];
        if (count >= limits_.connections_per_client_max) return Verdict::too_many_of_client;
        ++count;
    }
    ++open_;
    ticket = Ticket(*this, client);
    return Verdict::admitted;
}

void Admission::leave(const std::optional<IpAddress>& client) {
    const std::lock_guard lock(mutex_);
    if (client) {
        const auto entry = per_client_.find(*client);
        if (--entry->second == 0) per_client_.erase(entry);
    }
    --open_;
}

}  // namespace referral::http

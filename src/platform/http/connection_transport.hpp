#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "platform/http/connection_asio.hpp"

namespace referral::http {

/// A front connection's way to the network, plain or by TLS. One read and one write may be under
/// way at a time; what they refer to must live until they are done. `done` is called on the loop,
/// never before the function returns, with false and 0 when the connection has ended or failed.
class Transport {
public:
    using Done = std::function<void(bool good, std::size_t bytes)>;

    virtual ~Transport() = default;

    virtual bool secure() const = 0;
    virtual void handshake(Done done) = 0;
    virtual void read_some(std::span<char> into, Done done) = 0;
    /// Writes some of `first` and then `second`.
    virtual void write_some(std::string_view first, std::string_view second, Done done) = 0;
    /// Tells the other side that no more will come. Done with true when the caller should read on
    /// until the other side ends too, with false when that has happened.
    virtual void finish(Done done) = 0;
    /// Ends what is under way.
    virtual void close() noexcept = 0;
    /// Gives the descriptor away. Only when plain and with nothing under way.
    virtual int release() = 0;
};

/// For a connected non-blocking socket, which it owns from now on.
std::unique_ptr<Transport> plain_transport(Context& context, int descriptor);

}  // namespace referral::http

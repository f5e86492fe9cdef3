#pragma once

#include <memory>
#include <mutex>

#include "platform/http/connection_transport.hpp"
#include "platform/http/server.hpp"

namespace referral::http {

/// The certificate in use: TLS 1.2 and 1.3, ciphers with forward secrecy and authenticated
/// encryption, HTTP/1.1 the only protocol agreed on.
class TlsContext {
public:
    /// Throws std::runtime_error when the files are no good or do not belong together.
    explicit TlsContext(TlsFiles files);
    ~TlsContext();

    /// Reads the files again, for connections from now on; throws as above, and keeps the old.
    void reload();

    /// The server's side of TLS on a connected non-blocking socket, which it owns from now on.
    std::unique_ptr<Transport> transport(Context& context, int descriptor) const;

private:
    struct Loaded;

    const TlsFiles files_;
    mutable std::mutex mutex_;
    std::shared_ptr<Loaded> loaded_;
};

}  // namespace referral::http

#pragma once

/// Writes that can be repeated: the answer of a write that came with an Idempotency-Key is stored
/// in the transaction of the write, and given again to whoever repeats it.

#include <cstdint>
#include <optional>
#include <string>

#include "platform/crypto/hash.hpp"
#include "platform/http/call.hpp"
#include "platform/http/fwd.hpp"

namespace referral::http {

/// A write of a known caller that came with an Idempotency-Key.
class RepeatableWrite {
public:
    /// What the header may be.
    static constexpr std::size_t key_length_max = 255;
    /// Longer answers cannot be stored: their routes say `idempotent = false`.
    static constexpr std::size_t answer_bytes_max = 256 * 1024;

    /// The write that `call` is, or nothing when the request has no such header. From here to the
    /// end of the transaction no other request with this key goes on. Refuses: invalid (the
    /// header), conflict (another request with it is in progress).
    static std::optional<RepeatableWrite> begin(Call& call, const Route& route,
                                                const crypto::Key& key);

    /// The answer that was given before, marked as such; or nothing. Refuses: invalid, when the key
    /// was used for another request.
    std::optional<Response> earlier_answer(Call& call) const;

    /// Stores the answer, which is not yet finished, unless it is a refusal.
    void keep(Call& call, const Response& response) const;

private:
    RepeatableWrite() = default;

    std::string key_hash_;      ///< SHA-256, hexadecimal: the key itself is not stored.
    std::string request_hash_;  ///< Of method, target and body.
    crypto::Key sealing_key_{};
    std::string context_;  ///< Whose answer it is, and of what.
    bool short_lived_ = false;
};

}  // namespace referral::http

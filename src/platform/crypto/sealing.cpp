#include "platform/crypto/sealing.hpp"

#include <sodium.h>

#include <algorithm>
#include <string>

#include "platform/crypto/random.hpp"
#include "platform/crypto/sodium.hpp"

namespace referral::crypto {

namespace {

constexpr std::size_t key_id_bytes = 4, nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
                      proof_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES,
                      head_bytes = key_id_bytes + nonce_bytes;

Digest key_id(const Key& key) { return derived(key, "key id"); }

}  // namespace

std::vector<std::uint8_t> seal(const Key& key, std::string_view context, const Secret& secret) {
    ready_sodium();
    const std::string& text = secret.reveal();
    std::vector<std::uint8_t> sealed(head_bytes + text.size() + proof_bytes);
    const Digest id = key_id(key);
    std::copy_n(id.begin(), key_id_bytes, sealed.begin());
    fill_random(std::span(sealed).subspan(key_id_bytes, nonce_bytes));
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed.data() + head_bytes, nullptr,
                                               bytes_of(text).data(), text.size(),
                                               bytes_of(context).data(), context.size(), nullptr,
                                               sealed.data() + key_id_bytes, key.data());
    return sealed;
}

std::optional<Secret> unseal(const Key& key, std::string_view context,
                             std::span<const std::uint8_t> sealed) {
    ready_sodium();
    if (sealed.size() < head_bytes + proof_bytes) return std::nullopt;
    const Digest id = key_id(key);
    if (!std::equal(sealed.begin(), sealed.begin() + key_id_bytes, id.begin())) return std::nullopt;
    const auto body = sealed.subspan(head_bytes);
    std::string text(body.size() - proof_bytes, '\0');
    const int opened = crypto_aead_xchacha20poly1305_ietf_decrypt(
        reinterpret_cast<unsigned char*>(text.data()), nullptr, nullptr, body.data(), body.size(),
        bytes_of(context).data(), context.size(), sealed.data() + key_id_bytes, key.data());
    if (opened != 0) return std::nullopt;
    Secret secret(text);
    explicit_bzero(text.data(), text.size());
    return secret;
}

}  // namespace referral::crypto

#include "platform/crypto/password.hpp"

#include <sodium.h>

#include <array>
#include <stdexcept>

#include "platform/crypto/sodium.hpp"

namespace referral::crypto {

namespace {

std::size_t memory_bytes(const PasswordCost& cost) { return std::size_t{cost.memory_kib} * 1'024; }

}  // namespace

std::string hash_password(const Secret& password, const PasswordCost& cost) {
    ready_sodium();
    const std::string& text = password.reveal();
    if (text.size() > password_bytes_max) throw std::length_error("the password is too long");
    std::array<char, crypto_pwhash_STRBYTES> hash{};
    if (crypto_pwhash_str_alg(hash.data(), text.data(), text.size(), cost.passes,
                              memory_bytes(cost), crypto_pwhash_ALG_ARGON2ID13) != 0)
        throw std::runtime_error("no memory to hash a password");
    return hash.data();
}

bool matches(std::string_view hash, const Secret& password) {
    ready_sodium();
    const std::string& text = password.reveal();
    if (text.size() > password_bytes_max || hash.size() >= crypto_pwhash_STRBYTES) return false;
    const std::string terminated(hash);
    return crypto_pwhash_str_verify(terminated.c_str(), text.data(), text.size()) == 0;
}

bool needs_rehash(std::string_view hash, const PasswordCost& cost) {
    ready_sodium();
    if (!hash.starts_with(crypto_pwhash_argon2id_STRPREFIX)) return true;
    if (hash.size() >= crypto_pwhash_STRBYTES) return true;
    const std::string terminated(hash);
    return crypto_pwhash_str_needs_rehash(terminated.c_str(), cost.passes, memory_bytes(cost)) != 0;
}

}  // namespace referral::crypto

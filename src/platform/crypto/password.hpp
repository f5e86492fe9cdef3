#pragma once

/// Passwords, kept as Argon2id (RFC 9106) in the PHC form "$argon2id$v=19$m=…,t=…,p=1$…".
/// Each call takes `memory_kib` and tens of milliseconds: call it from a small pool of its own.

#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace referral::crypto {

/// What one hash costs. The default is OWASP's first choice for Argon2id, m = 19 MiB, t = 2, p = 1.
struct PasswordCost {
    unsigned memory_kib = 19'456;  // At least 8.
    unsigned passes = 2;           // At least 1.
};

/// More is refused before hashing, so that nobody makes the program chew megabytes.
inline constexpr std::size_t password_bytes_max = 1'024;

/// Throws std::runtime_error when the memory cannot be had, std::length_error when it is too long.
std::string hash_password(const Secret& password, const PasswordCost& cost = {});

/// Whether `hash` is of `password`. A hash of unknown form or an over-long password is no match.
bool matches(std::string_view hash, const Secret& password);

/// Whether `hash` was made at another cost (or is of unknown form): hash again on the next sign-in.
bool needs_rehash(std::string_view hash, const PasswordCost& cost = {});

}  // namespace referral::crypto

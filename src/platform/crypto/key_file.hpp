#pragma once

/// The installation's secret key, which all other keys derive from.

#include <filesystem>

#include "base/secret.hpp"
#include "platform/crypto/hash.hpp"

namespace referral::crypto {

/// The key kept in `file` (64 hexadecimal digits); a random one is written there first when there
/// is none. The new file has mode 0400, is complete or absent whenever the machine dies, and the
/// first of two programs wins. Throws std::runtime_error with one line when it cannot be read or
/// written, is not a key, or others than its owner can read it.
Key load_or_create_key(const std::filesystem::path& file);

/// The key an operator gave as text (SECRET_KEY).
Key key_from_text(const Secret& text);

}  // namespace referral::crypto

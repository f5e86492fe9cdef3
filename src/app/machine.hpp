#pragma once

/// What the program takes from the machine: the time and the secret key.

#include "base/time.hpp"
#include "platform/config/settings.hpp"
#include "platform/crypto/hash.hpp"

namespace referral::app {

Instant system_now();

/// SECRET_KEY, or else the one of DATA_DIR/secret, made when missing.
crypto::Key secret_key(const config::Settings& settings);

}  // namespace referral::app

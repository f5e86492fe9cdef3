#pragma once

/// The secret key, from the machine it runs on.

#include "platform/config/settings.hpp"
#include "platform/crypto/hash.hpp"

namespace referral::app {

/// SECRET_KEY, or else the one of DATA_DIR/secret, made when missing.
crypto::Key secret_key(const config::Settings& settings);

}  // namespace referral::app

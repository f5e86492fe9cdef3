#pragma once

namespace referral::crypto {

/// Lets libsodium choose its code for this processor; every call after the first costs a look.
void ready_sodium();

}  // namespace referral::crypto

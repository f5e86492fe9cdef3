#include "platform/crypto/sodium.hpp"

#include <sodium.h>

#include "base/check.hpp"

namespace referral::crypto {

void ready_sodium() {
    static const bool ready = sodium_init() >= 0;
    CHECK(ready);
}

}  // namespace referral::crypto

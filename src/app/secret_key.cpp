#include "app/secret_key.hpp"

#include "platform/crypto/key_file.hpp"

namespace referral::app {

crypto::Key secret_key(const config::Settings& settings) {
    if (!settings.secret_key.empty()) return crypto::key_from_text(settings.secret_key);
    return crypto::load_or_create_key(settings.data_dir / "secret");
}

}  // namespace referral::app

#include "accounts/password.hpp"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>

#include "base/text.hpp"

namespace referral::accounts {

namespace {

struct Free {
    void operator()(utf8proc_uint8_t* bytes) const { std::free(bytes); }
};

}  // namespace

std::optional<Password> Password::parse(std::string_view text) {
    if (text.empty() || text.size() > bytes_max || !is_utf8(text)) return std::nullopt;
    if (text.find('\0') != text.npos) return std::nullopt;
    utf8proc_uint8_t* composed = nullptr;
    const auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    const auto length =
        utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                     static_cast<utf8proc_ssize_t>(text.size()), &composed, options);
    const std::unique_ptr<utf8proc_uint8_t, Free> owned(composed);
    if (length <= 0) return std::nullopt;
    Password password;
    password.secret_ =
        Secret({reinterpret_cast<const char*>(composed), static_cast<std::size_t>(length)});
    explicit_bzero(composed, static_cast<std::size_t>(length));
    return password;
}

}  // namespace referral::accounts

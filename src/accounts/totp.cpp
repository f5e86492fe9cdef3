#include "accounts/totp.hpp"

#include <liboath/oath.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <stdexcept>

#include "base/text.hpp"
#include "platform/crypto/hash.hpp"
#include "platform/crypto/random.hpp"

namespace referral::accounts::totp {

namespace {

constexpr unsigned digits = 6, step_seconds = OATH_TOTP_DEFAULT_TIME_STEP_SIZE;

void ready_oath() {
    static const bool ready = oath_init() == OATH_OK;
    if (!ready) throw std::runtime_error("liboath does not start");
}

struct Free {
    void operator()(char* text) const { std::free(text); }
};

}  // namespace

Secret new_secret() {
    constexpr std::size_t bytes = 20;
    auto random = crypto::random_bytes<bytes>();
    Secret secret({reinterpret_cast<const char*>(random.data()), random.size()});
    explicit_bzero(random.data(), random.size());
    return secret;
}

std::string text_of(const Secret& secret) {
    ready_oath();
    char* encoded = nullptr;
    std::size_t length = 0;
    const std::string& bytes = secret.reveal();
    const int done = oath_base32_encode(bytes.data(), bytes.size(), &encoded, &length);
    const std::unique_ptr<char, Free> owned(encoded);
    if (done != OATH_OK) throw std::runtime_error(oath_strerror(done));
    std::string text(encoded, length);
    while (text.ends_with('=')) text.pop_back();
    return text;
}

std::string uri(const Secret& secret, std::string_view issuer, std::string_view account) {
    std::string text = "otpauth://totp/";
    append_percent_encoded(text, issuer);
    text += ':';
    append_percent_encoded(text, account);
    text += "?secret=" + text_of(secret) + "&issuer=";
    append_percent_encoded(text, issuer);
    return text + "&algorithm=SHA1&digits=6&period=30";
}

std::string code(const Secret& secret, std::int64_t step) {
    ready_oath();
    std::array<char, digits + 1> text{};
    const std::string& bytes = secret.reveal();
    const int done =
        oath_totp_generate(bytes.data(), bytes.size(), static_cast<time_t>(step * step_seconds),
                           step_seconds, OATH_TOTP_DEFAULT_START_TIME, digits, text.data());
    if (done != OATH_OK) throw std::runtime_error(oath_strerror(done));
    return text.data();
}

std::int64_t step_at(Instant now) {
    return std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count() / step_seconds;
}

std::optional<std::int64_t> matching_step(const Secret& secret, std::string_view typed, Instant now,
                                          std::int64_t last_step) {
    std::string plain(typed);
    std::erase(plain, ' ');
    std::optional<std::int64_t> found;
    for (const int offset : {-1, 0, 1}) {
        const std::int64_t step = step_at(now) + offset;
        if (crypto::equal(plain, code(secret, step)) && step > last_step) found = step;
    }
    return found;
}

}  // namespace referral::accounts::totp

#include "clicks/visitor.hpp"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

#include "base/base32.hpp"
#include "platform/crypto/encoding.hpp"
#include "platform/crypto/random.hpp"

namespace referral::clicks {

namespace {

constexpr std::string_view file_name = "visitor_salts";

/// Yesterday's, today's and tomorrow's.
constexpr std::size_t salts_max = 3;

Day day_of(Instant now) { return std::chrono::floor<std::chrono::days>(now); }

/// A descriptor that closes itself.
class Open {
public:
    Open(const std::filesystem::path& path, int flags)
        : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {
        if (descriptor_ < 0) fail(path);
    }
    ~Open() { ::close(descriptor_); }
    Open(const Open&) = delete;
    Open& operator=(const Open&) = delete;

    void write(std::string_view text, const std::filesystem::path& path) const {
        while (!text.empty()) {
            const ssize_t written = ::write(descriptor_, text.data(), text.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) fail(path);
            text.remove_prefix(static_cast<std::size_t>(written));
        }
    }
    void sync(const std::filesystem::path& path) const {
        if (::fsync(descriptor_) != 0) fail(path);
    }

private:
    [[noreturn]] static void fail(const std::filesystem::path& path) {
        throw std::system_error(errno, std::generic_category(), path.string());
    }

    int descriptor_;
};

}  // namespace

std::optional<Visitor> visitor_of_cookie(std::string_view value) noexcept {
    return base32::decode_128(value);
}

void append_visitor_cookie(std::string& out, const Visitor& visitor, bool secure) {
    char text[base32::length_of_128_bits];
    base32::encode(visitor, text);
    static_assert(visitor_cookie_seconds == 34'128'000);
    out.append("Set-Cookie: lv=").append(text, sizeof text);
    out.append("; Path=/; Max-Age=34128000; HttpOnly; SameSite=Lax");
    if (secure) out.append("; Secure");
    out.append("\r\n");
}

Visitor fingerprint(const crypto::SipKey& salt, const IpAddress& ip,
                    std::string_view user_agent) noexcept {
    std::array<std::uint8_t, 16 + ClickRecord::user_agent_bytes_max> text;
    user_agent = user_agent.substr(0, ClickRecord::user_agent_bytes_max);
    std::ranges::copy(ip.bytes(), text.begin());
    user_agent.copy(reinterpret_cast<char*>(text.data()) + 16, user_agent.size());
    return crypto::siphash128(salt, {text.data(), 16 + user_agent.size()});
}

Salts::Salts(std::filesystem::path directory, Instant now)
    : file_(std::move(directory) / file_name) {
    load();
    maintain(now);
}

Salts::~Salts() {
    for (Salt& salt : salts_) explicit_bzero(salt.key.data(), salt.key.size());
}

DaySalts Salts::at(Instant now) {
    const Day day = day_of(now);
    const std::lock_guard lock(mutex_);
    DaySalts salts{.day = day};
    salts.today = key_of(day);
    salts.yesterday = key_of(day - std::chrono::days(1));
    return salts;
}

const crypto::SipKey& Salts::key_of(Day day) {
    const auto known = std::ranges::find(salts_, day, &Salt::day);
    if (known != salts_.end()) return known->key;
    changed_ = true;
    return salts_.emplace_back(Salt{day, crypto::random_bytes<16>()}).key;
}

void Salts::maintain(Instant now) {
    const Day today = day_of(now);
    std::vector<Salt> wanted;
    {
        const std::lock_guard lock(mutex_);
        key_of(today);
        key_of(today + std::chrono::days(1));
        // A clock that was wrong for a while must not leave its days behind, before or after.
        const auto stale = [&](const Salt& salt) {
            return salt.day < today - std::chrono::days(1) ||
                   salt.day > today + std::chrono::days(1);
        };
        for (Salt& salt : salts_)
            if (stale(salt)) explicit_bzero(salt.key.data(), salt.key.size());
        if (std::erase_if(salts_, stale) > 0) changed_ = true;
        if (!changed_) return;
        wanted = salts_;
        changed_ = false;
    }
    try {
        save(wanted);
    } catch (const std::system_error&) {
        const std::lock_guard lock(mutex_);
        changed_ = true;
        throw;
    }
}

void Salts::load() {
    std::ifstream file(file_);
    std::string day_text, key_text;
    while (salts_.size() < salts_max && file >> day_text >> key_text) {
        const auto day = parse_day(day_text);
        const auto key = crypto::from_hex(key_text);
        if (!day || !key || key->size() != crypto::SipKey{}.size()) continue;
        Salt salt{.day = *day};
        std::ranges::copy(*key, salt.key.begin());
        salts_.push_back(salt);
    }
}

void Salts::save(const std::vector<Salt>& salts) const {
    std::string text;
    for (const Salt& salt : salts)
        text += to_text(salt.day) + ' ' + crypto::to_hex(salt.key) + '\n';
    std::filesystem::path fresh = file_;
    fresh += ".new";
    {
        const Open file(fresh, O_WRONLY | O_CREAT | O_TRUNC);
        file.write(text, fresh);
        file.sync(fresh);
    }
    std::filesystem::rename(fresh, file_);
    const Open directory(file_.parent_path(), O_RDONLY | O_DIRECTORY);
    directory.sync(file_.parent_path());
}

}  // namespace referral::clicks

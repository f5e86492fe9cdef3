#include "platform/crypto/key_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <stdexcept>
#include <system_error>

#include "platform/crypto/encoding.hpp"
#include "platform/crypto/random.hpp"

namespace referral::crypto {

namespace {

constexpr std::size_t digits = 2 * Key().size();

[[noreturn]] void fail(const std::filesystem::path& file, std::string_view what) {
    throw std::runtime_error(fmt::format("the key file {} {}", file.string(), what));
}

[[noreturn]] void fail_with_errno(const std::filesystem::path& file, std::string_view what) {
    fail(file, fmt::format("{}: {}", what, std::generic_category().message(errno)));
}

/// An open file, closed at its end.
class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int number() const { return number_; }
    bool is_open() const { return number_ >= 0; }

private:
    int number_;
};

std::optional<Key> load(const std::filesystem::path& file) {
    const Descriptor opened(open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!opened.is_open() && errno == ENOENT) return std::nullopt;
    if (!opened.is_open()) fail_with_errno(file, "cannot be read");
    struct stat status;
    if (fstat(opened.number(), &status) != 0) fail_with_errno(file, "cannot be read");
    if ((status.st_mode & 077) != 0)
        fail(file,
             "can be read by others than its owner: chmod 0400 it, and think of the key as known");
    std::array<char, digits + 1> text{};
    const ssize_t length = read(opened.number(), text.data(), text.size());
    if (length < 0) fail_with_errno(file, "cannot be read");
    // A line end is allowed, further text is not.
    const bool complete = static_cast<std::size_t>(length) == digits ||
                          (static_cast<std::size_t>(length) == text.size() && text[digits] == '\n');
    const auto bytes = from_hex({text.data(), complete ? digits : 0});
    explicit_bzero(text.data(), text.size());
    if (!bytes || bytes->size() != Key().size()) fail(file, "is not 64 hexadecimal digits");
    Key key;
    std::ranges::copy(*bytes, key.begin());
    return key;
}

/// Writes a fresh key beside `file` and links it into place, which fails when another was first.
void create(const std::filesystem::path& file) {
    const auto folder = file.parent_path().empty() ? "." : file.parent_path();
    const auto draft = folder / (file.filename().string() + "." + random_code(10));
    const auto text = to_hex(random_bytes<Key().size()>()) + "\n";
    const Descriptor written(open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400));
    if (!written.is_open()) fail_with_errno(file, "cannot be written");
    const bool kept =
        write(written.number(), text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
        fsync(written.number()) == 0 && (link(draft.c_str(), file.c_str()) == 0 || errno == EEXIST);
    const int error = errno;
    unlink(draft.c_str());
    errno = error;
    if (!kept) fail_with_errno(file, "cannot be written");
    const Descriptor listing(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!listing.is_open() || fsync(listing.number()) != 0)
        fail_with_errno(file, "cannot be written");
}

}  // namespace

Key load_or_create_key(const std::filesystem::path& file) {
    if (const auto key = load(file)) return *key;
    create(file);
    if (const auto key = load(file)) return *key;
    fail(file, "vanished while it was made");
}

Key key_from_text(const Secret& text) { return blake2b(bytes_of(text.reveal())); }

}  // namespace referral::crypto

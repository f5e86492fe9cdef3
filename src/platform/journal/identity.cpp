#include "platform/journal/identity.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/random.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>

#include "platform/journal/crc32c.hpp"

namespace referral::journal {
namespace {

// DIR/node has two lines of 512 bytes, a disk's smallest unit, written in turn and in place: a torn
// write leaves the other one, and a full disk is no reason not to start.
constexpr std::size_t line_bytes = 512;

struct Line {
    std::uint64_t node;
    std::uint32_t epoch;
};

std::uint32_t check(std::string_view text) { return crc32c(std::as_bytes(std::span(text))); }

std::string encode(const Line& line) {
    std::string text = fmt::format("node {:016x} epoch {:010}", line.node, line.epoch);
    text += fmt::format(" check {:08x}", check(text));
    text.resize(line_bytes - 1, ' ');
    return text + '\n';
}

std::optional<Line> decode(std::string_view text) {
    Line line{};
    const std::string copy(text);
    unsigned long long node = 0;
    if (std::sscanf(copy.c_str(), "node %16llx epoch %10u", &node, &line.epoch) != 2) return {};
    line.node = node;
    return encode(line) == text ? std::optional(line) : std::nullopt;
}

std::string in_use(const std::filesystem::path& directory, const File& lock) {
    std::array<char, 32> text{};
    const std::size_t length =
        lock.read_at(0, std::as_writable_bytes(std::span(text)).first(text.size() - 1));
    const std::string_view holder(text.data(), std::min(length, std::strcspn(text.data(), "\n")));
    return fmt::format("the journal directory {} is in use by process {}", directory.string(),
                       holder.empty() ? "?" : holder);
}

void require(int error, const char* what, const std::filesystem::path& path) {
    if (error != 0) {
        throw std::system_error(error, std::generic_category(),
                                fmt::format("{} {}", what, path.string()));
    }
}

}  // namespace

std::uint64_t random_bits() {
    std::uint64_t bits = 0;
    while (::getrandom(&bits, sizeof bits, 0) != sizeof bits) {
        if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "getrandom");
    }
    return bits;
}

Identity::Identity(const std::filesystem::path& directory) {
    std::filesystem::create_directories(directory);
    lock_ = File::open(directory / "lock", O_RDWR | O_CREAT);
    if (::flock(lock_.descriptor(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) throw std::runtime_error(in_use(directory, lock_));
        require(errno, "lock", directory);
    }
    // Only a hint for whoever is refused; a full disk may leave it empty.
    const std::string holder = fmt::format("{:<15}\n", ::getpid());
    (void)lock_.write_at(0, std::as_bytes(std::span(holder)));

    file_ = File::open(directory / "node", O_RDWR | O_CREAT);
    if (file_.size() == 0) {
        node_ = random_bits();
        save();
        save();
        require(sync_directory(directory), "sync", directory);
    } else {
        load();
    }
}

void Identity::load() {
    std::string text(2 * line_bytes, '\0');
    text.resize(file_.read_at(0, std::as_writable_bytes(std::span(text))));
    std::optional<Line> newest;
    for (std::size_t at = 0; at + line_bytes <= text.size(); at += line_bytes) {
        const auto line = decode(std::string_view(text).substr(at, line_bytes));
        if (line && (!newest || line->epoch > newest->epoch)) newest = line;
    }
    if (!newest) {
        throw std::runtime_error(
            "the journal's file \"node\" is damaged; without it a new node begins and the "
            "segments stay readable");
    }
    node_ = newest->node;
    epoch_ = newest->epoch;
}

void Identity::begin_epoch(std::uint32_t seen) {
    epoch_ = std::max(epoch_, seen) + 1;
    save();
}

void Identity::save() {
    const std::string text = encode({node_, epoch_});
    const std::size_t line = epoch_ % 2;
    require(file_.write_at(line * line_bytes, std::as_bytes(std::span(text))), "write", "node");
    require(file_.sync_data(), "sync", "node");
}

}  // namespace referral::journal

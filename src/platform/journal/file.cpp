#include "platform/journal/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
#include <cerrno>
#include <system_error>
#include <utility>

namespace referral::journal {
namespace {

/// Calls until it is not interrupted.
template <class Call>
auto uninterrupted(Call call) noexcept {
    auto result = call();
    while (result < 0 && errno == EINTR) result = call();
    return result;
}

iovec part(std::span<const std::byte> bytes) {
    return {const_cast<std::byte*>(bytes.data()), bytes.size()};
}

}  // namespace

File::~File() { close(); }

File::File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

File& File::operator=(File&& other) noexcept {
    if (this != &other) {
        close();
        descriptor_ = std::exchange(other.descriptor_, -1);
    }
    return *this;
}

File File::open(const std::filesystem::path& path, int flags) {
    File file;
    if (const int error = file.try_open(path, flags)) {
        throw std::system_error(error, std::generic_category(), "open " + path.string());
    }
    return file;
}

int File::try_open(const std::filesystem::path& path, int flags) noexcept {
    close();
    descriptor_ = uninterrupted([&] { return ::open(path.c_str(), flags | O_CLOEXEC, 0600); });
    return descriptor_ < 0 ? errno : 0;
}

void File::close() noexcept {
    // Not repeated when interrupted: Linux has freed the descriptor by then (close(2)).
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

int File::write_at(std::uint64_t offset, std::span<const std::byte> bytes) noexcept {
    return write_at(offset, {}, bytes);
}

int File::write_at(std::uint64_t offset, std::span<const std::byte> head,
                   std::span<const std::byte> body) noexcept {
    while (!head.empty() || !body.empty()) {
        const iovec parts[] = {part(head), part(body)};
        const ssize_t written = uninterrupted(
            [&] { return ::pwritev(descriptor_, parts, 2, static_cast<off_t>(offset)); });
        if (written < 0) return errno;
        if (written == 0) return EIO;
        offset += static_cast<std::uint64_t>(written);
        const std::size_t of_head = std::min(head.size(), static_cast<std::size_t>(written));
        head = head.subspan(of_head);
        body = body.subspan(static_cast<std::size_t>(written) - of_head);
    }
    return 0;
}

int File::sync_data() noexcept {
    return uninterrupted([&] { return ::fdatasync(descriptor_); }) < 0 ? errno : 0;
}

std::size_t File::read_at(std::uint64_t offset, std::span<std::byte> bytes) const {
    std::size_t have = 0;
    while (have < bytes.size()) {
        const ssize_t got = uninterrupted([&] {
            return ::pread(descriptor_, bytes.data() + have, bytes.size() - have,
                           static_cast<off_t>(offset + have));
        });
        if (got < 0) throw std::system_error(errno, std::generic_category(), "read a journal file");
        if (got == 0) break;
        have += static_cast<std::size_t>(got);
    }
    return have;
}

int File::truncate(std::uint64_t bytes) noexcept {
    return uninterrupted([&] { return ::ftruncate(descriptor_, static_cast<off_t>(bytes)); }) < 0
               ? errno
               : 0;
}

std::uint64_t File::size() const {
    struct stat found {};
    if (::fstat(descriptor_, &found) < 0) {
        throw std::system_error(errno, std::generic_category(), "fstat of a journal file");
    }
    return static_cast<std::uint64_t>(found.st_size);
}

int sync_directory(const std::filesystem::path& directory) noexcept {
    File file;
    if (const int error = file.try_open(directory, O_RDONLY | O_DIRECTORY)) return error;
    return uninterrupted([&] { return ::fsync(file.descriptor()); }) < 0 ? errno : 0;
}

}  // namespace referral::journal

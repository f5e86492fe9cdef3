#pragma once

/// Files by plain system calls: interrupted calls go on, short ones are completed.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace referral::journal {

/// An open file, closed with the object. Calls that return int give 0 or the errno of the failure;
/// the others throw std::system_error naming the path.
class File {
public:
    File() = default;
    ~File();

    File(File&& other) noexcept;
    File& operator=(File&& other) noexcept;
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    /// Opens as open(2) does, with O_CLOEXEC; made files are readable by the owner only. Throws.
    static File open(const std::filesystem::path& path, int flags);

    /// The same without throwing: 0 or errno.
    int try_open(const std::filesystem::path& path, int flags) noexcept;

    bool is_open() const noexcept { return descriptor_ >= 0; }
    int descriptor() const noexcept { return descriptor_; }
    void close() noexcept;

    /// Writes all of `bytes` at `offset`, or fails having written any part of them.
    int write_at(std::uint64_t offset, std::span<const std::byte> bytes) noexcept;

    /// Writes `head` at `offset` and `body` behind it with one call where the kernel takes it
    /// whole.
    int write_at(std::uint64_t offset, std::span<const std::byte> head,
                 std::span<const std::byte> body) noexcept;

    /// fdatasync(2). After a failure the kernel may have thrown away what was written, and a second
    /// call would report success: never call it again on this file.
    int sync_data() noexcept;

    /// Reads until `bytes` is full or the file ends; gives the number read. Throws.
    std::size_t read_at(std::uint64_t offset, std::span<std::byte> bytes) const;

    /// Sets the file's length; 0 or errno.
    int truncate(std::uint64_t bytes) noexcept;

    /// The file's length in bytes. Throws.
    std::uint64_t size() const;

private:
    int descriptor_ = -1;
};

/// Makes entries of a directory durable: new, renamed and removed names. 0 or errno.
int sync_directory(const std::filesystem::path& directory) noexcept;

}  // namespace referral::journal

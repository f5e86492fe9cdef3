/// Makes file system calls fail, stall or fall short, for any program started with
/// LD_PRELOAD=libfault_shim.so (or linked with this file).
///
/// It sees calls of the functions named below, not what libc does inside (fopen).
///
/// Environment, read at the first call:
///   FAULT_PATH     only files whose absolute path begins with this are touched; required
///   FAULT_CONTROL  the file with the rules; read again whenever its time, size or inode changes,
///                  so write a new one and rename it into place
///   FAULT_LOG      a file to which every successful write and sync is appended; `power_cut` reads
///   it
///
/// Rules, one a line; words are separated by one space, lines of other forms are ignored:
///   fail CALL WHICH ERROR
///       CALL   open write sync allocate truncate rename, or `any` for all of them
///              (write: write pwrite pwritev; sync: fsync fdatasync; open: open openat creat;
///              allocate: fallocate; truncate: ftruncate)
///       WHICH  3: the third call of that kind since the rules were read; 3+: it and all later
///              ones; all
///       ERROR  EIO ENOSPC EINTR EDQUOT EROFS EMFILE, or `short`: a write takes half of its bytes,
///              other calls go through
///       A failing call does nothing; a failing sync does not sync. The first rule that fits
///       counts.
///   limit BYTES    from when the rules were read, writes take only so many bytes in all, and then
///                  fail with ENOSPC; allocations beyond what is left fail, others cost nothing
///   stall sync     fsync and fdatasync wait until a later version of the file has no such line
///
/// Log, one line each; files are named by inode, which outlives renaming:
///   n INODE                  made, or opened while empty with O_CREAT
///   w INODE OFFSET LENGTH    written
///   b INODE SERIAL           a sync begins
///   s INODE SERIAL           that sync succeeded: what was written before its begin is durable
///   t INODE LENGTH           cut or extended to this length

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <utility>
#include <vector>

#include "faults/fault_rules.hpp"

namespace {

using referral::faults::Call;
using referral::faults::Rule;
using referral::faults::Rules;
using referral::faults::short_write;

constexpr int descriptors_max = 1 << 16;

/// What is known of this process; made at the first call and never destroyed, for other threads may
/// still write when the program ends.
struct State {
    std::mutex mutex;
    const char* path = std::getenv("FAULT_PATH");
    const char* control = std::getenv("FAULT_CONTROL");
    int log = -1;
    Rules rules;
    std::atomic<std::uint64_t> serial{0};
    std::array<std::atomic<std::uint64_t>, descriptors_max> inodes{};  // 0: not ours.

    State() {
        if (const char* file = std::getenv("FAULT_LOG")) {
            log = static_cast<int>(::syscall(SYS_openat, AT_FDCWD, file,
                                             O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
        }
    }
};

State& state() {
    static State* const made = new State;
    return *made;
}

void log_line(const char* format, ...) {
    if (state().log < 0) return;
    char line[96];
    va_list arguments;
    va_start(arguments, format);
    const int length = std::vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    (void)::syscall(SYS_write, state().log, line, static_cast<std::size_t>(length));
}

/// Reads the rules again when their file has changed. The mutex is held.
void refresh(State& now) {
    if (now.control == nullptr) return;
    struct stat found {};
    if (::syscall(SYS_newfstatat, AT_FDCWD, now.control, &found, 0) != 0) {
        now.rules = Rules{};
        return;
    }
    const struct stat& old = now.rules.read_from;
    if (found.st_ino == old.st_ino && found.st_size == old.st_size &&
        found.st_mtim.tv_sec == old.st_mtim.tv_sec &&
        found.st_mtim.tv_nsec == old.st_mtim.tv_nsec) {
        return;
    }
    now.rules = Rules{};
    now.rules.read_from = found;
    const int file =
        static_cast<int>(::syscall(SYS_openat, AT_FDCWD, now.control, O_RDONLY | O_CLOEXEC, 0));
    std::array<char, 4096> text{};
    (void)::syscall(SYS_read, file, text.data(), text.size() - 1);
    (void)::syscall(SYS_close, file);
    char* rest = nullptr;
    for (char* line = ::strtok_r(text.data(), "\n", &rest); line != nullptr;
         line = ::strtok_r(nullptr, "\n", &rest)) {
        referral::faults::read_rule(now.rules, line);
    }
}

/// The errno the call gets, short_write, or 0.
int fault(Call call) {
    State& now = state();
    const std::lock_guard lock(now.mutex);
    refresh(now);
    const auto kind = static_cast<std::size_t>(call);
    const std::uint64_t seen = ++now.rules.seen[kind];
    const std::uint64_t any_seen = ++now.rules.any_seen;
    for (const Rule& rule : now.rules.rules) {
        if (rule.call >= 0 && rule.call != static_cast<int>(kind)) continue;
        const std::uint64_t nth = rule.call < 0 ? any_seen : seen;
        if (nth >= rule.first && nth <= rule.last) return rule.error;
    }
    return 0;
}

/// How many of `bytes` a write may take; 0 when the limit is reached.
std::uint64_t within_limit(std::uint64_t bytes) {
    State& now = state();
    const std::lock_guard lock(now.mutex);
    if (!now.rules.limited) return bytes;
    const std::uint64_t taken = std::min(bytes, now.rules.bytes_left);
    now.rules.bytes_left -= taken;
    return taken;
}

bool stalled() {
    State& now = state();
    const std::lock_guard lock(now.mutex);
    refresh(now);
    return now.rules.stall;
}

bool ours(const char* path) {
    const char* prefix = state().path;
    return prefix != nullptr && path != nullptr &&
           std::strncmp(path, prefix, std::strlen(prefix)) == 0;
}

/// The inode of a file below FAULT_PATH, or 0.
std::uint64_t inode_of(int descriptor) {
    if (descriptor < 0 || descriptor >= descriptors_max || state().path == nullptr) return 0;
    return state().inodes[static_cast<std::size_t>(descriptor)].load(std::memory_order_relaxed);
}

int opened(int descriptor, int flags) {
    if (descriptor < 0 || descriptor >= descriptors_max) return descriptor;
    struct stat found {};
    if (::fstat(descriptor, &found) != 0) return descriptor;
    state().inodes[static_cast<std::size_t>(descriptor)] = found.st_ino;
    if ((flags & O_CREAT) != 0 && found.st_size == 0) {
        log_line("n %llu\n", static_cast<unsigned long long>(found.st_ino));
    }
    return descriptor;
}

/// A shell's `> file` is an open and a dup2.
int duplicated(int from, int to, int flags) {
    if (from == to) return flags == 0 ? to : (errno = EINVAL, -1);
    const int result = static_cast<int>(::syscall(SYS_dup3, from, to, flags));
    if (result >= 0 && result < descriptors_max && state().path != nullptr) {
        state().inodes[static_cast<std::size_t>(result)] = inode_of(from);
    }
    return result;
}

int open_at(int directory, const char* path, int flags, unsigned mode) {
    const bool touched = ours(path) && (flags & O_DIRECTORY) == 0;
    if (touched) {
        if (const int error = fault(Call::open); error > 0) return errno = error, -1;
    }
    const int result = static_cast<int>(::syscall(SYS_openat, directory, path, flags, mode));
    return touched ? opened(result, flags) : result;
}

/// Decides over a write of `bytes`: how many go through, or -1 with errno set.
ssize_t granted(std::uint64_t bytes) {
    const int error = fault(Call::write);
    if (error > 0) return errno = error, -1;
    if (error == short_write) bytes = std::max<std::uint64_t>(1, bytes / 2);
    const std::uint64_t taken = within_limit(bytes);
    if (taken == 0 && bytes > 0) return errno = ENOSPC, -1;
    return static_cast<ssize_t>(taken);
}

ssize_t logged(std::uint64_t inode, std::int64_t offset, ssize_t written) {
    if (written > 0) {
        log_line("w %llu %lld %lld\n", static_cast<unsigned long long>(inode),
                 static_cast<long long>(offset), static_cast<long long>(written));
    }
    return written;
}

ssize_t write_at(int descriptor, const void* data, std::size_t bytes, off_t offset) {
    const std::uint64_t inode = inode_of(descriptor);
    if (inode == 0) return ::syscall(SYS_pwrite64, descriptor, data, bytes, offset);
    const ssize_t taken = granted(bytes);
    if (taken < 0) return -1;
    return logged(inode, offset, ::syscall(SYS_pwrite64, descriptor, data, taken, offset));
}

ssize_t write_parts(int descriptor, const iovec* parts, int count, off_t offset) {
    const std::uint64_t inode = inode_of(descriptor);
    if (inode == 0) return ::syscall(SYS_pwritev, descriptor, parts, count, offset, 0);
    std::uint64_t bytes = 0;
    for (int i = 0; i < count; ++i) bytes += parts[i].iov_len;
    const ssize_t taken = granted(bytes);
    if (taken < 0) return -1;
    std::vector<iovec> cut;
    std::size_t left = static_cast<std::size_t>(taken);
    for (int i = 0; i < count; ++i) {
        const std::size_t part = std::min(left, parts[i].iov_len);
        if (part > 0) cut.push_back({parts[i].iov_base, part});
        left -= part;
    }
    return logged(inode, offset,
                  ::syscall(SYS_pwritev, descriptor, cut.data(), cut.size(), offset, 0));
}

int sync(int descriptor, long call) {
    const std::uint64_t inode = inode_of(descriptor);
    if (inode == 0) return static_cast<int>(::syscall(call, descriptor));
    while (stalled()) ::usleep(1000);
    if (const int error = fault(Call::sync); error > 0) return errno = error, -1;
    const auto serial = static_cast<unsigned long long>(++state().serial);
    log_line("b %llu %llu\n", static_cast<unsigned long long>(inode), serial);
    const int result = static_cast<int>(::syscall(call, descriptor));
    if (result == 0) log_line("s %llu %llu\n", static_cast<unsigned long long>(inode), serial);
    return result;
}

int set_length(int descriptor, off_t length) {
    const std::uint64_t inode = inode_of(descriptor);
    if (inode != 0) {
        if (const int error = fault(Call::truncate); error > 0) return errno = error, -1;
    }
    const int result = static_cast<int>(::syscall(SYS_ftruncate, descriptor, length));
    if (inode != 0 && result == 0) {
        log_line("t %llu %lld\n", static_cast<unsigned long long>(inode),
                 static_cast<long long>(length));
    }
    return result;
}

int allocate(int descriptor, int mode, off_t offset, off_t length) {
    if (inode_of(descriptor) != 0) {
        if (const int error = fault(Call::allocate); error > 0) return errno = error, -1;
        const std::lock_guard lock(state().mutex);
        const Rules& rules = state().rules;
        if (rules.limited && rules.bytes_left < static_cast<std::uint64_t>(length)) {
            return errno = ENOSPC, -1;
        }
    }
    return static_cast<int>(::syscall(SYS_fallocate, descriptor, mode, offset, length));
}

}  // namespace

extern "C" {

// The mode is always fetched: it is only looked at when a file may be made, and then it was passed.
#define OPEN_FORM(name, directory, ...)                      \
    int name(__VA_ARGS__ const char* path, int flags, ...) { \
        va_list arguments;                                   \
        va_start(arguments, flags);                          \
        const unsigned mode = va_arg(arguments, unsigned);   \
        va_end(arguments);                                   \
        return open_at(directory, path, flags, mode);        \
    }
#define COMMA ,
OPEN_FORM(open, AT_FDCWD)
OPEN_FORM(open64, AT_FDCWD)
OPEN_FORM(openat, directory, int directory COMMA)
OPEN_FORM(openat64, directory, int directory COMMA)

// What _FORTIFY_SOURCE makes of open(path, flags).
int __open_2(const char* path, int flags) { return open_at(AT_FDCWD, path, flags, 0); }
int __open64_2(const char* path, int flags) { return open_at(AT_FDCWD, path, flags, 0); }

int creat(const char* path, mode_t mode) {
    return open_at(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}

int close(int descriptor) {
    if (inode_of(descriptor) != 0) state().inodes[static_cast<std::size_t>(descriptor)] = 0;
    return static_cast<int>(::syscall(SYS_close, descriptor));
}

int dup2(int from, int to) noexcept { return duplicated(from, to, 0); }
int dup3(int from, int to, int flags) noexcept { return duplicated(from, to, flags); }

ssize_t write(int descriptor, const void* data, size_t bytes) {
    const std::uint64_t inode = inode_of(descriptor);
    if (inode == 0) return ::syscall(SYS_write, descriptor, data, bytes);
    const ssize_t taken = granted(bytes);
    if (taken < 0) return -1;
    const ssize_t written = ::syscall(SYS_write, descriptor, data, taken);
    const off_t behind = ::syscall(SYS_lseek, descriptor, 0, SEEK_CUR);
    return logged(inode, behind - std::max<ssize_t>(written, 0), written);
}

ssize_t pwrite(int descriptor, const void* data, size_t bytes, off_t offset) {
    return write_at(descriptor, data, bytes, offset);
}

ssize_t pwrite64(int descriptor, const void* data, size_t bytes, off64_t offset) {
    return write_at(descriptor, data, bytes, offset);
}

ssize_t pwritev(int descriptor, const iovec* parts, int count, off_t offset) {
    return write_parts(descriptor, parts, count, offset);
}

ssize_t pwritev64(int descriptor, const iovec* parts, int count, off64_t offset) {
    return write_parts(descriptor, parts, count, offset);
}

int fsync(int descriptor) { return sync(descriptor, SYS_fsync); }
int fdatasync(int descriptor) { return sync(descriptor, SYS_fdatasync); }

int ftruncate(int descriptor, off_t length) noexcept { return set_length(descriptor, length); }
int ftruncate64(int descriptor, off64_t length) noexcept { return set_length(descriptor, length); }

int fallocate(int descriptor, int mode, off_t offset, off_t length) {
    return allocate(descriptor, mode, offset, length);
}

int fallocate64(int descriptor, int mode, off64_t offset, off64_t length) {
    return allocate(descriptor, mode, offset, length);
}

int rename(const char* from, const char* to) noexcept {
    if (ours(from)) {
        if (const int error = fault(Call::rename); error > 0) return errno = error, -1;
    }
    return static_cast<int>(::syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}

}  // extern "C"

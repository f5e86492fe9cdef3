#include "platform/db/run_as.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "platform/db/child_process.hpp"

namespace referral::db {

namespace {

namespace fs = std::filesystem;

constexpr int depth_max = 32;

[[noreturn]] void fail(std::string_view what) {
    throw std::runtime_error(fmt::format("{}: {}", what, std::generic_category().message(errno)));
}

struct User {
    uid_t uid;
    gid_t gid;
};

User find_user(const std::string& name) {
    // Called before there are threads, so the static answer is ours alone.
    const passwd* entry = getpwnam(name.c_str());
    if (entry == nullptr || entry->pw_uid == 0)
        throw std::runtime_error(
            fmt::format("RUN_AS_USER: there is no user \"{}\" other than root to run as", name));
    return {entry->pw_uid, entry->pw_gid};
}

void give(int folder, const char* name, User user, int depth);

void give_entries(int folder, User user, int depth) {
    const auto close_listing = [](DIR* opened) { closedir(opened); };
    const std::unique_ptr<DIR, decltype(close_listing)> listing(fdopendir(folder));
    if (!listing) fail("a folder cannot be listed");
    while (const dirent* entry = readdir(listing.get())) {
        const std::string_view name = entry->d_name;
        if (name != "." && name != "..") give(dirfd(listing.get()), entry->d_name, user, depth);
    }
}

/// Gives one name in an open folder to the user. Everything goes through descriptors opened without
/// following links: who owns the folder already could otherwise put a link where a file was, and be
/// given what it leads to.
void give(int folder, const char* name, User user, int depth) {
    const Descriptor entry(openat(folder, name, O_PATH | O_NOFOLLOW | O_CLOEXEC));
    struct stat status;
    if (!entry.is_open() || fstat(entry.number(), &status) != 0) {
        if (errno == ENOENT) return;
        fail(name);
    }
    const bool is_folder = S_ISDIR(status.st_mode);
    if (S_ISLNK(status.st_mode) || (!is_folder && status.st_nlink > 1)) return;
    if (status.st_uid == 0 && fchownat(entry.number(), "", user.uid, user.gid, AT_EMPTY_PATH) != 0)
        fail(name);
    if (!is_folder || depth >= depth_max) return;
    const int opened = openat(entry.number(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0) fail(name);
    give_entries(opened, user, depth + 1);
}

/// The folders of a path that root made belong to the user from the first new one on.
void make_and_give(const fs::path& path, User user) {
    const auto absolute = fs::absolute(path).lexically_normal();
    if (!absolute.has_relative_path())
        throw std::runtime_error("the root folder cannot be given to another user");
    std::error_code error;
    fs::create_directories(absolute, error);
    if (error)
        throw std::runtime_error(
            fmt::format("the folder {} cannot be made: {}", absolute.string(), error.message()));
    give(AT_FDCWD, fs::canonical(absolute).c_str(), user, 0);
}

void set_capabilities(std::uint32_t bits) {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, 2> data{};
    data[0].effective = data[0].permitted = bits;
    if (syscall(SYS_capset, &header, data.data()) != 0) fail("capabilities cannot be set");
}

void become(const std::string& name, User user, bool binds_low_ports) {
    if (binds_low_ports && prctl(PR_SET_KEEPCAPS, 1) != 0) fail("capabilities cannot be kept");
    if (initgroups(name.c_str(), user.gid) != 0 || setresgid(user.gid, user.gid, user.gid) != 0 ||
        setresuid(user.uid, user.uid, user.uid) != 0)
        fail(fmt::format("root cannot become user {}", name));
    set_capabilities(binds_low_ports ? 1u << CAP_NET_BIND_SERVICE : 0);
    if (setuid(0) == 0) throw std::runtime_error("root could not be given up");
}

void check_reachable(const fs::path& path, const std::string& user) {
    const auto absolute = fs::absolute(path).lexically_normal();
    fs::path above;
    for (const auto& part : absolute) {
        above /= part;
        if (access(above.c_str(), X_OK) != 0)
            throw std::runtime_error(fmt::format(
                "user {} cannot enter {}: choose another folder than {}, or another RUN_AS_USER",
                user, above.string(), absolute.string()));
    }
    if (access(absolute.c_str(), W_OK) != 0)
        throw std::runtime_error(
            fmt::format("user {} cannot write into {}", user, absolute.string()));
}

}  // namespace

void run_as(const RunAs& wanted) {
    if (geteuid() != 0) return;
    const User user = find_user(wanted.user);
    for (const auto& folder : wanted.owns) make_and_give(folder, user);
    become(wanted.user, user, wanted.binds_low_ports);
    for (const auto& folder : wanted.owns) check_reachable(folder, wanted.user);
}

}  // namespace referral::db

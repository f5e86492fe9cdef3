#include "platform/db/child_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace referral::db {

namespace {

constexpr int not_started = 127;

std::array<const char*, 5> minimal_environment() {
    return {"PATH=/usr/bin:/bin", "LANG=C.UTF-8", "LC_ALL=C.UTF-8", "TZ=UTC", nullptr};
}

/// What happens in the child. Between fork and exec only async-signal-safe calls are allowed: other
/// threads of ours may have held any lock.
[[noreturn]] void become(const Command& command, char* const* arguments, pid_t parent) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    for (const int ignored : {SIGPIPE, SIGCHLD, SIGHUP, SIGINT, SIGTERM})
        ::signal(ignored, SIG_DFL);
    setsid();
    if (command.death_signal != 0) {
        prctl(PR_SET_PDEATHSIG, command.death_signal);
        if (getppid() != parent) _exit(not_started);  // It died before we asked to be told.
    }
    dup2(command.input >= 0 ? command.input : open("/dev/null", O_RDONLY), STDIN_FILENO);
    dup2(command.output, STDOUT_FILENO);
    dup2(command.output, STDERR_FILENO);
    close_range(STDERR_FILENO + 1, ~0u, 0);
    if (chdir(command.folder.c_str()) != 0) _exit(not_started);
    const auto environment = minimal_environment();
    execve(command.program.c_str(), arguments, const_cast<char* const*>(environment.data()));
    _exit(not_started);
}

}  // namespace

Descriptor::~Descriptor() {
    if (number_ >= 0) close(number_);
}

Descriptor::Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
}

// By its number: the header of glibc 2.36 declares pidfd_open without C linkage.
Descriptor process_handle(pid_t pid) {
    return Descriptor(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
}

ChildProcess::ChildProcess(const Command& command) {
    std::vector<char*> arguments{const_cast<char*>(command.program.c_str())};
    for (const auto& argument : command.arguments)
        arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    const pid_t parent = getpid();
    pid_ = fork();
    if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "no new process");
    if (pid_ == 0) become(command, arguments.data(), parent);
    handle_ = process_handle(pid_);
    if (handle_.is_open()) return;
    const int error = errno;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    throw std::system_error(error, std::generic_category(), "no handle of a new process");
}

ChildProcess::~ChildProcess() {
    if (status_) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
}

std::optional<int> ChildProcess::wait(std::chrono::milliseconds limit, int wake) {
    if (status_) return status_;
    std::array<pollfd, 2> watched{pollfd{handle_.number(), POLLIN, 0}, pollfd{wake, POLLIN, 0}};
    poll(watched.data(), watched.size(), static_cast<int>(limit.count()));
    int status = 0;
    const pid_t ended = waitpid(pid_, &status, WNOHANG);
    if (ended == pid_) status_ = status;
    // Somebody else took the status: all that is known is that it is gone.
    if (ended < 0 && errno == ECHILD) status_ = 0;
    return status_;
}

void ChildProcess::signal(int signal) const {
    if (!status_) kill(pid_, signal);
}

std::string status_text(int status) {
    if (WIFSIGNALED(status)) return fmt::format("killed by signal {}", WTERMSIG(status));
    return fmt::format("exited with {}", WEXITSTATUS(status));
}

}  // namespace referral::db

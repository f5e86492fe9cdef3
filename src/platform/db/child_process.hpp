#pragma once

/// Programs started beside ours: PostgreSQL's.

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace referral::db {

/// An open file descriptor, closed at its end.
class Descriptor {
public:
    explicit Descriptor(int number = -1) : number_(number) {}
    ~Descriptor();
    Descriptor(Descriptor&& other) noexcept;
    Descriptor& operator=(Descriptor&& other) noexcept;
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int number() const { return number_; }
    bool is_open() const { return number_ >= 0; }

private:
    int number_;
};

/// A descriptor that can be read once the process has ended; closed when there is no such process.
Descriptor process_handle(pid_t pid);

struct Command {
    std::filesystem::path program;
    std::vector<std::string> arguments;  // Without the program itself.
    std::filesystem::path folder;        // Where it runs.
    int output;                          // The descriptor for its stdout and stderr.
    int input = -1;                      // The descriptor for its stdin; -1: /dev/null.
    int death_signal = 0;                // Sent to it when the thread that started it is gone.
};

/// A child of this process, in a session of its own, so that Ctrl-C in a terminal does not reach
/// it. It gets no environment but PATH, TZ and the locale (a preloaded library or a false clock of
/// ours are not for it), no descriptor but input and output, and no blocked signals.
/// Once `wait` gave its status the child is gone; one that is still there at the end is killed.
class ChildProcess {
public:
    /// Throws std::system_error when it cannot be started. A program that is missing gives status
    /// 127.
    explicit ChildProcess(const Command& command);
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    pid_t pid() const { return pid_; }

    /// Waits for its end, or until `wake` (a descriptor, -1: none) can be read, or for `limit`.
    /// Its status as waitpid gives it, or nothing when it still runs.
    std::optional<int> wait(std::chrono::milliseconds limit, int wake = -1);

    /// Sends `signal` unless its end is known.
    void signal(int signal) const;

private:
    pid_t pid_ = 0;
    Descriptor handle_;
    std::optional<int> status_;
};

/// "exited with 1", "killed by signal 9".
std::string status_text(int status);

}  // namespace referral::db

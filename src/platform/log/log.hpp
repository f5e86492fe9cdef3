#pragma once

/// The program's log: one line an event, as JSON or as text, to stderr or a rotating file.
///
/// There is one log in a process and it is reached by free functions, the one exception to "no
/// globals with state". It must work before app/ has built anything (a bad setting), in threads and
/// `noexcept` paths that own nothing, and until the last moment; a reference would have to pass
/// through nearly every constructor. The exception is harmless because the log is only ever
/// written: nothing the program decides depends on it.

#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include "base/time.hpp"

namespace referral::log {

enum class Level : int { debug, info, warn, error };

enum class Format { json, text };

struct Settings {
    Level level = Level::info;
    Format format = Format::json;
    std::string file{};                      // Empty: stderr.
    std::size_t file_bytes_max = 64u << 20;  // A full file is renamed to FILE.1, .2 …
    std::size_t files_max = 5;               // … and this many old ones are kept.
    std::size_t repeats_max = 20;            // Lines per event and 10 s, of warnings and errors.
    Clock clock = nullptr;                   // Null: the system's.
    std::function<void(std::string_view)> to{};  // Takes every line in place of file and stderr.
};

/// What a field holds. A text is not copied: it must live until the call returns.
class Value {
public:
    Value(std::string_view text) : value_(text) {}
    Value(const std::string& text) : value_(std::string_view(text)) {}
    Value(const char* text) : value_(std::string_view(text)) {}
    Value(bool flag) : value_(flag) {}
    Value(std::floating_point auto number) : value_(static_cast<double>(number)) {}
    Value(std::signed_integral auto number) : value_(static_cast<std::int64_t>(number)) {}
    Value(std::unsigned_integral auto number) : value_(static_cast<std::uint64_t>(number)) {}

    const auto& held() const { return value_; }

private:
    std::variant<std::string_view, bool, double, std::int64_t, std::uint64_t> value_;
};

/// `name` is snake_case with the unit in it: "segment_bytes", "took_ms".
struct Field {
    std::string_view name;
    Value value;
};

using Fields = std::initializer_list<Field>;

/// Takes new settings and opens the file; before the first call the log is JSON on stderr at
/// `info`. Throws std::runtime_error when the file cannot be opened; the log then stays as it was.
void configure(Settings settings);

/// Opens the log's file again, after logrotate has moved it away; for SIGHUP.
/// Throws as `configure`.
void reopen();

/// Changes the level alone, at once for all threads.
void set_level(Level level) noexcept;

/// Writes what was held back (see `warn`) and what is buffered.
void flush() noexcept;

/// Lines that could not be written (disk full) since the program started.
std::uint64_t lines_lost() noexcept;

/// Lines of warnings and errors kept back by `repeats_max` since the program started.
std::uint64_t lines_held_back() noexcept;

namespace detail {

extern std::atomic<int> level_min;

void write(Level level, std::string_view event, std::string_view message, Fields fields) noexcept;

}  // namespace detail

/// Whether lines of `level` are written: ask before computing a costly field.
inline bool enabled(Level level) noexcept {
    return static_cast<int>(level) >= detail::level_min.load(std::memory_order_relaxed);
}

/// Writes a line of `level` unless that is off. `event` is a stable snake_case name that dashboards
/// may rely on; `message` is for people. Any bytes are safe: control characters are escaped and
/// invalid UTF-8 replaced. Never throws and never blocks on anything but the log's own file.
inline void write(Level level, std::string_view event, std::string_view message,
                  Fields fields = {}) noexcept {
    if (enabled(level)) detail::write(level, event, message, fields);
}

inline void debug(std::string_view event, std::string_view message, Fields fields = {}) noexcept {
    write(Level::debug, event, message, fields);
}

inline void info(std::string_view event, std::string_view message, Fields fields = {}) noexcept {
    write(Level::info, event, message, fields);
}

/// Of warnings and errors at most `repeats_max` lines an event are written in 10 s, so that a
/// failing disk does not flood; then one line `log_held_back` says how many were not.
inline void warn(std::string_view event, std::string_view message, Fields fields = {}) noexcept {
    write(Level::warn, event, message, fields);
}

/// As `warn`.
inline void error(std::string_view event, std::string_view message, Fields fields = {}) noexcept {
    write(Level::error, event, message, fields);
}

/// While it lives, every line its thread writes carries `request_id`. Scopes nest.
class RequestScope {
public:
    /// `request_id` must live as long as the scope.
    explicit RequestScope(std::string_view request_id) noexcept;
    ~RequestScope();
    RequestScope(const RequestScope&) = delete;
    RequestScope& operator=(const RequestScope&) = delete;

private:
    std::string_view outer_;
};

}  // namespace referral::log

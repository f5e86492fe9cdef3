#include "platform/log/log.hpp"

#include <fmt/format.h>
#include <spdlog/formatter.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <memory>
#include <mutex>
#include <stdexcept>

#include "platform/log/escape.hpp"
#include "platform/log/repeats.hpp"

namespace referral::log {

namespace detail {

std::atomic<int> level_min{static_cast<int>(Level::info)};

}  // namespace detail

namespace {

constexpr std::array<std::string_view, 4> level_names{"debug", "info", "warn", "error"};
constexpr std::array<std::string_view, 4> level_labels{"DEBUG", "INFO ", "WARN ", "ERROR"};

thread_local std::string_view request_id;

Instant system_now() {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

/// Leaves the line as it is: it is formatted here, spdlog only carries it.
class Verbatim : public spdlog::formatter {
public:
    void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& line) override {
        line.append(message.payload.data(), message.payload.data() + message.payload.size());
    }
    std::unique_ptr<formatter> clone() const override { return std::make_unique<Verbatim>(); }
};

std::shared_ptr<spdlog::sinks::sink> open(const Settings& settings) {
    std::shared_ptr<spdlog::sinks::sink> sink;
    try {
        if (settings.file.empty())
            sink = std::make_shared<spdlog::sinks::stderr_sink_st>();
        else
            sink = std::make_shared<spdlog::sinks::rotating_file_sink_st>(
                settings.file, settings.file_bytes_max, settings.files_max);
    } catch (const spdlog::spdlog_ex& broken) {
        throw std::runtime_error(
            fmt::format("the log {} cannot be opened: {}", settings.file, broken.what()));
    }
    sink->set_formatter(std::make_unique<Verbatim>());
    return sink;
}

struct Line {
    Instant at;
    Level level;
    std::string_view event;
    std::string_view message;
    Fields fields;
};

struct AppendJson {
    std::string& line;
    void operator()(std::string_view text) const { append_json_string(line, text); }
    void operator()(bool flag) const { line += flag ? "true" : "false"; }
    void operator()(double number) const {
        // JSON has no infinity and no NaN.
        if (std::isfinite(number))
            fmt::format_to(std::back_inserter(line), "{}", number);
        else
            line += "null";
    }
    void operator()(auto number) const { fmt::format_to(std::back_inserter(line), "{}", number); }
};

struct AppendText : AppendJson {
    using AppendJson::operator();
    void operator()(std::string_view text) const { append_word(line, text); }
};

std::string as_json(const Line& written) {
    std::string line = fmt::format(R"({{"time":"{}","level":"{}","event":)", to_text(written.at),
                                   level_names[static_cast<std::size_t>(written.level)]);
    append_json_string(line, written.event);
    line += ",\"message\":";
    append_json_string(line, written.message);
    if (!request_id.empty()) {
        line += ",\"request_id\":";
        append_json_string(line, request_id);
    }
    for (const auto& [name, value] : written.fields) {
        line += ',';
        append_json_string(line, name);
        line += ':';
        std::visit(AppendJson{line}, value.held());
    }
    return line += "}\n";
}

std::string as_text(const Line& written) {
    std::string line = fmt::format("{} {} ", to_text(written.at),
                                   level_labels[static_cast<std::size_t>(written.level)]);
    append_word(line, written.event);
    line += ": ";
    // The message is quoted only when it holds what a terminal might obey.
    std::string quoted;
    append_json_string(quoted, written.message);
    const bool plain = quoted.size() == written.message.size() + 2;
    plain ? line.append(written.message) : line.append(quoted);
    if (!request_id.empty()) {
        line += " request_id=";
        append_word(line, request_id);
    }
    for (const auto& [name, value] : written.fields) {
        line += ' ';
        append_word(line, name);
        line += '=';
        std::visit(AppendText{{line}}, value.held());
    }
    return line += '\n';
}

/// The one log of the process.
class Log {
public:
    void configure(Settings settings) {
        const std::scoped_lock lock(mutex_);
        auto sink = settings.to ? nullptr : open(settings);
        write_held_back(true);
        sink_ = std::move(sink);
        settings_ = std::move(settings);
        set_level(settings_.level);
    }

    void reopen() {
        const std::scoped_lock lock(mutex_);
        if (!settings_.to) sink_ = open(settings_);
    }

    void write(Line line) {
        const std::scoped_lock lock(mutex_);
        line.at = now();
        write_held_back(false);
        const bool limited = line.level >= Level::warn;
        if (limited && !repeats_.admits(line.event, settings_.repeats_max)) {
            held_back.fetch_add(1, std::memory_order_relaxed);
            return;
        }
        put(line);
    }

    void flush() {
        const std::scoped_lock lock(mutex_);
        write_held_back(true);
        if (sink_) sink_->flush();
    }

    std::atomic<std::uint64_t> lost{0};
    std::atomic<std::uint64_t> held_back{0};

private:
    Instant now() const { return settings_.clock ? settings_.clock() : system_now(); }

    void write_held_back(bool at_once) {
        for (const auto& [event, lines] : repeats_.turn(now(), at_once))
            put({now(),
                 Level::warn,
                 "log_held_back",
                 "more lines of one event were not written",
                 {{"of", event}, {"lines", lines}}});
    }

    void put(const Line& written) {
        const std::string line =
            settings_.format == Format::json ? as_json(written) : as_text(written);
        if (settings_.to) return settings_.to(line);
        if (!sink_) sink_ = open(settings_);
        sink_->log(spdlog::details::log_msg("", spdlog::level::info, line));
        sink_->flush();
    }

    std::mutex mutex_;
    Settings settings_;
    std::shared_ptr<spdlog::sinks::sink> sink_;
    Repeats repeats_;
};

/// Never destroyed, so that threads and destructors may log until the process is gone.
Log& the_log() {
    static Log& log = *std::make_unique<Log>().release();
    return log;
}

}  // namespace

namespace detail {

void write(Level level, std::string_view event, std::string_view message, Fields fields) noexcept {
    try {
        the_log().write({{}, level, event, message, fields});
    } catch (const std::exception&) {
        the_log().lost.fetch_add(1, std::memory_order_relaxed);
    }
}

}  // namespace detail

void configure(Settings settings) { the_log().configure(std::move(settings)); }

void reopen() { the_log().reopen(); }

void set_level(Level level) noexcept {
    detail::level_min.store(static_cast<int>(level), std::memory_order_relaxed);
}

void flush() noexcept {
    try {
        the_log().flush();
    } catch (const std::exception&) {
        the_log().lost.fetch_add(1, std::memory_order_relaxed);
    }
}

std::uint64_t lines_lost() noexcept { return the_log().lost.load(std::memory_order_relaxed); }

std::uint64_t lines_held_back() noexcept {
    return the_log().held_back.load(std::memory_order_relaxed);
}

RequestScope::RequestScope(std::string_view id) noexcept : outer_(request_id) { request_id = id; }

RequestScope::~RequestScope() { request_id = outer_; }

}  // namespace referral::log

#include "platform/journal/spares.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <pthread.h>
#include <cerrno>
#include <system_error>
#include <utility>

namespace referral::journal {
namespace {

// Zeros are synced in small steps with pauses between them, for the writers' own syncs wait behind
// every step: 4 MiB without a pause held up commits for 6 to 15 ms, 3 % of the time at 50,000
// clicks a second; bench/results.md.
constexpr std::size_t step_bytes = 256 << 10;
constexpr int zeroing_pause_factor = 3;
constexpr std::chrono::milliseconds pause_min{100};
constexpr std::chrono::milliseconds pause_max{1000};

void unlink(const std::filesystem::path& path) noexcept {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
}

int move(const std::filesystem::path& from, const std::filesystem::path& to) noexcept {
    return ::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

/// Claims blocks for the whole file, so that a full disk shows here and not in a commit. File
/// systems that cannot do that get a file of that length without blocks.
int claim(File& file, std::uint32_t bytes) noexcept {
    int result = 0;
    do {
        result = ::fallocate(file.descriptor(), 0, 0, bytes);
    } while (result != 0 && errno == EINTR);
    if (result == 0) return 0;
    return errno == EOPNOTSUPP ? file.truncate(bytes) : errno;
}

}  // namespace

std::filesystem::path slot_path(const std::filesystem::path& directory, std::uint32_t slot) {
    return directory / fmt::format("{:08}.seg", slot);
}

std::filesystem::path new_slot_path(const std::filesystem::path& directory, std::uint32_t slot) {
    return directory / fmt::format("{:08}.new", slot);
}

Alarm alarm_of(int error) noexcept {
    switch (error) {
        case 0:
            return Alarm::none;
        case ENOSPC:
        case EDQUOT:
        case EFBIG:
            return Alarm::disk_full;
        default:
            return Alarm::broken;
    }
}

Spares::Spares(std::filesystem::path directory, Limits limits, Found found,
               std::function<bool()> make_room)
    : directory_(std::move(directory)),
      limits_(limits),
      make_room_(std::move(make_room)),
      next_slot_(found.next_slot),
      bytes_used_(found.bytes_used) {
    for (const std::uint32_t slot : found.spares) {
        Ready spare{.file = {}, .slot = slot};
        if (ready_.size() < limits_.ready &&
            spare.file.try_open(slot_path(directory_, slot), O_RDWR) == 0) {
            ready_.push_back(std::move(spare));
        } else {
            discard(slot, {});
        }
    }
    thread_ = std::thread([this] { run(); });
}

Spares::~Spares() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

Alarm Spares::take(File& file, std::uint32_t& slot) noexcept {
    {
        const std::lock_guard lock(mutex_);
        if (!ready_.empty()) {
            file = std::move(ready_.front().file);
            slot = ready_.front().slot;
            ready_.erase(ready_.begin());
            wake_.notify_all();
            return Alarm::none;
        }
    }
    if (const Alarm alarm = reserve(); alarm != Alarm::none) return alarm;
    {
        const std::lock_guard lock(mutex_);
        slot = next_slot_++;
    }
    const auto path = slot_path(directory_, slot);
    int error = file.try_open(path, O_RDWR | O_CREAT | O_EXCL);
    if (error == 0) error = claim(file, limits_.segment_bytes);
    if (error == 0) error = sync_directory(directory_);
    if (error != 0) {
        discard(slot, std::move(file));
        return alarm_of(error);
    }
    return Alarm::none;
}

void Spares::discard(std::uint32_t slot, File file) noexcept {
    // Cutting first: the name may stay when removing fails, the content must not.
    if (file.is_open()) (void)file.truncate(0);
    file.close();
    unlink(slot_path(directory_, slot));
    unreserve();
}

void Spares::remove(std::uint32_t slot, std::uint64_t bytes) noexcept {
    unlink(slot_path(directory_, slot));
    released(bytes);
}

void Spares::released(std::uint64_t bytes) noexcept {
    const std::lock_guard lock(mutex_);
    bytes_used_ -= bytes;
    wake_.notify_all();
}

Alarm Spares::reserve() noexcept {
    do {
        const std::lock_guard lock(mutex_);
        if (bytes_used_ + limits_.segment_bytes <= limits_.bytes_max) {
            bytes_used_ += limits_.segment_bytes;
            return Alarm::none;
        }
    } while (make_room_());
    return Alarm::full;
}

void Spares::run() {
    pthread_setname_np(pthread_self(), "journal-spares");
    std::chrono::milliseconds pause{0};
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        if (ready_.size() >= limits_.ready) {
            alarm_ = Alarm::none;
            wake_.wait(lock);
            continue;
        }
        lock.unlock();
        Ready spare{};
        const Alarm alarm = prepare(spare);
        lock.lock();
        alarm_ = alarm;
        if (alarm == Alarm::none) {
            ready_.push_back(std::move(spare));
            pause = std::chrono::milliseconds(0);
        } else {
            if (alarm != Alarm::full) ++failures_;
            pause = std::clamp(pause * 2, pause_min, pause_max);
            wake_.wait_for(lock, pause, [this] { return stopping_; });
        }
    }
}

Alarm Spares::prepare(Ready& spare) {
    if (const Alarm alarm = reserve(); alarm != Alarm::none) return alarm;
    {
        const std::lock_guard lock(mutex_);
        spare.slot = next_slot_++;
    }
    const auto path = new_slot_path(directory_, spare.slot);
    int error = zero(path, spare.file);
    if (error == 0) error = move(path, slot_path(directory_, spare.slot));
    if (error == 0) error = sync_directory(directory_);
    if (error != 0) {
        spare.file.close();
        unlink(path);
        unlink(slot_path(directory_, spare.slot));
        unreserve();
    }
    return alarm_of(error);
}

int Spares::zero(const std::filesystem::path& path, File& file) {
    static const std::vector<std::byte> zeros(step_bytes);
    int error = file.try_open(path, O_RDWR | O_CREAT);
    if (error == 0) error = claim(file, limits_.segment_bytes);
    for (std::uint64_t at = 0; at < limits_.segment_bytes && error == 0; at += step_bytes) {
        const auto started = std::chrono::steady_clock::now();
        const auto bytes = std::min<std::uint64_t>(step_bytes, limits_.segment_bytes - at);
        error = file.write_at(at, std::span(zeros).first(bytes));
        if (error == 0) error = file.sync_data();
        const auto pause = zeroing_pause_factor * (std::chrono::steady_clock::now() - started);
        std::unique_lock lock(mutex_);
        if (wake_.wait_for(lock, pause, [this] { return stopping_; })) return ECANCELED;
    }
    return error;
}

std::uint64_t Spares::bytes_used() const {
    const std::lock_guard lock(mutex_);
    return bytes_used_;
}

std::size_t Spares::ready() const {
    const std::lock_guard lock(mutex_);
    return ready_.size();
}

std::uint64_t Spares::failures() const {
    const std::lock_guard lock(mutex_);
    return failures_;
}

Alarm Spares::alarm() const {
    const std::lock_guard lock(mutex_);
    return alarm_;
}

}  // namespace referral::journal

#include "platform/journal/quarantine.hpp"

#include <fcntl.h>
#include <algorithm>
#include <span>
#include <system_error>
#include <vector>

namespace referral::journal {

Quarantine::Quarantine(std::filesystem::path directory, std::uint64_t bytes_max)
    : directory_(std::move(directory)), bytes_max_(bytes_max) {
    std::filesystem::create_directories(directory_);
    for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
        if (entry.is_regular_file()) bytes_ += entry.file_size();
    }
}

void Quarantine::keep(const std::string& name, const File& file, std::uint64_t from,
                      std::uint64_t to) {
    const std::filesystem::path path = directory_ / name;
    if (bytes_ + (to - from) > bytes_max_) return;
    File copy;
    if (copy.try_open(path, O_WRONLY | O_CREAT | O_EXCL) != 0) return;

    std::vector<std::byte> chunk(std::min<std::uint64_t>(to - from, 1 << 20));
    int error = 0;
    for (std::uint64_t at = from; at < to && error == 0; at += chunk.size()) {
        chunk.resize(std::min<std::uint64_t>(to - at, chunk.size()));
        chunk.resize(file.read_at(at, chunk));
        if (chunk.empty()) break;
        error = copy.write_at(at - from, chunk);
    }
    if (error == 0) error = copy.sync_data();
    if (error == 0) {
        bytes_ += to - from;
    } else {
        std::error_code ignored;
        std::filesystem::remove(path, ignored);
    }
}

void Quarantine::count(const std::string& region, std::uint64_t records) {
    constexpr std::size_t found_max = 100'000;
    {
        const std::lock_guard lock(mutex_);
        if (found_.contains(region)) return;
        if (found_.size() < found_max) found_.insert(region);
    }
    regions_.fetch_add(1, std::memory_order_relaxed);
    records_.fetch_add(records, std::memory_order_relaxed);
}

void Quarantine::take(const std::filesystem::path& file) {
    const auto size = std::filesystem::file_size(file);
    std::filesystem::path to = directory_ / file.filename();
    for (int n = 2; std::filesystem::exists(to); ++n) {
        to = directory_ / (file.filename().string() + "." + std::to_string(n));
    }
    std::filesystem::rename(file, to);
    bytes_ += size;
}

}  // namespace referral::journal

#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <unordered_set>

#include "platform/journal/file.hpp"

namespace referral::journal {

/// Keeps copies of what is damaged, in DIR/quarantine, for people to look at. What is there is
/// never read again. Any thread.
class Quarantine {
public:
    /// Keeps at most `bytes_max` bytes, counting what is there already.
    Quarantine(std::filesystem::path directory, std::uint64_t bytes_max);

    /// Copies the bytes [from, to) of `file` to the file `name`, unless that exists or there is no
    /// room; a copy that fails is left out, for damage must not stop the reading.
    void keep(const std::string& name, const File& file, std::uint64_t from, std::uint64_t to);

    /// Moves a whole file there, room or not.
    void take(const std::filesystem::path& file);

    /// What a reader found in a region; `Stats` tells the meanings. Regions that another reader has
    /// found before count once, as long as there are not more than 100,000.
    void count(const std::string& region, std::uint64_t records);
    std::uint64_t regions() const { return regions_.load(std::memory_order_relaxed); }
    std::uint64_t records() const { return records_.load(std::memory_order_relaxed); }

private:
    const std::filesystem::path directory_;
    const std::uint64_t bytes_max_;
    std::atomic<std::uint64_t> bytes_{0};
    std::atomic<std::uint64_t> regions_{0};
    std::atomic<std::uint64_t> records_{0};
    std::mutex mutex_;
    std::unordered_set<std::string> found_;
};

}  // namespace referral::journal

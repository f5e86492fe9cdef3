#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "platform/journal/file.hpp"
#include "platform/journal/stats.hpp"

namespace referral::journal {

/// DIR/00000017.seg: the file of a segment or, with only zeros in it, a spare. Which segment it
/// holds is in its header alone, so that beginning one renames nothing.
std::filesystem::path slot_path(const std::filesystem::path& directory, std::uint32_t slot);

/// The same file while it is being zeroed: 00000017.new. It holds nothing of worth.
std::filesystem::path new_slot_path(const std::filesystem::path& directory, std::uint32_t slot);

/// Keeps files of zeros ready, made by a thread of its own, and watches over the space of all
/// segment files. Writing into a zeroed file needs no change of the file's own records, which
/// halves the time of a sync (84 µs against 173 µs for 4 KiB on ext4).
class Spares {
public:
    struct Limits {
        std::uint32_t segment_bytes;
        std::uint64_t bytes_max;
        std::uint32_t ready;  // Spares to keep.
    };

    /// What the start found in the directory.
    struct Found {
        std::vector<std::uint32_t> spares;
        std::uint32_t next_slot = 1;
        std::uint64_t bytes_used = 0;  // Of segments and spares.
    };

    /// `make_room` removes a segment that may go and answers whether there was one; it is called
    /// without locks held, by whoever needs the space.
    Spares(std::filesystem::path directory, Limits limits, Found found,
           std::function<bool()> make_room);
    ~Spares();

    Spares(const Spares&) = delete;
    Spares& operator=(const Spares&) = delete;

    /// A file of segment_bytes zeros. Alarm::none: `file` and `slot` are set. When none is ready
    /// one is made at once from unwritten blocks: slower to write to, but there.
    Alarm take(File& file, std::uint32_t& slot) noexcept;

    /// Removes a file that failed. What was written to it is gone even when removing fails.
    void discard(std::uint32_t slot, File file) noexcept;

    /// Removes a segment's file of `bytes` bytes. It is not zeroed again for the next segment: that
    /// costs what a new file costs, and old content in a new segment is a risk without a gain.
    void remove(std::uint32_t slot, std::uint64_t bytes) noexcept;

    /// Says that a segment's file has been cut by so many bytes.
    void released(std::uint64_t bytes) noexcept;

    std::uint64_t bytes_used() const;
    std::size_t ready() const;
    std::uint64_t failures() const;
    Alarm alarm() const;

private:
    struct Ready {
        File file;
        std::uint32_t slot;
    };

    void run();
    Alarm prepare(Ready& spare);
    int zero(const std::filesystem::path& path, File& file);
    Alarm reserve() noexcept;
    void unreserve() noexcept { released(limits_.segment_bytes); }

    const std::filesystem::path directory_;
    const Limits limits_;
    const std::function<bool()> make_room_;

    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<Ready> ready_;
    std::uint32_t next_slot_;
    std::uint64_t bytes_used_;
    std::uint64_t failures_ = 0;
    Alarm alarm_ = Alarm::none;
    bool stopping_ = false;
    std::thread thread_;
};

/// Which alarm an errno of a write, a sync or an open means.
Alarm alarm_of(int error) noexcept;

}  // namespace referral::journal

#include "faults/power_cut.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace referral::faults {
namespace {

constexpr std::uint64_t sector_bytes = 512;
constexpr std::uint64_t noise_behind_max = 4096;

struct Written {
    std::uint64_t order;  // Of the log's lines.
    std::uint64_t from;
    std::uint64_t to;
};

struct FileState {
    std::vector<Written> unsynced;
    std::map<std::uint64_t, std::uint64_t> begun;  // Syncs: serial → order.
};

std::map<std::uint64_t, FileState> replay(const std::filesystem::path& log) {
    std::map<std::uint64_t, FileState> files;
    std::ifstream lines(log);
    std::string line;
    for (std::uint64_t order = 0; std::getline(lines, line); ++order) {
        std::istringstream words(line);
        char kind = 0;
        std::uint64_t inode = 0, first = 0, second = 0;
        words >> kind >> inode >> first >> second;
        FileState& file = files[inode];
        switch (kind) {
            case 'n':
                file = {};
                break;
            case 'w':
                file.unsynced.push_back({order, first, first + second});
                break;
            case 'b':
                file.begun[first] = order;
                break;
            case 's':
                std::erase_if(file.unsynced, [begun = file.begun[first]](const Written& written) {
                    return written.order < begun;
                });
                break;
            default:
                break;  // A cut shows in the file's length.
        }
    }
    return files;
}

enum class Fate { stays, zero, noise };

class Cutter {
public:
    explicit Cutter(std::uint64_t seed) : random_(seed) {}

    void cut(const std::filesystem::path& path, const FileState& state) {
        const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
        struct stat found {};
        if (file < 0 || ::fstat(file, &found) != 0) return;
        const auto size = static_cast<std::uint64_t>(found.st_size);
        // One in four files loses all, one in four nothing, the others some.
        const std::uint64_t mood = random_() % 4;
        std::uint64_t behind = 0;
        for (const Written& written : state.unsynced) {
            for (std::uint64_t at = written.from; at < std::min(written.to, size);) {
                const std::uint64_t next =
                    std::min({(at / sector_bytes + 1) * sector_bytes, written.to, size});
                overwrite(file, at, next, mood == 0 ? Fate::zero : mood == 1 ? Fate::stays : any());
                at = next;
            }
            behind = std::max(behind, written.to);
        }
        const std::uint64_t noise = std::min(behind + random_() % noise_behind_max, size);
        if (mood > 1 && behind < noise && all_zero(file, behind, noise)) {
            overwrite(file, behind, noise, Fate::noise);
        }
        ::close(file);
        ++done.files;
    }

    PowerCut done;

private:
    /// Other content there was synced and is left alone.
    static bool all_zero(int file, std::uint64_t from, std::uint64_t to) {
        std::vector<char> bytes(to - from, 1);
        (void)!::pread(file, bytes.data(), bytes.size(), static_cast<off_t>(from));
        return std::all_of(bytes.begin(), bytes.end(), [](char byte) { return byte == 0; });
    }

    Fate any() { return static_cast<Fate>(random_() % 3); }

    void overwrite(int file, std::uint64_t from, std::uint64_t to, Fate fate) {
        ++done.sectors;
        if (fate == Fate::stays) return;
        ++done.lost;
        std::vector<char> bytes(to - from);
        if (fate == Fate::noise) {
            for (char& byte : bytes) byte = static_cast<char>(random_());
        }
        if (::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(from)) !=
            static_cast<ssize_t>(bytes.size())) {
            throw std::runtime_error("power_cut: a file cannot be written");
        }
    }

    std::mt19937_64 random_;
};

}  // namespace

PowerCut cut_power(const std::filesystem::path& log, const std::filesystem::path& directory,
                   std::uint64_t seed) {
    const auto files = replay(log);
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
        if (entry.is_regular_file()) paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());

    Cutter cutter(seed);
    for (const auto& path : paths) {
        struct stat found {};
        if (::stat(path.c_str(), &found) != 0) continue;
        const auto state = files.find(found.st_ino);
        if (state != files.end() && !state->second.unsynced.empty()) {
            cutter.cut(path, state->second);
        }
    }
    return cutter.done;
}

}  // namespace referral::faults

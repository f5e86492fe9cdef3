#include "platform/journal/recovery.hpp"

#include <fcntl.h>
#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>

#include "platform/journal/file.hpp"

namespace referral::journal {
namespace {

constexpr std::uint32_t window_bytes = 1 << 20;
// A spare whose first write was torn has its header missing and part of one batch behind it.
constexpr std::uint64_t looked_at_bytes = 16 << 20;

bool all_zero(std::span<const std::byte> bytes) {
    return std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{0}; });
}

/// Whether [from, to) of the file holds only zeros.
bool all_zero(const File& file, std::uint64_t from, std::uint64_t to) {
    std::vector<std::byte> window(window_bytes);
    for (std::uint64_t at = from; at < to; at += window.size()) {
        window.resize(std::min<std::uint64_t>(window_bytes, to - at));
        const std::size_t got = file.read_at(at, window);
        if (!all_zero(std::span(window).first(got))) return false;
        if (got < window.size()) break;
    }
    return true;
}

/// "00000017.seg" → 17.
std::optional<std::uint32_t> slot_of(const std::string& name) {
    std::uint32_t slot = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), slot);
    if (error != std::errc() || end != name.data() + 8) return std::nullopt;
    return slot;
}

/// Where the records of a segment end that nothing has closed: behind its last good frame.
SegmentEnd scan(const File& file, const Seal& seal, std::uint64_t file_bytes) {
    SegmentEnd end;
    end.synced = first_offset;
    std::vector<std::byte> window;
    const auto size = static_cast<std::uint32_t>(file_bytes);
    for (std::uint32_t start = first_offset, at = first_offset; start < size; start = at) {
        const std::uint32_t stop = std::min(size, start + window_bytes);
        window.resize(std::min(size - start, window_bytes + frame_bytes_max));
        window.resize(file.read_at(start, window));
        while (at < stop) {
            const auto frame = frame_at(std::span(window).subspan(at - start), seal, at);
            if (!frame) {
                const std::size_t next = find_frame(window, at - start + 8, seal, start);
                at = std::min(stop, start + static_cast<std::uint32_t>(next));
                continue;
            }
            if (frame->end) return *frame->end;
            if (frame->all_before_synced) end.synced = at;
            at += frame->bytes;
            end.end = at;
            end.records = frame->index + 1;
        }
    }
    return end;
}

/// The end that a closed segment's last frame tells.
std::optional<SegmentEnd> written_end(const File& file, const Seal& seal, std::uint64_t bytes) {
    if (bytes < first_offset + end_frame_bytes) return std::nullopt;
    const auto at = static_cast<std::uint32_t>(bytes - end_frame_bytes);
    std::array<std::byte, end_frame_bytes> last;
    if (file.read_at(at, last) != last.size()) return std::nullopt;
    const auto frame = frame_at(last, seal, at);
    return frame ? frame->end : std::nullopt;
}

/// Reads one directory; a class because the steps share what they find.
class Recovery {
public:
    Recovery(const std::filesystem::path& directory, std::uint32_t segment_bytes,
             Quarantine& quarantine)
        : directory_(directory), segment_bytes_(segment_bytes), quarantine_(quarantine) {}

    Recovered run() {
        for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
            if (entry.is_regular_file()) look_at(entry.path());
        }
        std::sort(out_.segments.begin(), out_.segments.end(),
                  [](const auto& a, const auto& b) { return a.header.id < b.header.id; });
        remove_twins();
        remove_void();
        for (std::size_t i = 0; i < out_.segments.size(); ++i) find_end(i);
        for (const auto& segment : out_.segments) out_.files.bytes_used += segment.file_bytes;
        out_.files.bytes_used += out_.files.spares.size() * segment_bytes_;
        return std::move(out_);
    }

private:
    void look_at(const std::filesystem::path& path) {
        const auto slot = slot_of(path.filename().string());
        if (!slot) return;
        out_.files.next_slot = std::max(out_.files.next_slot, *slot + 1);
        if (path.extension() == ".new") {
            std::filesystem::remove(path);
        } else if (path.extension() == ".seg") {
            look_at_slot(path, *slot);
        }
    }

    void look_at_slot(const std::filesystem::path& path, std::uint32_t slot) {
        const File file = File::open(path, O_RDONLY);
        const std::uint64_t bytes = file.size();
        std::vector<std::byte> block(first_offset);
        block.resize(file.read_at(0, block));
        if (const auto header = decode_header(block)) {
            out_.segments.push_back({*header, slot, bytes, {}});
        } else if (!all_zero(block)) {
            quarantine(path);
        } else if (!all_zero(file, first_offset, std::min(bytes, looked_at_bytes))) {
            quarantine(path);
        } else if (bytes == segment_bytes_) {
            out_.files.spares.push_back(slot);
        } else {
            std::filesystem::remove(path);
        }
    }

    void quarantine(const std::filesystem::path& path) {
        quarantine_.take(path);
        ++out_.segments_quarantined;
    }

    /// Copies made by hand: one of each segment is enough.
    void remove_twins() {
        auto& all = out_.segments;
        const auto twins =
            std::unique(all.begin(), all.end(), [this](const auto& a, const auto& b) {
                if (a.header.id != b.header.id) return false;
                quarantine(slot_path(directory_, b.slot));
                return true;
            });
        all.erase(twins, all.end());
    }

    static bool same_shard(const RecoveredSegment& a, const RecoveredSegment& b) {
        return a.header.id.node == b.header.id.node && a.header.id.epoch == b.header.id.epoch &&
               a.header.id.shard == b.header.id.shard;
    }

    /// A segment that its successor's header passes over holds only a commit that failed: whoever
    /// asked for it was told so.
    void remove_void() {
        auto& all = out_.segments;
        for (std::size_t i = all.size(); i-- > 1;) {
            const RecoveredSegment& before = all[i - 1];
            if (!same_shard(before, all[i]) ||
                before.header.id.number <= all[i].header.previous.number) {
                continue;
            }
            std::filesystem::remove(slot_path(directory_, before.slot));
            // The successor stays in place for the comparison with the one before.
            all.erase(all.begin() + static_cast<std::ptrdiff_t>(i) - 1);
        }
    }

    void find_end(std::size_t i) {
        RecoveredSegment& segment = out_.segments[i];
        const auto* next = i + 1 < out_.segments.size() ? &out_.segments[i + 1] : nullptr;
        if (next && same_shard(segment, *next) &&
            next->header.previous.number == segment.header.id.number) {
            const Predecessor& told = next->header.previous;
            segment.end = {told.end, told.records, told.end};
            return;
        }
        File file = File::open(slot_path(directory_, segment.slot), O_RDWR);
        if (const auto end = written_end(file, segment.header.seal, segment.file_bytes)) {
            segment.end = *end;
            return;
        }
        segment.end = scan(file, segment.header.seal, segment.file_bytes);
        close(segment, file);
    }

    /// Cuts what stands behind the last record and writes the frame that says so.
    void close(RecoveredSegment& segment, File& file) {
        const std::uint32_t end = segment.end.end;
        std::array<std::byte, end_frame_bytes> last;
        write_end_frame(last.data(), segment.header.seal, segment.end);
        std::array<std::byte, end_frame_bytes> found{};
        const bool has_end_frame = file.read_at(end, found) == found.size() && found == last;
        const std::uint64_t tail = end + (has_end_frame ? end_frame_bytes : 0);
        if (!all_zero(file, tail, segment.file_bytes)) {
            ++out_.tails_cut;
            quarantine_.keep(to_text(segment.header.id) + "-" + std::to_string(tail) + ".tail",
                             file, tail, segment.file_bytes);
        }
        // When the disk refuses, the next start finds the same end again.
        if (file.truncate(end) != 0) return;
        segment.file_bytes = end;
        if (file.write_at(end, last) == 0 && file.sync_data() == 0) {
            segment.file_bytes = end + end_frame_bytes;
        }
    }

    const std::filesystem::path& directory_;
    const std::uint32_t segment_bytes_;
    Quarantine& quarantine_;
    Recovered out_;
};

}  // namespace

Recovered recover(const std::filesystem::path& directory, std::uint32_t segment_bytes,
                  Quarantine& quarantine) {
    return Recovery(directory, segment_bytes, quarantine).run();
}

}  // namespace referral::journal

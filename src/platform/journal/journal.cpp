#include "platform/journal/journal.hpp"

#include <deque>
#include <stdexcept>

#include "base/check.hpp"
#include "platform/journal/identity.hpp"
#include "platform/journal/segments.hpp"

namespace referral::journal {
namespace {

constexpr std::uint32_t segment_bytes_min = 128u << 10;
constexpr std::uint32_t segment_bytes_max = 1u << 30;
constexpr std::uint32_t shards_max = 64;
constexpr std::uint32_t spares_max = 16;

void require(bool holds, const char* message) {
    if (!holds) throw std::invalid_argument(std::string("journal: ") + message);
}

Settings checked(Settings settings) {
    const std::uint32_t size = settings.segment_bytes;
    require(!settings.directory.empty(), "directory is missing");
    require(settings.clock != nullptr, "clock is missing");
    require(settings.shards >= 1 && settings.shards <= shards_max, "shards must be 1 to 64");
    require(size >= segment_bytes_min && size <= segment_bytes_max && size % 4096 == 0,
            "segment_bytes must be 128 KiB to 1 GiB and a multiple of 4 KiB");
    require(settings.spares <= spares_max, "spares must be 0 to 16");
    require(settings.bytes_max >= std::uint64_t{size} * settings.shards,
            "bytes_max must hold a segment for each shard");
    const std::uint32_t room = size - first_offset - end_frame_bytes;
    settings.batch_bytes_max = std::clamp(settings.batch_bytes_max, frame_bytes_max, room);
    return settings;
}

}  // namespace

const char* to_text(Alarm alarm) {
    switch (alarm) {
        case Alarm::none:
            return "none";
        case Alarm::full:
            return "full";
        case Alarm::disk_full:
            return "disk_full";
        case Alarm::broken:
            return "broken";
    }
    return "";
}

struct Journal::Parts {
    explicit Parts(Settings given)
        : settings(checked(std::move(given))),
          identity(settings.directory),
          segments(settings, identity) {
        for (std::uint32_t shard = 0; shard < settings.shards; ++shard) {
            writers.emplace_back(settings, segments, shard);
        }
    }

    const Settings settings;
    Identity identity;
    Segments segments;
    std::deque<Writer> writers;
};

Journal::Journal(Settings settings) : parts_(std::make_unique<Parts>(std::move(settings))) {}

Journal::~Journal() = default;

std::uint64_t Journal::node() const { return parts_->segments.node(); }

std::uint32_t Journal::epoch() const { return parts_->segments.epoch(); }

Writer& Journal::writer(std::uint32_t shard) {
    CHECK(shard < parts_->writers.size());
    return parts_->writers[shard];
}

std::vector<SegmentInfo> Journal::segments() const { return parts_->segments.list(); }

std::optional<Reader> Journal::reader(const Position& from) {
    if (!parts_->segments.extent(from.segment)) return std::nullopt;
    return std::optional<Reader>(std::in_place, parts_->segments, from.segment, from.offset);
}

bool Journal::loaded(const Position& end, Instant loaded_at) {
    return parts_->segments.loaded(end, loaded_at);
}

void Journal::not_loaded(const SegmentId& segment) { parts_->segments.not_loaded(segment); }

std::size_t Journal::sweep(Instant now) { return parts_->segments.sweep(now); }

Stats Journal::stats() const {
    Stats result = parts_->segments.stats();
    for (const Writer& writer : parts_->writers) {
        result.alarm = std::max(result.alarm, writer.stats().alarm);
    }
    return result;
}

WriterStats Journal::writer_stats(std::uint32_t shard) const {
    CHECK(shard < parts_->writers.size());
    return parts_->writers[shard].stats();
}

}  // namespace referral::journal

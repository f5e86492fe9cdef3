#include "platform/journal/segments.hpp"

#include <fcntl.h>
#include <iterator>

#include "base/check.hpp"
#include "platform/journal/recovery.hpp"

namespace referral::journal {
namespace {

constexpr std::uint64_t quarantined_segments_max = 4;

}  // namespace

Segments::Segments(const Settings& settings, Identity& identity)
    : settings_(settings),
      node_(identity.node()),
      quarantine_(settings.directory / "quarantine",
                  quarantined_segments_max * settings.segment_bytes),
      durable_(settings.shards),
      spares_(settings.directory, {settings.segment_bytes, settings.bytes_max, settings.spares},
              recover(identity), [this] { return make_room(); }) {}

Spares::Found Segments::recover(Identity& identity) {
    Recovered found = journal::recover(settings_.directory, settings_.segment_bytes, quarantine_);
    std::uint32_t seen = 0;
    for (const RecoveredSegment& segment : found.segments) {
        if (segment.header.id.node == node_) seen = std::max(seen, segment.header.id.epoch);
        table_.emplace(segment.header.id, Entry{.header = segment.header,
                                                .slot = segment.slot,
                                                .file_bytes = segment.file_bytes,
                                                .extent = {segment.end, true},
                                                .loaded_at = std::nullopt});
    }
    tails_cut_ = found.tails_cut;
    segments_quarantined_ = found.segments_quarantined;
    identity.begin_epoch(seen);
    epoch_ = identity.epoch();
    return std::move(found.files);
}

void Segments::begun(const SegmentHeader& header, std::uint32_t slot) {
    const std::lock_guard lock(mutex_);
    table_.emplace(header.id, Entry{.header = header,
                                    .slot = slot,
                                    .file_bytes = settings_.segment_bytes,
                                    .extent = {},
                                    .loaded_at = std::nullopt});
}

void Segments::close(const SegmentId& id, const SegmentEnd& end,
                     std::uint64_t file_bytes) noexcept {
    const std::lock_guard lock(mutex_);
    const auto found = table_.find(id);
    CHECK(found != table_.end() && !found->second.extent.closed);
    found->second.extent = {end, true};
    spares_.released(found->second.file_bytes - file_bytes);
    found->second.file_bytes = file_bytes;
}

Position Segments::durable(std::uint32_t shard) const noexcept {
    const std::uint64_t value = durable_[shard].load(std::memory_order_acquire);
    return {{node_, epoch_, shard, static_cast<std::uint32_t>(value >> 32)},
            static_cast<std::uint32_t>(value)};
}

Extent Segments::extent_of(const Entry& entry) const {
    if (entry.extent.closed) return entry.extent;
    const SegmentId& id = entry.header.id;
    const Position at = durable(id.shard);
    const std::uint32_t end = at.segment.number == id.number ? at.offset : first_offset;
    return {{.end = end, .records = 0, .synced = end}, false};
}

std::optional<Segments::Opened> Segments::open(const SegmentId& id) const {
    const std::lock_guard lock(mutex_);
    const auto found = table_.find(id);
    if (found == table_.end()) return std::nullopt;
    const Entry& entry = found->second;
    return Opened{File::open(slot_path(settings_.directory, entry.slot), O_RDONLY), entry.header};
}

std::optional<Extent> Segments::extent(const SegmentId& id) const {
    const std::lock_guard lock(mutex_);
    const auto found = table_.find(id);
    if (found == table_.end()) return std::nullopt;
    return extent_of(found->second);
}

std::vector<SegmentInfo> Segments::list() const {
    std::vector<SegmentInfo> result;
    const std::lock_guard lock(mutex_);
    result.reserve(table_.size());
    for (const auto& [id, entry] : table_) {
        const Extent extent = extent_of(entry);
        result.push_back({.id = id,
                          .created_at = entry.header.created_at,
                          .first_sequence = entry.header.first_sequence,
                          .end = extent.end.end,
                          .closed = extent.closed,
                          .loaded_at = entry.loaded_at});
    }
    return result;
}

bool Segments::loaded(const Position& end, Instant loaded_at) {
    const std::lock_guard lock(mutex_);
    const auto found = table_.find(end.segment);
    if (found == table_.end()) return false;
    const Extent& extent = found->second.extent;
    if (!extent.closed || end.offset < extent.end.end) return false;
    found->second.loaded_at = loaded_at;
    return true;
}

void Segments::not_loaded(const SegmentId& id) {
    const std::lock_guard lock(mutex_);
    if (const auto found = table_.find(id); found != table_.end()) {
        found->second.loaded_at = std::nullopt;
    }
}

/// The header of a segment tells how the one before ended, so a shard loses its oldest first.
bool Segments::removable(const Table& table, Table::const_iterator entry) {
    if (!entry->second.loaded_at) return false;
    if (entry == table.begin()) return true;
    const SegmentId& id = entry->first;
    const SegmentId& before = std::prev(entry)->first;
    return before.node != id.node || before.epoch != id.epoch || before.shard != id.shard;
}

std::size_t Segments::sweep(Instant now) {
    std::size_t removed = 0;
    const std::lock_guard lock(mutex_);
    for (auto at = table_.begin(); at != table_.end();) {
        if (removable(table_, at) && now - *at->second.loaded_at >= settings_.kept_after_loading) {
            spares_.remove(at->second.slot, at->second.file_bytes);
            at = table_.erase(at);
            ++removed;
        } else {
            ++at;
        }
    }
    return removed;
}

bool Segments::make_room() {
    const std::lock_guard lock(mutex_);
    auto oldest = table_.end();
    for (auto at = table_.begin(); at != table_.end(); ++at) {
        if (removable(table_, at) &&
            (oldest == table_.end() || *at->second.loaded_at < *oldest->second.loaded_at)) {
            oldest = at;
        }
    }
    if (oldest == table_.end()) return false;
    spares_.remove(oldest->second.slot, oldest->second.file_bytes);
    table_.erase(oldest);
    return true;
}

Stats Segments::stats() const {
    Stats result{.bytes_used = spares_.bytes_used(),
                 .bytes_max = settings_.bytes_max,
                 .spares = spares_.ready(),
                 .quarantined_records = quarantine_.records(),
                 .quarantined_regions = quarantine_.regions(),
                 .segments_quarantined = segments_quarantined_,
                 .tails_cut = tails_cut_,
                 .preparer_failures = spares_.failures(),
                 .alarm = spares_.alarm()};
    const std::lock_guard lock(mutex_);
    result.segments = table_.size();
    for (const auto& [id, entry] : table_) result.segments_unloaded += entry.loaded_at ? 0 : 1;
    return result;
}

}  // namespace referral::journal

#include "platform/journal/reader.hpp"

#include <algorithm>
#include <stdexcept>

#include "platform/journal/segments.hpp"

namespace referral::journal {

Reader::Reader(Segments& segments, const SegmentId& id, std::uint32_t offset)
    : segments_(&segments), id_(id), offset_(std::max(offset, first_offset)), at_(offset_) {
    auto opened = segments.open(id);
    if (!opened) throw std::out_of_range("no journal segment " + to_text(id));
    file_ = std::move(opened->file);
    seal_ = opened->header.seal;
    first_sequence_ = opened->header.first_sequence;
    if (at_ == first_offset) next_index_ = 0;
}

std::span<const Record> Reader::read(std::size_t bytes_max) {
    records_.clear();
    // A closed segment that is removed meanwhile stays readable: its file is open.
    if (!extent_.closed) extent_ = segments_->extent(id_).value_or(extent_);
    const std::uint32_t end = extent_.end.end;
    const auto most = static_cast<std::uint32_t>(std::clamp<std::size_t>(bytes_max, 8, 1u << 30));
    while (records_.empty() && at_ < end) {
        // Frames begin before `stop` and may reach behind it.
        const std::uint32_t stop = at_ + std::min(end - at_, (most + 7) & ~7u);
        window_.resize(std::min<std::size_t>(end - at_, stop - at_ + frame_bytes_max));
        const std::size_t got = file_.read_at(at_, window_);
        // A file shorter than its end is damaged like one with zeros there.
        std::fill(window_.begin() + static_cast<std::ptrdiff_t>(got), window_.end(), std::byte{0});
        parse(stop);
    }
    return records_;
}

void Reader::parse(std::uint32_t stop) {
    const std::uint32_t start = at_;
    const std::span<const std::byte> window(window_);
    while (at_ < stop) {
        const auto frame = frame_at(window.subspan(at_ - start), seal_, at_);
        if (frame && fits(*frame)) {
            if (offset_ < at_) skip_damage(at_, frame->index);
            take(*frame);
        } else {
            const std::size_t next = find_frame(window, at_ - start + 8, seal_, start);
            at_ = std::min(stop, start + static_cast<std::uint32_t>(next));
        }
    }
    if (extent_.closed && at_ >= extent_.end.end && offset_ < at_) {
        skip_damage(extent_.end.end, extent_.end.records);
    }
}

bool Reader::fits(const Frame& frame) const {
    if (frame.end) return false;
    if (!next_index_) return true;
    const std::uint32_t lost_max = (at_ - offset_) / frame_bytes(1);
    return frame.index >= *next_index_ && frame.index - *next_index_ <= lost_max;
}

void Reader::take(const Frame& frame) {
    records_.push_back({first_sequence_ + frame.index, at_, frame.payload});
    next_index_ = frame.index + 1;
    at_ += frame.bytes;
    offset_ = at_;
}

void Reader::skip_damage(std::uint32_t to, std::uint32_t next_index) {
    // What was torn by a power cut before it was synced is no loss: nobody relied on it.
    if (offset_ < extent_.end.synced) {
        const std::uint32_t lost =
            next_index_ ? std::max(next_index, *next_index_) - *next_index_ : 1;
        quarantined_ += lost;
        const std::string region = to_text(id_) + "-" + std::to_string(offset_);
        segments_->quarantine().count(region, lost);
        segments_->quarantine().keep(region + ".bad", file_, offset_, to);
    }
    next_index_ = next_index;
    offset_ = to;
}

bool Reader::finished() const { return extent_.closed && offset_ >= extent_.end.end; }

}  // namespace referral::journal

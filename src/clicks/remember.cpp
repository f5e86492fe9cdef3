#include <algorithm>

#include "clicks/capture.hpp"

namespace referral::clicks {

namespace {

constexpr std::size_t remembered_at_once = std::size_t{4} << 20;

/// Puts in one segment's unique clicks not older than `since`; gives how many.
std::size_t remember_segment(Duplicates& duplicates, journal::Reader& reader, Instant since,
                             Instant now) {
    std::size_t remembered = 0;
    for (;;) {
        const auto records = reader.read(remembered_at_once);
        if (records.empty()) return remembered;
        for (const journal::Record& bytes : records) {
            const auto record = decode(bytes.payload);
            if (!record || record->click_class != Class::human || record->clicked_at < since)
                continue;
            duplicates.remember(record->visitor, record->link_id, record->clicked_at, now);
            // Who was known by the hash may come without the cookie once more.
            if (record->flags & ClickFlags::new_cookie)
                duplicates.remember(record->fingerprint, record->link_id, record->clicked_at, now);
            ++remembered;
        }
    }
}

}  // namespace

std::size_t remember_clicks(Duplicates& duplicates, journal::Journal& journal, Instant now,
                            std::chrono::seconds longest) {
    duplicates.expect_windows(longest);
    const Instant since = now - std::min(longest, Duplicates::window_max);
    const std::vector<journal::SegmentInfo> segments = journal.segments();
    std::size_t remembered = 0;
    for (const journal::SegmentInfo& segment : segments) {
        // A segment's records are older than its successor of the same shard, if there is one.
        const bool is_past = std::ranges::any_of(segments, [&](const journal::SegmentInfo& other) {
            return other.id.node == segment.id.node && other.id.shard == segment.id.shard &&
                   std::tie(other.id.epoch, other.id.number) >
                       std::tie(segment.id.epoch, segment.id.number) &&
                   other.created_at < since - std::chrono::minutes(1);
        });
        if (is_past) continue;
        if (auto reader = journal.reader({segment.id, 0}))
            remembered += remember_segment(duplicates, *reader, since, now);
    }
    return remembered;
}

}  // namespace referral::clicks

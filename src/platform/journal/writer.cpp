#include "platform/journal/writer.hpp"

#include <algorithm>
#include <cstring>

#include "platform/journal/identity.hpp"
#include "platform/journal/segments.hpp"
#include "platform/journal/settings.hpp"

namespace referral::journal {
namespace {

constexpr std::chrono::milliseconds retry_pause_min{50};
constexpr std::chrono::milliseconds retry_pause_max{1000};

Seal random_seal() {
    const std::uint64_t bits = random_bits();
    return {static_cast<std::uint32_t>(bits) | 1, static_cast<std::uint32_t>(bits >> 32)};
}

}  // namespace

Writer::Writer(const Settings& settings, Segments& segments, std::uint32_t shard)
    : settings_(settings),
      segments_(segments),
      shard_(shard),
      buffer_(settings.batch_bytes_max),
      id_{segments.node(), segments.epoch(), shard, 0},
      header_block_(first_offset) {}

Writer::~Writer() {
    used_ = answered_;
    batch_records_ = 0;
    if (answered_ > 0) (void)store_answered();
    if (file_.is_open()) finish_segment();
}

std::optional<std::uint64_t> Writer::append(std::span<const std::byte> payload) noexcept {
    if (payload.empty() || payload.size() > record_bytes_max) return std::nullopt;
    const std::uint32_t bytes = frame_bytes(static_cast<std::uint32_t>(payload.size()));
    if (buffer_.size() - used_ < bytes) return std::nullopt;
    if (used_ == 0) first_sequence_ = next_sequence_;
    fill_frame(buffer_.data() + used_, payload);
    used_ += bytes;
    ++batch_records_;
    return next_sequence_++;
}

bool Writer::commit() noexcept {
    if (batch_records_ == 0) return true;
    const auto start = settings_.steady_clock();
    if (start < retry_at_) return refuse();
    const bool sync = settings_.durability == Durability::strict ||
                      start - synced_at_ >= settings_.sync_interval || used_ > buffer_.size() / 2;
    if (!store_all(sync)) {
        fail();
        return refuse();
    }
    if (used_ == 0) {
        synced_at_ = start;
        took(settings_.steady_clock() - start);
    }
    answered_ = used_;
    answered_records_ += batch_records_;
    batch_records_ = 0;
    counters_.unsynced.set(answered_records_);
    return true;
}

bool Writer::sync_if_due(std::chrono::steady_clock::time_point now) noexcept {
    if (answered_ == 0 || now - synced_at_ < settings_.sync_interval) return true;
    if (now < retry_at_) return false;
    const auto start = settings_.steady_clock();
    if (!store_answered()) {
        fail();
        return false;
    }
    synced_at_ = now;
    took(settings_.steady_clock() - start);
    return true;
}

bool Writer::store_all(bool sync) noexcept {
    if (answered_ > in_file_ && !store_answered()) return false;
    return used_ == 0 || store(used_, sync);
}

/// Makes durable what was answered before. When its segment failed it goes to one of its own, for
/// the records dropped since then would leave a gap there.
bool Writer::store_answered() noexcept {
    const bool homeless = answered_ > in_file_;
    if (!store(answered_, true)) return false;
    if (homeless) finish_segment();
    return true;
}

/// Gets the first `bytes` of the buffer into the current segment or, when that is full or fails,
/// into a fresh one. False: they are in none, and no segment is open.
bool Writer::store(std::size_t bytes, bool sync) noexcept {
    if (file_.is_open()) {
        int error = 0;
        if (end_ + bytes + end_frame_bytes <= settings_.segment_bytes) {
            error = write_to_segment(bytes, sync);
            if (error == 0) return true;
        } else if (in_file_ > 0) {
            // What is written here already is synced here.
            const std::size_t written = in_file_;
            error = write_to_segment(written, true);
            if (error == 0) bytes -= written;
        }
        if (error != 0) {
            counters_.failures.add(1);
            raise(alarm_of(error));
            in_file_ = 0;
            if (begin_segment(bytes)) return true;
            abandon_segment();
            return false;
        }
    }
    if (bytes == 0 || begin_segment(bytes)) return true;
    // The records dropped now would leave a gap in the current segment.
    if (file_.is_open()) close_segment(settings_.segment_bytes);
    return false;
}

/// 0 or errno; after a failure the file must not be written or synced again.
int Writer::write_to_segment(std::size_t bytes, bool sync) noexcept {
    if (bytes > in_file_) {
        const std::uint32_t before = in_file_ == 0 ? 0 : answered_records_;
        const auto at = end_ + static_cast<std::uint32_t>(in_file_);
        seal(seal_, in_file_, bytes, {at, records_ + before, in_file_ == 0});
        const int error =
            file_.write_at(at, std::span(buffer_).subspan(in_file_, bytes - in_file_));
        if (error != 0) return error;
        in_file_ = bytes;
    }
    if (!sync) return 0;
    if (const int error = file_.sync_data()) return error;
    settle(bytes);
    return 0;
}

/// Header and records go out in one write and become durable by one sync, so that changing the
/// segment costs no more than a commit.
bool Writer::begin_segment(std::size_t bytes) noexcept {
    File fresh;
    std::uint32_t slot = 0;
    if (const Alarm alarm = segments_.take(fresh, slot); alarm != Alarm::none) {
        raise(alarm);
        return false;
    }
    SegmentId id = id_;
    id.number = ++attempts_;
    const SegmentHeader header{.id = id,
                               .seal = random_seal(),
                               .created_at = settings_.clock(),
                               .first_sequence = first_sequence_,
                               .previous = predecessor()};
    encode(header, std::span<std::byte, first_offset>(header_block_));
    seal(header.seal, 0, bytes, {first_offset, 0, true});
    int error = fresh.write_at(0, header_block_, std::span(buffer_).first(bytes));
    if (error == 0) error = fresh.sync_data();
    if (error != 0) {
        counters_.failures.add(1);
        raise(alarm_of(error));
        segments_.discard(slot, std::move(fresh));
        return false;
    }
    if (file_.is_open()) close_segment(settings_.segment_bytes);
    segments_.begun(header, slot);
    file_ = std::move(fresh);
    id_ = id;
    seal_ = header.seal;
    end_ = first_offset;
    records_ = 0;
    settle(bytes);
    return true;
}

void Writer::seal(const Seal& seal, std::size_t from, std::size_t to, FramePlace place) noexcept {
    for (std::size_t at = from; at < to; place.all_before_synced = false) {
        const std::uint32_t bytes = seal_frame(buffer_.data() + at, seal, place);
        at += bytes;
        place.offset += bytes;
        ++place.index;
    }
}

/// The first `bytes` of the buffer, all that was answered or all there is, are durable.
void Writer::settle(std::size_t bytes) noexcept {
    const bool all = bytes == used_;
    const std::uint32_t records = answered_records_ + (all ? batch_records_ : 0);
    end_ += static_cast<std::uint32_t>(bytes);
    records_ += records;
    segments_.publish(shard_, id_.number, end_);

    std::memmove(buffer_.data(), buffer_.data() + bytes, used_ - bytes);
    used_ -= bytes;
    in_file_ = answered_ = 0;
    answered_records_ = 0;
    if (all) batch_records_ = 0;
    first_sequence_ = next_sequence_ - batch_records_;

    pause_ = std::chrono::milliseconds(0);
    counters_.records.add(records);
    counters_.bytes.add(bytes);
    counters_.commits.add(1);
    counters_.unsynced.set(0);
    counters_.alarm.store(Alarm::none, std::memory_order_relaxed);
}

/// After a failure that no fresh segment could help: nothing that was not answered may be found in
/// the failed one, even if the process ends before a later header tells its end. Cutting the file
/// needs neither space nor a sync of its content.
void Writer::abandon_segment() noexcept {
    const std::uint64_t keep = end_ + answered_;
    close_segment(file_.truncate(keep) == 0 ? keep : settings_.segment_bytes);
}

void Writer::close_segment(std::uint64_t file_bytes) noexcept {
    last_ = {id_.number, end_, records_};
    segments_.close(id_, {.end = end_, .records = records_, .synced = end_}, file_bytes);
    file_.close();
}

/// Closes a segment in good order: the file ends with its records and says so.
void Writer::finish_segment() noexcept {
    std::array<std::byte, end_frame_bytes> last;
    write_end_frame(last.data(), seal_, {.end = end_, .records = records_, .synced = end_});
    const std::uint32_t bytes = end_ + end_frame_bytes;
    const bool finished = file_.write_at(end_, last) == 0 && file_.truncate(bytes) == 0;
    if (finished) (void)file_.sync_data();
    close_segment(finished ? bytes : settings_.segment_bytes);
}

Predecessor Writer::predecessor() const noexcept {
    return file_.is_open() ? Predecessor{id_.number, end_, records_} : last_;
}

bool Writer::refuse() noexcept {
    counters_.commits_refused.add(1);
    counters_.dropped.add(batch_records_);
    counters_.unsynced.set(answered_records_);
    used_ = answered_;
    batch_records_ = 0;
    return false;
}

/// The pause before the next attempt: a full disk is not hammered.
void Writer::fail() noexcept {
    pause_ = std::clamp(pause_ * 2, retry_pause_min, retry_pause_max);
    retry_at_ = settings_.steady_clock() + pause_;
}

void Writer::raise(Alarm alarm) noexcept {
    counters_.alarm.store(alarm, std::memory_order_relaxed);
}

void Writer::took(std::chrono::steady_clock::duration time) noexcept {
    const auto us = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(time).count());
    const auto bucket =
        std::lower_bound(commit_time_bounds_us.begin(), commit_time_bounds_us.end(), us) -
        commit_time_bounds_us.begin();
    counters_.commit_times[static_cast<std::size_t>(bucket)].add(1);
    counters_.commit_us.add(us);
}

Position Writer::durable_position() const noexcept { return segments_.durable(shard_); }

WriterStats Writer::stats() const noexcept {
    WriterStats result{.records = counters_.records.get(),
                       .bytes = counters_.bytes.get(),
                       .commits = counters_.commits.get(),
                       .failures = counters_.failures.get(),
                       .commits_refused = counters_.commits_refused.get(),
                       .dropped = counters_.dropped.get(),
                       .unsynced = counters_.unsynced.get(),
                       .commit_us = counters_.commit_us.get(),
                       .alarm = counters_.alarm.load(std::memory_order_relaxed)};
    for (std::size_t i = 0; i < result.commit_times.size(); ++i) {
        result.commit_times[i] = counters_.commit_times[i].get();
    }
    return result;
}

}  // namespace referral::journal

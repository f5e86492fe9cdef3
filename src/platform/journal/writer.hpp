#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "platform/journal/counters.hpp"
#include "platform/journal/file.hpp"
#include "platform/journal/format.hpp"
#include "platform/journal/position.hpp"
#include "platform/journal/stats.hpp"

namespace referral::journal {

class Segments;
struct Settings;

/// Appends the records of one shard. One thread calls append, commit and sync_if_due; the rest may
/// be called from any thread. It blocks on the disk and on nothing else, and never throws.
///
/// A batch is what was appended since the last commit. It becomes durable whole or, when commit
/// answers false, is dropped whole.
class Writer {
public:
    Writer(const Settings& settings, Segments& segments, std::uint32_t shard);

    /// Closes the segment where its durable records end; an open batch is dropped.
    ~Writer();

    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    /// Takes a copy of `payload` (1 to record_bytes_max bytes) into the batch. Gives its sequence
    /// number, which no other record of this epoch and shard gets; or nothing when it is empty,
    /// too long, or the batch is full and must be committed first. Does not touch the disk or the
    /// heap.
    std::optional<std::uint64_t> append(std::span<const std::byte> payload) noexcept;

    /// Strict: returns true once the whole batch is durable. Relaxed: returns true once it is
    /// written, and syncs when a sync is due. False: the batch is dropped, and its records are
    /// never read later; the caller must act as if append had not been called. After a failure it
    /// refuses at once until a pause of 50 ms, doubling to 1 s, has passed. Nothing appended: true.
    bool commit() noexcept;

    /// Relaxed: makes durable what is written, when the last sync is `sync_interval` or more before
    /// `now`; to be called at least that often while records are unsynced. False when that failed;
    /// the records then stay in memory and are tried again by the next call or commit. Strict:
    /// true.
    bool sync_if_due(std::chrono::steady_clock::time_point now) noexcept;

    /// Records in the open batch.
    std::uint32_t batch_records() const noexcept { return batch_records_; }

    /// What is durable so far; readers see nothing behind it. Its number is 0 before the first
    /// commit. Any thread.
    Position durable_position() const noexcept;

    /// Any thread.
    WriterStats stats() const noexcept;

private:
    bool store_all(bool sync) noexcept;
    bool store_answered() noexcept;
    bool store(std::size_t bytes, bool sync) noexcept;
    int write_to_segment(std::size_t bytes, bool sync) noexcept;
    bool begin_segment(std::size_t bytes) noexcept;
    void seal(const Seal& seal, std::size_t from, std::size_t to, FramePlace place) noexcept;
    void settle(std::size_t bytes) noexcept;
    void abandon_segment() noexcept;
    void close_segment(std::uint64_t file_bytes) noexcept;
    void finish_segment() noexcept;
    bool refuse() noexcept;
    void fail() noexcept;
    void raise(Alarm alarm) noexcept;
    void took(std::chrono::steady_clock::duration time) noexcept;
    Predecessor predecessor() const noexcept;

    const Settings& settings_;
    Segments& segments_;
    const std::uint32_t shard_;

    // The buffer holds, in this order: frames answered but not durable (relaxed only), of which the
    // first `in_file_` bytes are in the current segment; then the open batch, up to `used_`.
    std::vector<std::byte> buffer_;
    std::size_t in_file_ = 0;  // 0 or answered_ between calls.
    std::size_t answered_ = 0;
    std::size_t used_ = 0;
    std::uint32_t answered_records_ = 0;
    std::uint32_t batch_records_ = 0;
    std::uint64_t first_sequence_ = 0;  // Of the buffer's first record.
    std::uint64_t next_sequence_ = 0;

    // The current segment; none while `file_` is closed. Its durable records end at `end_`, where
    // the buffer's first byte belongs.
    File file_;
    SegmentId id_;
    std::uint32_t attempts_ = 0;  // The number given last, to a segment or to a failed attempt.
    Seal seal_;
    std::uint32_t end_ = first_offset;
    std::uint32_t records_ = 0;
    Predecessor last_;  // The segment before; what the next header tells when `file_` is closed.

    std::vector<std::byte> header_block_;
    std::chrono::steady_clock::time_point synced_at_{};
    std::chrono::steady_clock::time_point retry_at_{};
    std::chrono::milliseconds pause_{0};
    Counters counters_;
};

}  // namespace referral::journal

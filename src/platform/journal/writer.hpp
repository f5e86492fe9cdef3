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
    /// the records then stay in memory and are tried again by the next call or commit. Strict: true.
    bool sync_if_due(std::chrono::steady_clock::time_point now) noexcept;

    /// Records in the open batch.
    std::size_t batch_records() const noexcept { return batch_records_; }

    /// What is durable so far; readers see nothing behind it. Its number is 0 before the first
    /// commit. Any thread.
    Position durable_position() const noexcept;

    /// Any thread.
    WriterStats stats() const noexcept;

private:
    bool store(std::size_t bytes, bool sync) noexcept;
    bool append_to_segment(std::size_t bytes, bool sync) noexcept;
    bool begin_segment(std::size_t bytes) noexcept;
    void settle(std::size_t bytes) noexcept;
    void seal(std::size_t from, std::size_t to) noexcept;
    void close_segment() noexcept;
    void abandon_segment() noexcept;
    bool refuse() noexcept;
    void fail(std::chrono::steady_clock::time_point now) noexcept;
    void failed(int error) noexcept;
    void took(std::chrono::steady_clock::duration time) noexcept;

    const Settings& settings_;
    Segments& segments_;
    const std::uint32_t shard_;

    // The buffer holds, in this order: frames answered but not durable (relaxed only), of which the
    // first `in_file_` bytes are in the current segment; then the open batch.
    std::vector<std::byte> buffer_;
    std::size_t used_ = 0;
    std::size_t answered_ = 0;
    std::size_t in_file_ = 0;
    std::size_t answered_records_ = 0;
    std::size_t batch_records_ = 0;
    std::uint64_t next_sequence_ = 0;

    // The current segment; none while `file_` is closed. Its durable records end at `end_`, where
    // the buffer's first byte belongs.
    File file_;
    SegmentHeader header_;
    std::uint32_t slot_ = 0;
    std::uint32_t end_ = first_offset;
    std::uint32_t records_ = 0;
    bool failed_ = false;  // A write or sync of `file_` failed: it is never synced again.

    // What the next segment's header says of the one before.
    std::uint32_t last_number_ = 0;
    Predecessor last_;

    std::vector<std::byte> header_bytes_;
    std::chrono::steady_clock::time_point last_sync_{};
    std::chrono::steady_clock::time_point retry_at_{};
    std::chrono::milliseconds pause_{0};
    Counters counters_;
};

}  // namespace referral::journal

#pragma once

/// The click path: from a request for /r/{code} to its answer and its record in the journal. No
/// lock, no allocation after a warm-up, no I/O but the journal's commit.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clicks/answers.hpp"
#include "clicks/click_id.hpp"
#include "clicks/duplicates.hpp"
#include "clicks/record.hpp"
#include "clicks/visitor.hpp"
#include "platform/http/server.hpp"
#include "platform/journal/counters.hpp"
#include "platform/journal/journal.hpp"

namespace referral::clicks {

/// What a click path counted since the start.
struct CaptureStats {
    std::array<std::uint64_t, class_number_max + 1> by_class{};  // Recorded, by Class's number.
    std::uint64_t unrecorded = 0;  // Answered without record and click id.
};

/// Answers and records the clicks of one click loop, in a shard of the journal of its own.
///
/// Every request for a link is recorded with its class, but for views of a password form, which are
/// no clicks yet. HEAD is answered as GET is, click id and all, and recorded `non_get`; other
/// methods get 405. Only a unique click of somebody without cookie is answered with a new cookie:
/// a duplicate without cookie stays known by its hash until its window is over.
class Capture final : public http::ClickPath {
public:
    /// Takes `shard` of the journal for itself. `duplicates` and `salts` are shared by all loops.
    Capture(const CaptureParts& parts, Duplicates& duplicates, Salts& salts,
            journal::Journal& journal, std::uint32_t shard);

    bool takes(std::string_view path) const noexcept override { return Answers::takes(path); }
    http::ClickAnswer answer(const http::Request& request, std::string& out) noexcept override;
    bool commit() noexcept override;
    void uncommitted(std::size_t answers) noexcept override;
    void sync_if_due() noexcept override;

    /// Any thread.
    CaptureStats stats() const noexcept;

private:
    /// What is undone when the batch's commit fails.
    struct Claimed {
        DuplicateKey key;
        Instant at{};
        links::VisitCount* visits = nullptr;  // Instead of the key.
    };
    static constexpr std::size_t claimed_max = 16'384;
    static constexpr std::size_t claims_per_click_max = 4;

    void judge(const http::Request& request, const links::Entry& link,
               ClickRecord& record) noexcept;
    bool is_first(const links::Entry& link, ClickRecord& record) noexcept;
    bool claim(const Visitor& visitor, const ClickRecord& record,
               std::chrono::seconds window) noexcept;
    void undo_claims(std::size_t from, std::size_t to) noexcept;
    Visitor new_visitor() noexcept;
    const DaySalts& salts_at(Instant now) noexcept;
    bool append(const ClickRecord& record) noexcept;
    bool store(std::size_t claims_kept) noexcept;

    Answers answers_;
    Duplicates& duplicates_;
    Duplicates::Reader duplicates_reader_;
    Salts& all_salts_;
    DaySalts salts_;
    journal::Writer& writer_;
    std::chrono::steady_clock::time_point (*steady_clock_)() noexcept;
    ClickIds ids_;

    std::vector<Claimed> claimed_;    // Of the open batch; never grows over claimed_max.
    std::size_t claimed_before_ = 0;  // The click in hand.
    std::array<std::uint32_t, class_number_max + 1> batch_by_class_{};
    bool stored_all_ = true;  // False: a part of this iteration's batch was lost already.

    std::array<std::uint8_t, 4096> random_{};
    std::size_t random_used_ = sizeof random_;

    std::array<journal::Counter, class_number_max + 1> by_class_;
    journal::Counter unrecorded_;
};

/// Answers clicks without recording them, for a front loop while the click loops wait for their
/// disk: to the destination, without click id and cookie.
class UnrecordedCapture final : public http::ClickPath {
public:
    explicit UnrecordedCapture(const CaptureParts& parts) : answers_(parts) {}

    bool takes(std::string_view path) const noexcept override { return Answers::takes(path); }
    http::ClickAnswer answer(const http::Request& request, std::string& out) noexcept override;
    bool commit() noexcept override { return true; }
    void uncommitted(std::size_t) noexcept override {}

    /// Any thread.
    std::uint64_t unrecorded() const noexcept { return unrecorded_.get(); }

private:
    Answers answers_;
    journal::Counter unrecorded_;
};

/// Puts the unique clicks that the journal's segments of the last `longest` hold into `duplicates`,
/// before the first click is answered; gives how many.
std::size_t remember_clicks(Duplicates& duplicates, journal::Journal& journal, Instant now,
                            std::chrono::seconds longest);

}  // namespace referral::clicks

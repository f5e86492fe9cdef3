#pragma once

/// "The same visitor and link within the program's window, from the last unique click": decided by
/// one table in memory that all click loops share without locks. docs/decisions/0004-… says
/// why it looks as it does.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/time.hpp"
#include "clicks/generation.hpp"
#include "clicks/record.hpp"
#include "platform/crypto/hash.hpp"

namespace referral::clicks {

/// Times of last unique clicks, in generations: the newest takes claims, older ones are looked up,
/// and one whose last claim is older than the longest window is dropped. That way nothing is ever
/// deleted from a table, and a table never grows while it is read.
///
/// Why exactly one of any number of concurrent claims of one key wins, also while generations
/// change: a claim (1) looks the key up in all older generations, (2) sets its time in the newest
/// by compare-and-swap, (3) looks again which is the newest and, if that is another, goes on there.
/// All of it is sequentially consistent. Let X and Y both win, in generations x <= y. If x = y, the
/// same slot was taken twice within the window: impossible. If x < y, X saw x as the newest after
/// setting its time there, so before y appeared; Y, before taking y, looked at x after y appeared
/// (or had tried to take x itself), and so saw X's time: Y did not win. And when claims lose, each
/// lost to one that won or that lost in a later generation; there are finitely many, so one won.
///
/// When memory is at its cap, the oldest generation is dropped early (`Stats::forgotten`): a
/// visitor may then count as unique again before the window is over. When the newest is full before
/// `maintain` has made another, a click counts as unique without being remembered
/// (`Stats::untracked`). Both err on the side of counting, and alarms tell.
class Duplicates {
public:
    struct Settings {
        std::size_t slots_max = std::size_t{1} << 24;  // 16 bytes each, of all generations.
        crypto::SipKey key{};  // Keeps strangers from choosing keys that collide.
    };

    struct Stats {
        std::size_t generations = 0;
        std::size_t slots = 0;        // Of all generations.
        std::size_t used = 0;         // Of the newest, nearly.
        std::uint64_t forgotten = 0;  // Keys dropped within the longest window.
        std::uint64_t untracked = 0;  // Unique clicks that found no room.
    };

    /// More windows than a day are not kept.
    static constexpr std::chrono::seconds window_max{86'400};
    static constexpr std::size_t readers_max = 128;

    class Reader;

    Duplicates(const Settings& settings, Instant now);
    /// All readers must be gone.
    ~Duplicates();
    Duplicates(const Duplicates&) = delete;
    Duplicates& operator=(const Duplicates&) = delete;

    DuplicateKey key_of(const Visitor& visitor, std::int64_t link_id) const noexcept;

    /// Makes and drops generations; to be called ten times a second or so, by one thread. The
    /// memory of a new one is taken here.
    void maintain(Instant now);

    /// Says that windows may be as long as `longest`, so that nothing younger is dropped. Without
    /// it, the longest of the claims so far counts.
    void expect_windows(std::chrono::seconds longest) noexcept;

    /// Puts in what an earlier run of the program decided, before any reader claims and after
    /// `expect_windows`; `maintain` must not run beside it.
    void remember(const Visitor& visitor, std::int64_t link_id, Instant clicked_at, Instant now);

    Stats stats() const;

private:
    /// The generations at one moment, the newest first; never changed once it is current.
    struct Set {
        static constexpr std::size_t size_max = 16;
        std::array<Generation*, size_max> list{};
        std::size_t size = 0;

        Generation* newest() const { return list[0]; }
    };

    /// One reader's cache line.
    struct alignas(64) Place {
        std::atomic<std::uint64_t> turn{0};  // Odd while its reader looks at a set.
        std::atomic<std::uint64_t> inserted{0};
        std::atomic<std::uint64_t> untracked{0};
        std::atomic<bool> taken{false};
    };

    /// What no new reader can reach, and the turns of those that may still look at it.
    struct Retired {
        std::unique_ptr<Set> set;
        std::unique_ptr<Generation> generation;
        std::array<std::uint64_t, readers_max> turns;
    };

    std::uint64_t inserted() const;
    std::uint64_t used_of_newest() const;
    std::int64_t longest_window() const;
    void note_window(std::int64_t window) noexcept;
    void begin_generation(std::size_t slots, Instant now);
    void make_room(std::size_t slots);
    void drop_oldest();
    void publish();
    void retire(std::unique_ptr<Set> set, std::unique_ptr<Generation> generation);
    void free_retired();
    std::size_t slots_wanted(Instant now) const;
    std::size_t slots_total() const;

    const Settings settings_;
    std::atomic<const Set*> current_{nullptr};
    std::atomic<std::int64_t> longest_window_{0};  // Of the claims so far, in microseconds.
    std::array<Place, readers_max> places_;
    std::unique_ptr<Set> set_;
    std::vector<std::unique_ptr<Generation>> generations_;  // The newest last.
    std::vector<Retired> retired_;
    std::uint64_t remembered_ = 0;
    std::atomic<std::uint64_t> forgotten_{0};
    std::atomic<std::size_t> slots_total_{0};
    std::atomic<std::size_t> generations_count_{0};
    std::atomic<std::uint64_t> newest_inserted_before_{0};
};

/// One thread's access. Looking up and claiming take no lock and allocate nothing.
class Duplicates::Reader {
public:
    explicit Reader(Duplicates& duplicates);
    ~Reader();
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    /// Whether a click at `now` is a duplicate, without claiming anything.
    bool seen(const DuplicateKey& key, Instant now, std::chrono::seconds window) noexcept;

    /// Whether a click at `now` is the unique one of its window; if so, later ones are duplicates.
    bool claim(const DuplicateKey& key, Instant now, std::chrono::seconds window) noexcept;

    /// Undoes a successful claim, whose click could not be recorded. Clicks that were found to be
    /// duplicates of it meanwhile stay duplicates.
    void take_back(const DuplicateKey& key, Instant claimed_at) noexcept;

private:
    class Turn;

    const Set& set() const noexcept { return *duplicates_.current_.load(); }
    bool claim_in_turn(const DuplicateKey& key, std::int64_t now, std::int64_t window) noexcept;

    Duplicates& duplicates_;
    Place* place_;
};

}  // namespace referral::clicks

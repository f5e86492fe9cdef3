#pragma once

/// Every code in memory, so that a click asks no database.

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "links/code.hpp"
#include "links/directory_entry.hpp"
#include "links/epochs.hpp"
#include "platform/crypto/hash.hpp"

namespace referral::links {

/// All links by their codes. Any number of threads look up, each by a Reader of its own; one thread
/// at a time changes. A look-up takes no lock and does not allocate: memory that a change leaves
/// behind is freed when every reader has passed.
class Directory {
public:
    class Reader;

    struct Stats {
        std::size_t links = 0;
        std::size_t bytes = 0;          ///< Entries and table.
        std::size_t bytes_waiting = 0;  ///< Left behind, not yet passed by every reader.
        std::uint64_t changes = 0;      ///< Links and programs put or taken out so far.
    };

    /// `key` keeps strangers from choosing codes that collide in the table.
    explicit Directory(const crypto::SipKey& key);
    ~Directory();
    Directory(const Directory&) = delete;
    Directory& operator=(const Directory&) = delete;

    // For the one thread that changes:

    /// Makes room for `links`, so that loading does not grow the table step by step.
    void reserve(std::size_t links);
    /// Adds or replaces. The program may follow later: until then it is one without fallback.
    void put(const PackedLink& link);
    void put(const LinkRow& row) { put(PackedLink::of(row)); }
    void put(const ProgramView& program);
    /// Takes out what `stays` refuses: after the database was set back.
    void keep_only(const std::function<bool(LinkId)>& stays);
    /// Frees what no reader can see any more; to be called now and then.
    void reclaim();

    // For everybody:

    Stats stats() const noexcept;

private:
    struct Slot {
        std::atomic<std::uint64_t> hash = 0;  // 0: never used; the end of a search.
        std::atomic<Entry*> entry = nullptr;  // Null with a hash: taken out.
    };
    static constexpr std::size_t slots_min = 1'024;

    struct Table {
        explicit Table(std::size_t slots);
        std::size_t mask;
        std::unique_ptr<Slot[]> slots;
    };

    std::uint64_t hash_of(const CodeKey& key) const noexcept;
    const Entry* find(const CodeKey& key) const noexcept;
    Slot& slot_for(std::uint64_t hash, const CodeKey& key) const noexcept;
    void grow_to(std::size_t slots);
    ProgramPlace& place_of(ProgramId program);
    VisitCount* visits_of(const PackedLink& link);
    void replace(Slot& slot, Entry::Owned entry);

    const crypto::SipKey key_;
    std::shared_ptr<Table> owned_table_;
    std::atomic<Table*> table_;
    std::size_t slots_used_ = 0;
    mutable std::mutex programs_mutex_;  // Of the map; what it points to never moves.
    std::map<std::int64_t, std::unique_ptr<ProgramPlace>> programs_;
    std::unordered_map<std::int64_t, std::unique_ptr<VisitCount>> visits_;
    std::atomic<std::size_t> links_ = 0;
    std::atomic<std::size_t> bytes_ = slots_min * sizeof(Slot);
    std::atomic<std::size_t> bytes_waiting_ = 0;
    std::atomic<std::uint64_t> changes_ = 0;
    mutable Epochs epochs_;
};

/// One thread's right to look up. Cheap to make, so that a thread of a pool can make one for each
/// piece of work; at most Epochs::readers_max at once.
class Directory::Reader {
public:
    explicit Reader(const Directory& directory)
        : directory_(&directory), reading_(directory.epochs_) {}

    /// The link behind `code`, however it is written (`CodeKey`), whatever its state; or null.
    const Entry* find(std::string_view code) noexcept { return find(CodeKey(code)); }
    const Entry* find(const CodeKey& key) noexcept {
        reading_.enter();
        return directory_->find(key);
    }

    /// Every link, in no order. What is added meanwhile may be missing.
    void for_each(const std::function<void(const Entry&)>& visit);
    /// Every program.
    void for_each_program(const std::function<void(const ProgramView&)>& visit);

    /// Gives up every entry found so far; once in each iteration of a loop.
    void pass() noexcept { reading_.pass(); }
    /// The same before waiting for long: holds up nothing until the next `find`.
    void rest() noexcept { reading_.rest(); }

private:
    const Directory* directory_;
    Epochs::Reading reading_;
};

}  // namespace referral::links

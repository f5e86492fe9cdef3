#include "links/directory.hpp"

#include <algorithm>
#include <bit>

#include "base/check.hpp"

namespace referral::links {

namespace {

/// Whether `count` entries fill a table of `slots` too far: beyond three quarters searches get
/// long.
constexpr bool is_crowded(std::size_t count, std::size_t slots) { return 4 * count > 3 * slots; }

}  // namespace

Directory::Table::Table(std::size_t count)
    : mask(count - 1), slots(std::make_unique<Slot[]>(count)) {
    CHECK(std::has_single_bit(count));
}

Directory::Directory(const crypto::SipKey& key)
    : key_(key), owned_table_(std::make_shared<Table>(slots_min)), table_(owned_table_.get()) {}

Directory::~Directory() {
    const Table& table = *table_.load(std::memory_order_relaxed);
    for (std::size_t i = 0; i <= table.mask; ++i)
        Entry::Owned(table.slots[i].entry.load(std::memory_order_relaxed)).reset();
    for (auto& [id, place] : programs_) std::unique_ptr<const ProgramView>{place->view.load()};
}

std::uint64_t Directory::hash_of(const CodeKey& key) const noexcept {
    const std::uint64_t hash = crypto::siphash64(key_, crypto::bytes_of(key.text()));
    return hash ? hash : 1;
}

const Entry* Directory::find(const CodeKey& key) const noexcept {
    if (key.empty()) return nullptr;
    const Table& table = *table_.load(std::memory_order_acquire);
    const std::uint64_t hash = hash_of(key);
    for (std::size_t at = hash & table.mask;; at = (at + 1) & table.mask) {
        const Slot& slot = table.slots[at];
        const std::uint64_t found = slot.hash.load(std::memory_order_acquire);
        if (found == 0) return nullptr;
        if (found != hash) continue;
        const Entry* entry = slot.entry.load(std::memory_order_acquire);
        if (entry && CodeKey(entry->code()).text() == key.text()) return entry;
    }
}

/// Where the code stands or would stand. The writer only.
Directory::Slot& Directory::slot_for(std::uint64_t hash, const CodeKey& key) const noexcept {
    const Table& table = *owned_table_;
    for (std::size_t at = hash & table.mask;; at = (at + 1) & table.mask) {
        Slot& slot = table.slots[at];
        const std::uint64_t found = slot.hash.load(std::memory_order_relaxed);
        if (found == 0) return slot;
        if (found != hash) continue;
        const Entry* entry = slot.entry.load(std::memory_order_relaxed);
        if (!entry || CodeKey(entry->code()).text() == key.text()) return slot;
    }
}

void Directory::grow_to(std::size_t slots) {
    auto next = std::make_shared<Table>(slots);
    slots_used_ = 0;
    for (std::size_t i = 0; i <= owned_table_->mask; ++i) {
        Entry* entry = owned_table_->slots[i].entry.load(std::memory_order_relaxed);
        if (!entry) continue;
        const std::uint64_t hash = owned_table_->slots[i].hash.load(std::memory_order_relaxed);
        std::size_t at = hash & next->mask;
        while (next->slots[at].hash.load(std::memory_order_relaxed)) at = (at + 1) & next->mask;
        next->slots[at].entry.store(entry, std::memory_order_relaxed);
        next->slots[at].hash.store(hash, std::memory_order_relaxed);
        ++slots_used_;
    }
    table_.store(next.get(), std::memory_order_release);
    std::swap(owned_table_, next);
    const std::size_t bytes_left = (next->mask + 1) * sizeof(Slot);
    bytes_ += slots * sizeof(Slot) - bytes_left;
    bytes_waiting_ += bytes_left;
    epochs_.retire([this, bytes_left, old = std::move(next)]() mutable {
        bytes_waiting_ -= bytes_left;
        old.reset();
    });
}

void Directory::reserve(std::size_t links) {
    std::size_t slots = owned_table_->mask + 1;
    while (is_crowded(links, slots)) slots *= 2;
    if (slots > owned_table_->mask + 1) grow_to(slots);
}

void Directory::put(const PackedLink& link) {
    const CodeKey key(link.code());
    CHECK(!key.empty());
    if (is_crowded(slots_used_ + 1, owned_table_->mask + 1))
        grow_to(is_crowded(links_ + 1, owned_table_->mask + 1) ? 2 * (owned_table_->mask + 1)
                                                               : owned_table_->mask + 1);
    const std::uint64_t hash = hash_of(key);
    Slot& slot = slot_for(hash, key);
    auto entry = Entry::make(link, place_of({link.program_id}), visits_of(link));
    const Entry* old = slot.entry.load(std::memory_order_relaxed);
    if (old && old->same_as(*entry)) return;
    replace(slot, std::move(entry));
    if (slot.hash.load(std::memory_order_relaxed) != 0) return;
    // The entry first: a reader that meets the hash must find the entry.
    slot.hash.store(hash, std::memory_order_release);
    ++slots_used_;
}

void Directory::replace(Slot& slot, Entry::Owned entry) {
    ++changes_;
    if (entry) {
        ++links_;
        bytes_ += entry->size();
    }
    Entry* old = slot.entry.exchange(entry.release(), std::memory_order_acq_rel);
    if (!old) return;
    --links_;
    bytes_ -= old->size();
    bytes_waiting_ += old->size();
    epochs_.retire([this, old] {
        bytes_waiting_ -= old->size();
        Entry::Owned(old).reset();
    });
}

void Directory::put(const ProgramView& program) {
    const ProgramView* old =
        place_of(program.id)
            .view.exchange(std::make_unique<const ProgramView>(program).release(),
                           std::memory_order_acq_rel);
    epochs_.retire([old] { std::unique_ptr<const ProgramView>{old}.reset(); });
}

void Directory::keep_only(const std::function<bool(LinkId)>& stays) {
    for (std::size_t i = 0; i <= owned_table_->mask; ++i) {
        Slot& slot = owned_table_->slots[i];
        const Entry* entry = slot.entry.load(std::memory_order_relaxed);
        if (entry && !stays(entry->link_id())) replace(slot, nullptr);
    }
}

void Directory::reclaim() { epochs_.reclaim(); }

ProgramPlace& Directory::place_of(ProgramId program) {
    const std::scoped_lock lock(programs_mutex_);
    auto& place = programs_[program.value];
    if (!place) {
        place = std::make_unique<ProgramPlace>();
        place->id = program;
        place->view = std::make_unique<const ProgramView>(ProgramView{.id = program}).release();
    }
    return *place;
}

VisitCount* Directory::visits_of(const PackedLink& link) {
    if (!link.has_visits_max()) return nullptr;
    auto& count = visits_[link.link_id];
    if (!count) count = std::make_unique<VisitCount>();
    // Visits of this process may not have reached the row yet, nor those of others this process.
    std::int64_t used = count->used.load(std::memory_order_relaxed);
    while (used < link.visits &&
           !count->used.compare_exchange_weak(used, link.visits, std::memory_order_relaxed)) {
    }
    return count.get();
}

Directory::Stats Directory::stats() const noexcept {
    return {.links = links_, .bytes = bytes_, .bytes_waiting = bytes_waiting_, .changes = changes_};
}

void Directory::Reader::for_each(const std::function<void(const Entry&)>& visit) {
    reading_.enter();
    const Table& table = *directory_->table_.load(std::memory_order_acquire);
    for (std::size_t i = 0; i <= table.mask; ++i)
        if (const Entry* entry = table.slots[i].entry.load(std::memory_order_acquire))
            visit(*entry);
}

void Directory::Reader::for_each_program(const std::function<void(const ProgramView&)>& visit) {
    reading_.enter();
    const std::scoped_lock lock(directory_->programs_mutex_);
    for (const auto& [id, place] : directory_->programs_)
        visit(*place->view.load(std::memory_order_acquire));
}

}  // namespace referral::links

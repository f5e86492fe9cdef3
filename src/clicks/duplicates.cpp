#include "clicks/duplicates.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/check.hpp"

namespace referral::clicks {

namespace {

constexpr std::size_t slots_min = 256;
constexpr std::size_t slots_first = std::size_t{1} << 16;

/// A generation grows by at most this over the one before: a burst must not take all memory.
constexpr std::size_t growth_max = 8;

/// Loops read the clock when a request's head is whole, and may claim a while later.
constexpr std::chrono::seconds late_max{10};

std::int64_t in_microseconds(Instant when) { return when.time_since_epoch().count(); }

std::int64_t in_microseconds(std::chrono::seconds window) {
    return std::chrono::microseconds(std::min(window, Duplicates::window_max)).count();
}

}  // namespace

Duplicates::Duplicates(const Settings& settings, Instant now)
    : settings_{std::bit_floor(std::max(settings.slots_max, 4 * slots_min)), settings.key} {
    generations_.reserve(Set::size_max + 1);
    begin_generation(std::min(slots_first, settings_.slots_max / 4), now);
}

Duplicates::~Duplicates() {
    for (const Place& place : places_) CHECK(!place.taken.load());
}

DuplicateKey Duplicates::key_of(const Visitor& visitor, std::int64_t link_id) const noexcept {
    std::array<std::uint8_t, sizeof(Visitor) + sizeof link_id> text;
    std::memcpy(text.data(), visitor.data(), visitor.size());
    std::memcpy(text.data() + visitor.size(), &link_id, sizeof link_id);
    const auto hash = crypto::siphash128(settings_.key, text);
    DuplicateKey key;
    std::memcpy(&key.place, hash.data(), sizeof key.place);
    std::memcpy(&key.mark, hash.data() + sizeof key.place, sizeof key.mark);
    if (key.mark == 0) key.mark = 1;
    return key;
}

std::uint64_t Duplicates::inserted() const {
    std::uint64_t sum = remembered_;
    for (const Place& place : places_) sum += place.inserted.load(std::memory_order_relaxed);
    return sum;
}

std::uint64_t Duplicates::used_of_newest() const {
    return inserted() - newest_inserted_before_.load();
}

std::int64_t Duplicates::longest_window() const {
    return longest_window_.load(std::memory_order_relaxed);
}

void Duplicates::note_window(std::int64_t window) noexcept {
    std::int64_t known = longest_window_.load(std::memory_order_relaxed);
    while (known < window && !longest_window_.compare_exchange_weak(known, window)) continue;
}

void Duplicates::expect_windows(std::chrono::seconds longest) noexcept {
    note_window(in_microseconds(longest));
}

std::size_t Duplicates::slots_total() const {
    std::size_t sum = 0;
    for (const auto& generation : generations_) sum += generation->slots();
    return sum;
}

std::size_t Duplicates::slots_wanted(Instant now) const {
    const Generation& newest = *generations_.back();
    const double lasted =
        std::max<double>(1, static_cast<double>((now - newest.began_at()).count()));
    // Half full after half of the longest window: then three generations are alive at most.
    const double wanted =
        static_cast<double>(used_of_newest()) * static_cast<double>(longest_window()) / lasted;
    const std::size_t most = std::min(newest.slots() * growth_max, settings_.slots_max / 4);
    const std::size_t least = std::min(slots_first, most);
    return std::bit_ceil(std::clamp(static_cast<std::size_t>(std::min(wanted, 1e15)), least, most));
}

void Duplicates::maintain(Instant now) {
    free_retired();
    const auto longest = std::chrono::microseconds(longest_window());
    while (generations_.size() > 1 && generations_.front()->closed_at + longest + late_max <= now)
        drop_oldest();

    const Generation& newest = *generations_.back();
    const std::uint64_t used = used_of_newest();
    const bool half_full = used >= newest.slots() / 2;
    // Old times take room in a table that is never full, but not for ever.
    const bool worn = used >= newest.slots() / 8 && now - newest.began_at() >= longest + late_max;
    if (!half_full && !worn) return;

    const std::size_t slots = slots_wanted(now);
    make_room(slots);
    begin_generation(slots, now);
}

void Duplicates::begin_generation(std::size_t slots, Instant now) {
    auto generation = std::make_unique<Generation>(slots, now);
    generation->inserted_before = inserted();
    newest_inserted_before_ = generation->inserted_before;
    if (!generations_.empty()) generations_.back()->closed_at = now;
    generations_.push_back(std::move(generation));
    publish();
}

void Duplicates::drop_oldest() {
    auto oldest = std::move(generations_.front());
    generations_.erase(generations_.begin());
    auto before = std::move(set_);
    publish();
    retire(std::move(before), std::move(oldest));
}

void Duplicates::publish() {
    auto fresh = std::make_unique<Set>();
    for (auto generation = generations_.rbegin(); generation != generations_.rend(); ++generation)
        fresh->list[fresh->size++] = generation->get();
    auto before = std::exchange(set_, std::move(fresh));
    current_.store(set_.get());
    if (before) retire(std::move(before), nullptr);
    slots_total_ = slots_total();
    generations_count_ = generations_.size();
}

void Duplicates::retire(std::unique_ptr<Set> set, std::unique_ptr<Generation> generation) {
    Retired& retired = retired_.emplace_back();
    retired.set = std::move(set);
    retired.generation = std::move(generation);
    for (std::size_t i = 0; i < places_.size(); ++i) retired.turns[i] = places_[i].turn.load();
}

void Duplicates::free_retired() {
    std::erase_if(retired_, [&](const Retired& retired) {
        for (std::size_t i = 0; i < places_.size(); ++i)
            if (retired.turns[i] % 2 == 1 && places_[i].turn.load() == retired.turns[i])
                return false;
        return true;
    });
}

void Duplicates::remember(const Visitor& visitor, std::int64_t link_id, Instant clicked_at,
                          Instant now) {
    const DuplicateKey key = key_of(visitor, link_id);
    bool inserted = false;
    Generation& newest = *generations_.back();
    if (!newest.remember(key, in_microseconds(clicked_at), inserted)) ++places_[0].untracked;
    remembered_ += inserted;
    if (used_of_newest() < newest.slots() / 2) return;
    const std::size_t slots = std::min(newest.slots() * growth_max, settings_.slots_max / 4);
    make_room(slots);
    begin_generation(slots, now);
}

void Duplicates::make_room(std::size_t slots) {
    while (generations_.size() > 1 &&
           (slots_total() + slots > settings_.slots_max || generations_.size() >= Set::size_max)) {
        forgotten_ += generations_[1]->inserted_before - generations_[0]->inserted_before;
        drop_oldest();
    }
}

Duplicates::Stats Duplicates::stats() const {
    Stats stats;
    stats.generations = generations_count_;
    stats.slots = slots_total_;
    stats.used = used_of_newest();
    stats.forgotten = forgotten_;
    for (const Place& place : places_) stats.untracked += place.untracked.load();
    return stats;
}

/// While it lives, nothing its reader can see is freed.
class Duplicates::Reader::Turn {
public:
    explicit Turn(Place& place) : place_(place) { step(); }
    ~Turn() { step(); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

private:
    // Sequentially consistent: the maintainer either sees this turn, or its change is seen in it.
    void step() { place_.turn.store(place_.turn.load(std::memory_order_relaxed) + 1); }

    Place& place_;
};

Duplicates::Reader::Reader(Duplicates& duplicates) : duplicates_(duplicates), place_(nullptr) {
    for (Place& place : duplicates_.places_)
        if (!place.taken.exchange(true)) {
            place_ = &place;
            return;
        }
    CHECK(place_ != nullptr);
}

Duplicates::Reader::~Reader() { place_->taken.store(false); }

bool Duplicates::Reader::seen(const DuplicateKey& key, Instant now,
                              std::chrono::seconds window) noexcept {
    const Turn turn(*place_);
    const Set& now_alive = set();
    for (std::size_t i = 0; i < now_alive.size; ++i)
        if (now_alive.list[i]->has(key, in_microseconds(now), in_microseconds(window))) return true;
    return false;
}

bool Duplicates::Reader::claim(const DuplicateKey& key, Instant now,
                               std::chrono::seconds window) noexcept {
    duplicates_.note_window(in_microseconds(window));
    const Turn turn(*place_);
    return claim_in_turn(key, in_microseconds(now), in_microseconds(window));
}

bool Duplicates::Reader::claim_in_turn(const DuplicateKey& key, std::int64_t now,
                                       std::int64_t window) noexcept {
    std::array<Generation*, Set::size_max> claimed{};
    std::size_t claims = 0;
    const auto is_mine = [&](const Generation* generation) {
        return std::find(claimed.begin(), claimed.begin() + claims, generation) !=
               claimed.begin() + claims;
    };
    const auto lost = [&] {
        for (std::size_t i = 0; i < claims; ++i) claimed[i]->take_back(key, now);
        return false;
    };
    for (;;) {
        const Set& alive = set();
        for (std::size_t i = 1; i < alive.size; ++i)
            if (!is_mine(alive.list[i]) && alive.list[i]->has(key, now, window)) return lost();
        bool inserted = false;
        const Generation::Claim outcome = alive.newest()->claim(key, now, window, inserted);
        if (inserted)
            place_->inserted.store(place_->inserted.load(std::memory_order_relaxed) + 1,
                                   std::memory_order_relaxed);
        if (outcome == Generation::Claim::refused) return lost();
        if (outcome == Generation::Claim::no_room) {
            place_->untracked.store(place_->untracked.load(std::memory_order_relaxed) + 1,
                                    std::memory_order_relaxed);
            return true;
        }
        if (set().newest() == alive.newest()) return true;
        CHECK(claims < claimed.size());
        claimed[claims++] = alive.newest();
    }
}

void Duplicates::Reader::take_back(const DuplicateKey& key, Instant claimed_at) noexcept {
    const Turn turn(*place_);
    const Set& alive = set();
    for (std::size_t i = 0; i < alive.size; ++i)
        alive.list[i]->take_back(key, in_microseconds(claimed_at));
}

}  // namespace referral::clicks

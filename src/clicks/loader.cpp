#include "clicks/loader.hpp"

#include <algorithm>
#include <stdexcept>

#include "clicks/queries.hpp"
#include "platform/crypto/encoding.hpp"
#include "platform/log/log.hpp"

namespace referral::clicks {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t read_bytes = std::size_t{16} << 20;
constexpr milliseconds wait_first{50};
constexpr milliseconds wait_max{1'000};
constexpr milliseconds nothing_to_read{50};
constexpr std::size_t live_clicks_max = 100;  // Of one batch.
constexpr std::int64_t loaders_per_node = 64;

/// A loader's transaction copies many rows; a statement that hangs is given up after this.
db::ConnectionSettings patient(db::ConnectionSettings settings) {
    settings.statement_timeout = std::max(settings.statement_timeout, milliseconds(60'000));
    return settings;
}

/// Whether PostgreSQL will never take these rows: data exceptions, broken constraints, limits.
/// Everything else (away, full, locked, not migrated yet) can pass.
bool is_poison(const db::Error& error) {
    return error.code().starts_with("22") || error.code().starts_with("23") ||
           error.code().starts_with("54");
}

/// What went wrong, without PostgreSQL's details: they hold rows, and rows hold addresses.
std::string first_line(const std::exception& error) {
    const std::string_view message = error.what();
    return std::string(message.substr(0, message.find('\n')));
}

std::string hex(std::span<const std::byte> bytes) {
    return crypto::to_hex({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

}  // namespace

Loader::Loader(const IngestParts& parts, const Node& node, std::uint32_t index)
    : parts_(parts),
      journal_(*parts.journal),
      node_(node),
      index_(index),
      pool_(patient(parts.database), 1),
      enrichment_({parts.places, parts.user_agents, parts.networks}),
      rows_limit_(parts.rows_max) {}

void Loader::stop() {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    stopping_.notify_all();
}

bool Loader::pause(milliseconds time) {
    std::unique_lock lock(mutex_);
    return !stopping_.wait_for(lock, time, [&] { return stop_; });
}

void Loader::run() {
    milliseconds wait{0};
    while (pause(wait)) {
        try {
            turn();
            wait = milliseconds(0);
        } catch (const std::exception& error) {
            counters_.connected = false;
            counters_.failures.add(1);
            log::warn("ingest_failed", first_line(error), {{"loader", index_}});
            must_refresh_ = true;
            wait = std::clamp(wait * 2, wait_first, wait_max);
        }
    }
}

void Loader::turn() {
    const auto node = node_.id();
    if (!node) {
        pause(nothing_to_read);
        return;
    }
    if (*node != known_node_ || must_refresh_ ||
        std::chrono::steady_clock::now() - refreshed_at_ > parts_.verify_every) {
        known_node_ = *node;
        refresh();
    }
    if (!reader_) {
        const auto next = next_segment();
        if (!next) {
            caught_up();
            pause(nothing_to_read);
            return;
        }
        open(*next);
        return;
    }
    if (load_more()) return;
    if (reader_->finished()) {
        finish_segment();
    } else {
        caught_up();
        pause(parts_.pause);
    }
}

void Loader::caught_up() {
    counters_.caught_up.add(1);
    counters_.caught_up_at.set(
        static_cast<std::uint64_t>(parts_.clock().time_since_epoch().count()));
}

bool Loader::is_mine(const journal::SegmentId& segment) const {
    return segment.shard % parts_.loaders == index_;
}

std::uint32_t Loader::loaded_to(const journal::SegmentId& segment) const {
    const auto loaded = loaded_.find(segment);
    return loaded == loaded_.end() ? journal::first_offset : loaded->second;
}

void Loader::refresh() {
    reader_.reset();
    segment_.reset();
    const std::vector<journal::SegmentInfo> segments = journal_.segments();
    std::map<std::pair<journal::SegmentId, Instant>, std::uint32_t> stored;
    {
        std::pair<std::int64_t, std::int64_t> oldest{INT64_MAX, INT64_MAX};
        for (const journal::SegmentInfo& segment : segments)
            oldest = std::min(
                oldest, std::pair<std::int64_t, std::int64_t>(segment.id.epoch, segment.id.number));
        db::Transaction tx(pool_);
        const Instant started_at = tx.one(sql::server_started_at);
        if (server_started_at_ != started_at) {
            // It may have been set back: nothing that was known of it holds.
            enrichment_.forget();
            partitions_.clear();
            server_started_at_ = started_at;
        }
        for (const auto& [epoch, shard, number, begun_at, loaded] :
             tx.all(sql::positions, known_node_, oldest.first, oldest.second))
            stored[{{.node = journal_.node(),
                     .epoch = static_cast<std::uint32_t>(epoch),
                     .shard = static_cast<std::uint32_t>(shard),
                     .number = static_cast<std::uint32_t>(number)},
                    begun_at}] = static_cast<std::uint32_t>(loaded);
        tx.commit();
    }
    loaded_.clear();
    for (const journal::SegmentInfo& segment : segments) {
        if (!is_mine(segment.id)) continue;
        const auto found = stored.find({segment.id, segment.created_at});
        note(segment, found == stored.end() ? std::nullopt : std::optional(found->second));
    }
    std::erase_if(finished_, [&](const auto& finished) {
        return std::ranges::find(segments, finished.first, &journal::SegmentInfo::id) ==
               segments.end();
    });
    must_refresh_ = false;
    refreshed_at_ = std::chrono::steady_clock::now();
    counters_.connected = true;
}

void Loader::note(const journal::SegmentInfo& segment, std::optional<std::uint32_t> stored) {
    if (stored) loaded_[segment.id] = *stored;
    const std::uint32_t loaded = loaded_to(segment.id);
    const auto finished = finished_.find(segment.id);
    const bool said_loaded =
        finished == finished_.end() && segment.loaded_at && loaded < segment.end;
    if (said_loaded || (finished != finished_.end() && finished->second != loaded)) {
        finished_.erase(segment.id);
        journal_.not_loaded(segment.id);
        counters_.reloaded.add(1);
        log::warn("segment_reloaded", "the database lost a part of this segment",
                  {{"segment", journal::to_text(segment.id)}});
    }
    if (segment.closed && loaded >= segment.end && !finished_.contains(segment.id)) {
        journal_.loaded({segment.id, segment.end}, parts_.clock());
        finished_[segment.id] = loaded;
    }
}

bool Loader::is_complete(const journal::SegmentInfo& segment) const {
    const auto finished = finished_.find(segment.id);
    return finished != finished_.end() && finished->second == loaded_to(segment.id);
}

std::optional<journal::SegmentInfo> Loader::next_segment() const {
    for (const journal::SegmentInfo& segment : journal_.segments())
        if (is_mine(segment.id) && !is_complete(segment)) return segment;
    return std::nullopt;
}

void Loader::open(const journal::SegmentInfo& segment) {
    reader_ = journal_.reader({segment.id, loaded_to(segment.id)});
    if (reader_) segment_ = segment;
}

void Loader::finish_segment() {
    for (const journal::SegmentInfo& segment : journal_.segments())
        if (segment.id == segment_->id) journal_.loaded({segment.id, segment.end}, parts_.clock());
    finished_[segment_->id] = loaded_to(segment_->id);
    reader_.reset();
    segment_.reset();
}

bool Loader::load_more() {
    std::span<const journal::Record> left = reader_->read(read_bytes);
    const std::uint32_t end = reader_->position().offset;
    if (left.empty()) return false;
    while (!left.empty()) {
        const std::size_t count = std::min(rows_limit_, left.size());
        const std::uint32_t to = count < left.size() ? left[count].offset : end;
        if (load({*segment_, left.first(count), to})) left = left.subspan(count);
        const std::lock_guard lock(mutex_);
        if (stop_) {
            // What is left is read again by whoever comes next.
            must_refresh_ = true;
            return true;
        }
    }
    return true;
}

bool Loader::load(const Chunk& chunk) {
    try {
        store(chunk);
        rows_limit_ = std::min(parts_.rows_max, rows_limit_ * 2);
    } catch (const db::Error& error) {
        if (!is_poison(error)) throw;
        // One of the records is refused. Halves are tried until it stands alone.
        log::error(
            "click_refused", first_line(error),
            {{"segment", journal::to_text(chunk.segment.id)}, {"records", chunk.records.size()}});
        enrichment_.forget();
        if (chunk.records.size() > 1) {
            rows_limit_ = chunk.records.size() / 2;
            return false;
        }
        set_aside(chunk, first_line(error));
    }
    loaded_[chunk.segment.id] = chunk.to;
    counters_.loaded.add(chunk.records.size());
    counters_.batches.add(1);
    counters_.dimensions_refused.set(enrichment_.refused());
    counters_.connected = true;
    return true;
}

BatchOrigin Loader::origin_of(const Chunk& chunk) const {
    // Nodes beyond 511 share marks: their loaders may wait for each other, no more.
    return {.node_id = known_node_,
            .epoch = chunk.segment.id.epoch,
            .shard = chunk.segment.id.shard,
            .loader = known_node_ % 512 * loaders_per_node + index_ % loaders_per_node};
}

void Loader::decode_all(const Chunk& chunk) {
    clicks_.clear();
    no_clicks_.clear();
    for (const journal::Record& record : chunk.records) {
        if (const auto click = decode(record.payload))
            clicks_.push_back(*click);
        else
            no_clicks_.push_back(&record);
    }
}

void Loader::store(const Chunk& chunk) {
    decode_all(chunk);
    const auto& dimensions = enrichment_.dimensions(clicks_, pool_, parts_.clock());
    const BatchOrigin origin = origin_of(chunk);
    batch_.clear();
    for (std::size_t i = 0; i < clicks_.size(); ++i) batch_.add(clicks_[i], dimensions[i], origin);
    make_partitions();

    db::Transaction tx(pool_);
    move_position(chunk, tx);
    for (const journal::Record* record : no_clicks_)
        quarantine(chunk, *record, "not a click's record", tx);
    if (batch_.size() > 0) batch_.store(tx, origin);
    tx.commit();
    counters_.quarantined.add(no_clicks_.size());
    tell_live();
}

void Loader::move_position(const Chunk& chunk, db::Transaction& tx) {
    const journal::SegmentId& id = chunk.segment.id;
    const auto known = loaded_.find(id);
    const auto started_at =
        known == loaded_.end()
            ? tx.maybe(sql::begin_position, known_node_, std::int64_t{id.epoch},
                       std::int64_t{id.shard}, std::int64_t{id.number}, chunk.segment.created_at,
                       std::int64_t{chunk.to}, node_.instance())
            : tx.maybe(sql::move_position, known_node_, std::int64_t{id.epoch},
                       std::int64_t{id.shard}, std::int64_t{id.number}, chunk.segment.created_at,
                       std::int64_t{chunk.to}, node_.instance(), std::int64_t{known->second});
    if (!started_at)
        throw std::runtime_error("the segment's position is not where it was: it is read again");
    if (started_at != server_started_at_)
        throw std::runtime_error("PostgreSQL was started again: positions are read again");
}

void Loader::quarantine(const Chunk& chunk, const journal::Record& record,
                        const std::string& reason, db::Transaction& tx) {
    const journal::SegmentId& id = chunk.segment.id;
    tx.run_for_effect(sql::quarantine, known_node_, std::int64_t{id.epoch}, std::int64_t{id.shard},
                      std::int64_t{id.number}, chunk.segment.created_at,
                      std::int64_t{record.offset}, hex(record.payload), reason);
}

void Loader::set_aside(const Chunk& chunk, const std::string& reason) {
    const BatchOrigin origin = origin_of(chunk);
    batch_.clear();
    for (const ClickRecord& click : clicks_) batch_.add(click, {}, origin);
    db::Transaction tx(pool_);
    move_position(chunk, tx);
    quarantine(chunk, chunk.records.front(), reason, tx);
    batch_.store_days(tx, origin);
    tx.commit();
    counters_.quarantined.add(1);
}

void Loader::make_partitions() {
    for (const Day day : batch_.days()) {
        const std::chrono::year_month_day date(day);
        const std::chrono::year_month month = date.year() / date.month();
        if (partitions_.contains(month)) continue;
        db::Transaction tx(pool_);
        tx.one(sql::make_partition, day);
        tx.commit();
        partitions_.insert(month);
    }
}

void Loader::tell_live() {
    if (!parts_.live) return;
    std::vector<SeenVisitor> visitors;
    for (const ClickRecord& click : clicks_)
        if (is_by_people(click.click_class))
            visitors.push_back({click.visitor, click.user_id, click.clicked_at});
    parts_.live->see(visitors);
    if (!parts_.live->has_subscribers()) return;
    std::vector<Click> shown;
    const std::size_t first = clicks_.size() - std::min(clicks_.size(), live_clicks_max);
    for (std::size_t i = first; i < clicks_.size(); ++i)
        shown.push_back(enrichment_.describe(clicks_[i]));
    parts_.live->publish(shown);
}

}  // namespace referral::clicks

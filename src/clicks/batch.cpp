#include "clicks/batch.hpp"

#include <algorithm>
#include <boost/container_hash/hash.hpp>
#include <stdexcept>

#include "base/text.hpp"
#include "clicks/queries.hpp"
#include "platform/crypto/encoding.hpp"
#include "platform/schema/json.hpp"

namespace referral::clicks {

namespace {

constexpr std::chrono::minutes bucket_length{15};
constexpr std::size_t digested_bytes = 17;

constexpr std::string_view copy_statement =
    "copy link_clicks (referral_link_id, clicked_at, id, user_id, program_id, node_id, class, "
    "flags, visitor, visitor_ip, user_agent_id, place_id, asn, referrer_id, utm_id, metadata) "
    "from stdin (format binary)";
constexpr std::int16_t columns = 16;

/// jsonb's binary form: a version byte, then the text.
std::string orphan_metadata(std::string_view code) {
    schema::json::object object;
    object["code"] = schema::json::string(cleaned(code));
    return '\1' + schema::json::serialize(object);
}

/// The entries of a map in the order of its keys: rows that are locked in one order never make two
/// loaders wait for each other in a circle, and neighbours share pages.
template <class Key, class Value>
std::vector<std::pair<Key, Value>> sorted(const boost::unordered_flat_map<Key, Value>& map) {
    std::vector<std::pair<Key, Value>> entries(map.begin(), map.end());
    std::ranges::sort(entries, {}, &std::pair<Key, Value>::first);
    return entries;
}

template <class... Parts>
std::size_t hash_of(const Parts&... parts) {
    std::size_t seed = 0;
    (boost::hash_combine(seed, parts), ...);
    return seed;
}

}  // namespace

std::size_t hash_value(const LinkCountKey& key) {
    return hash_of(key.link_id, key.bucket.time_since_epoch().count(), key.click_class);
}

std::size_t hash_value(const ProgramCountKey& key) {
    return hash_of(key.program_id, key.by, key.bucket.time_since_epoch().count(), key.value_id,
                   key.click_class);
}

Instant bucket_of(Instant clicked_at) {
    return Instant(std::chrono::floor<std::chrono::duration<std::int64_t, std::ratio<900>>>(
        clicked_at.time_since_epoch()));
}

void Batch::clear() {
    rows_.clear();
    clicks_ = 0;
    by_link_.clear();
    by_program_.clear();
    totals_.clear();
    visits_.clear();
    days_.clear();
}

void Batch::add(const ClickRecord& click, const Dimensions& dimensions, const BatchOrigin& origin) {
    static_assert(std::chrono::seconds(bucket_length).count() == 900);
    ++clicks_;
    add_row(click, dimensions, origin);
    const Instant bucket = bucket_of(click.clicked_at);
    ++by_link_[{click.link_id, bucket, click.click_class}];
    const auto count = [&](CountedBy by, std::optional<std::int32_t> value) {
        ++by_program_[{click.program_id, by, bucket, value.value_or(0), click.click_class}];
    };
    count(CountedBy::all, 0);
    count(CountedBy::place, dimensions.place_id);
    count(CountedBy::user_agent, dimensions.user_agent_id);
    count(CountedBy::referrer, dimensions.referrer_id);
    count(CountedBy::utm, dimensions.utm_id);
    if (click.link_id != 0 && is_by_people(click.click_class)) {
        Totals& totals = totals_[click.link_id];
        ++totals.clicks;
        totals.unique_clicks += click.click_class == Class::human;
        totals.last = std::max(totals.last, click.clicked_at);
    }
    if (click.flags & ClickFlags::counted_visit) ++visits_[click.link_id];

    DayClicks& day = days_[std::chrono::floor<std::chrono::days>(click.clicked_at)];
    ++day.clicks;
    day.digested.insert(day.digested.end(), click.id.bytes.begin(), click.id.bytes.end());
    day.digested.push_back(static_cast<std::uint8_t>(click.click_class));
}

void Batch::add_row(const ClickRecord& click, const Dimensions& dimensions,
                    const BatchOrigin& origin) {
    const auto id32 = [&](std::optional<std::int32_t> id) {
        if (id)
            rows_.int32(*id);
        else
            rows_.null();
    };
    rows_.begin_row(columns);
    rows_.int64(click.link_id);
    rows_.timestamp(click.clicked_at);
    rows_.uuid(click.id.bytes);
    rows_.int64(click.user_id);
    rows_.int64(click.program_id);
    rows_.int16(static_cast<std::int16_t>(origin.node_id));
    rows_.int16(static_cast<std::int16_t>(click.click_class));
    rows_.int16(static_cast<std::int16_t>(click.flags));
    rows_.uuid(click.visitor);
    rows_.inet(click.ip);
    id32(dimensions.user_agent_id);
    id32(dimensions.place_id);
    if (dimensions.asn)
        rows_.int64(*dimensions.asn);
    else
        rows_.null();
    id32(dimensions.referrer_id);
    id32(dimensions.utm_id);
    if (click.code.empty())
        rows_.null();
    else
        rows_.bytes(orphan_metadata(click.code));
}

std::vector<Day> Batch::days() const {
    std::vector<Day> days;
    for (const auto& [day, clicks] : days_) days.push_back(day);
    return days;
}

void Batch::store(db::Transaction& tx, const BatchOrigin& origin) {
    tx.copy(copy_statement, rows_.finish());
    store_link_counts(tx, origin);
    store_program_counts(tx, origin);
    store_days(tx, origin);
    store_totals(tx);
    store_visits(tx);
}

void Batch::store_link_counts(db::Transaction& tx, const BatchOrigin& origin) const {
    sql::Numbers links, classes, counts;
    sql::Instants buckets;
    for (const auto& [key, count] : sorted(by_link_)) {
        links.push_back(key.link_id);
        buckets.push_back(key.bucket);
        classes.push_back(static_cast<std::int64_t>(key.click_class));
        counts.push_back(count);
    }
    tx.run_for_effect(sql::count_links, links, buckets, classes, counts, origin.loader);
}

void Batch::store_program_counts(db::Transaction& tx, const BatchOrigin& origin) const {
    sql::Numbers programs, dimensions, values, classes, counts;
    sql::Instants buckets;
    for (const auto& [key, count] : sorted(by_program_)) {
        programs.push_back(key.program_id);
        dimensions.push_back(static_cast<std::int64_t>(key.by));
        buckets.push_back(key.bucket);
        values.push_back(key.value_id);
        classes.push_back(static_cast<std::int64_t>(key.click_class));
        counts.push_back(count);
    }
    tx.run_for_effect(sql::count_programs, programs, dimensions, buckets, values, classes, counts,
                      origin.loader);
}

void Batch::store_days(db::Transaction& tx, const BatchOrigin& origin) const {
    for (const auto& [day, clicks] : days_) {
        const auto [journalled, digest] =
            tx.maybe(sql::day_digest, origin.node_id, day, origin.epoch, origin.shard)
                .value_or(std::tuple(std::int64_t{0}, std::string()));
        const auto before = crypto::from_hex(digest);
        const crypto::Digest after = chained(
            {reinterpret_cast<const char*>(before->data()), before->size()}, clicks.digested);
        const std::int64_t moved =
            tx.run_for_effect(sql::count_day, origin.node_id, day, origin.epoch, origin.shard,
                              journalled + clicks.clicks, crypto::to_hex(after), journalled);
        if (moved != 1) throw std::runtime_error("another loader moved the digest of the day");
    }
}

void Batch::store_totals(db::Transaction& tx) const {
    sql::Numbers links, clicks, unique_clicks;
    sql::Instants last;
    for (const auto& [link, totals] : sorted(totals_)) {
        links.push_back(link);
        clicks.push_back(totals.clicks);
        unique_clicks.push_back(totals.unique_clicks);
        last.push_back(totals.last);
    }
    if (!links.empty()) tx.run_for_effect(sql::count_totals, links, clicks, unique_clicks, last);
}

void Batch::store_visits(db::Transaction& tx) const {
    if (visits_.empty()) return;
    sql::Numbers visited, visits;
    for (const auto& [link, count] : visits_) {
        visited.push_back(link);
        visits.push_back(count);
    }
    tx.all(sql::lock_links, visited);
    tx.run_for_effect(sql::count_visits, visited, visits);
}

crypto::Digest chained(std::string_view before, const std::vector<std::uint8_t>& digested) {
    crypto::Sha256 first;
    first.add(before);
    std::span<const std::uint8_t> left(digested);
    first.add(left.first(digested_bytes));
    crypto::Digest digest = first.digest();
    for (left = left.subspan(digested_bytes); !left.empty(); left = left.subspan(digested_bytes)) {
        crypto::Sha256 next;
        next.add(digest);
        next.add(left.first(digested_bytes));
        digest = next.digest();
    }
    return digest;
}

}  // namespace referral::clicks

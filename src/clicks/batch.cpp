#include "clicks/batch.hpp"

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

}  // namespace

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
    const int number = static_cast<int>(click.click_class);
    ++by_link_[{click.link_id, bucket, number}];
    const auto count = [&](CountedBy by, std::optional<std::int32_t> value) {
        ++by_program_[{click.program_id, static_cast<int>(by), bucket, value.value_or(0), number}];
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
}

void Batch::store_link_counts(db::Transaction& tx, const BatchOrigin& origin) const {
    sql::Numbers links, classes, counts;
    sql::Instants buckets;
    for (const auto& [key, count] : by_link_) {
        links.push_back(std::get<0>(key));
        buckets.push_back(std::get<1>(key));
        classes.push_back(std::get<2>(key));
        counts.push_back(count);
    }
    tx.run_for_effect(sql::count_links, links, buckets, classes, counts, origin.loader);
}

void Batch::store_program_counts(db::Transaction& tx, const BatchOrigin& origin) const {
    sql::Numbers programs, dimensions, values, classes, counts;
    sql::Instants buckets;
    for (const auto& [key, count] : by_program_) {
        programs.push_back(std::get<0>(key));
        dimensions.push_back(std::get<1>(key));
        buckets.push_back(std::get<2>(key));
        values.push_back(std::get<3>(key));
        classes.push_back(std::get<4>(key));
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
    for (const auto& [link, totals] : totals_) {
        links.push_back(link);
        clicks.push_back(totals.clicks);
        unique_clicks.push_back(totals.unique_clicks);
        last.push_back(totals.last);
    }
    if (!links.empty()) tx.run_for_effect(sql::count_totals, links, clicks, unique_clicks, last);
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

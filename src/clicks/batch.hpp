#pragma once

/// The clicks of one transaction: their rows, what they add to every count, and their digest.

#include <boost/unordered/unordered_flat_map.hpp>
#include <compare>
#include <cstdint>
#include <map>
#include <vector>

#include "clicks/enrichment.hpp"
#include "clicks/record.hpp"
#include "platform/crypto/hash.hpp"
#include "platform/db/copy.hpp"
#include "platform/db/transaction.hpp"

namespace referral::clicks {

/// Whose clicks they are and how their counts are marked.
struct BatchOrigin {
    std::int64_t node_id = 0;
    std::int64_t epoch = 0;
    std::int64_t shard = 0;
    std::int64_t loader = 0;  // Marks this loader's rows of the counts.
};

/// The dimension that one count of program_click_counts goes by; 0 in value_id: not known.
enum class CountedBy : std::int16_t { all, place, user_agent, referrer, utm };

/// The start of the quarter of an hour that counts are kept by.
Instant bucket_of(Instant clicked_at);

/// What a count of link_click_counts goes by.
struct LinkCountKey {
    std::int64_t link_id;
    Instant bucket;
    Class click_class;

    friend auto operator<=>(const LinkCountKey&, const LinkCountKey&) = default;
};

/// What a count of program_click_counts goes by.
struct ProgramCountKey {
    std::int64_t program_id;
    CountedBy by;
    Instant bucket;
    std::int32_t value_id;
    Class click_class;

    friend auto operator<=>(const ProgramCountKey&, const ProgramCountKey&) = default;
};

/// How boost's maps hash them.
std::size_t hash_value(const LinkCountKey& key);
std::size_t hash_value(const ProgramCountKey& key);

/// Collects clicks, then stores them. Reused between batches, so that it stops allocating.
class Batch {
public:
    void clear();

    void add(const ClickRecord& click, const Dimensions& dimensions, const BatchOrigin& origin);

    std::size_t size() const { return clicks_; }

    /// The days (UTC) that the clicks are of.
    std::vector<Day> days() const;

    /// Copies the rows and adds to the counts, the rows that others also write last, so that they
    /// are locked for the shortest time. Throws db::Error; std::runtime_error when the day's digest
    /// was moved by somebody else.
    void store(db::Transaction& tx, const BatchOrigin& origin);

    /// Adds to the days' digests alone, for a click that the tables refuse: the day's proof then
    /// shows that it is missing. Throws as `store`.
    void store_days(db::Transaction& tx, const BatchOrigin& origin) const;

private:
    struct Totals {
        std::int64_t clicks = 0;
        std::int64_t unique_clicks = 0;
        Instant last{};
    };
    struct DayClicks {
        std::int64_t clicks = 0;
        std::vector<std::uint8_t> digested;  // Of each click: 16 bytes id, 1 byte class.
    };

    void add_row(const ClickRecord& click, const Dimensions& dimensions, const BatchOrigin& origin);
    void store_link_counts(db::Transaction& tx, const BatchOrigin& origin) const;
    void store_program_counts(db::Transaction& tx, const BatchOrigin& origin) const;
    void store_totals(db::Transaction& tx) const;
    void store_visits(db::Transaction& tx) const;

    db::CopyRows rows_;
    std::size_t clicks_ = 0;
    boost::unordered_flat_map<LinkCountKey, std::int64_t> by_link_;
    boost::unordered_flat_map<ProgramCountKey, std::int64_t> by_program_;
    boost::unordered_flat_map<std::int64_t, Totals> totals_;
    std::map<std::int64_t, std::int64_t> visits_;
    std::map<Day, DayClicks> days_;
};

/// The digest after the clicks of `digested` (17 bytes each) on top of `before`: one SHA-256 a
/// click, of the digest so far (nothing at first), the id and the class.
crypto::Digest chained(std::string_view before, const std::vector<std::uint8_t>& digested);

}  // namespace referral::clicks

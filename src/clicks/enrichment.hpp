#pragma once

/// What a click's raw texts mean: place, network, device, page before, campaign. The texts that
/// repeat stand in tables of their own (dimensions); clicks carry their ids.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "clicks/networks.hpp"
#include "clicks/places.hpp"
#include "clicks/record.hpp"
#include "clicks/schemas.hpp"
#include "clicks/user_agent.hpp"
#include "platform/db/transaction.hpp"

namespace referral::clicks {

/// The ids of a click's dimensions; nothing: not known.
struct Dimensions {
    std::optional<std::int32_t> user_agent_id, place_id, referrer_id, utm_id;
    std::optional<std::int64_t> asn;
};

/// The columns of one row of a dimension's table, text by text.
using DimensionRow = std::vector<std::string>;

/// Host and path of the page before, or nothing when it is no address. Without query and fragment:
/// they hold what is nobody's business. At most 255 bytes each.
std::optional<DimensionRow> referrer_of(std::string_view header);

/// The five UTM parameters of a query, cut to 100 bytes each, or nothing when there are none.
std::optional<DimensionRow> utm_of_query(std::string_view query);

/// The ids of one dimension's rows, by a raw key that is cheap to make. Bounded.
class DimensionIds {
public:
    static constexpr std::size_t known_max = 100'000;

    /// Whether `key` is new, and `want` must be called.
    bool is_new(const std::string& key) const { return !ids_.contains(key); }

    /// Notes that `key` stands for `row`; nothing: for no row.
    void want(const std::string& key, std::optional<DimensionRow> row);

    std::optional<std::int32_t> id(const std::string& key) const;

    bool has_wanted() const { return !wanted_.empty(); }
    bool full() const { return ids_.size() >= known_max; }

    /// The different rows wanted since the last `settle`, sorted, so that two loaders that add the
    /// same ones never wait for each other in a circle.
    std::vector<DimensionRow> wanted() const;

    /// Takes the ids of rows wanted; those without one stay unknown.
    void settle(const std::map<DimensionRow, std::int32_t>& ids);

    /// Forgets all, for the tables may have been set back.
    void clear();

private:
    std::unordered_map<std::string, std::optional<std::int32_t>> ids_;
    std::map<DimensionRow, std::vector<std::string>> wanted_;
};

/// What links say of themselves, as clicks need it.
struct LinkLabel {
    std::string code;
    std::optional<DimensionRow> utm;
};

/// Where enrichment looks things up. Null: not known here.
struct EnrichmentSources {
    const Places* places = nullptr;
    const UserAgentRules* user_agents = nullptr;
    const Networks* networks = nullptr;
};

/// Finds the dimensions of clicks, for one loader. Its caches are bounded; rows are added in short
/// transactions of their own, so that an id stays good when the clicks' transaction rolls back.
class Enrichment {
public:
    /// New rows of one dimension in an hour. More would be somebody making texts up; the clicks are
    /// stored without.
    static constexpr std::int64_t rows_per_hour_max = 20'000;

    explicit Enrichment(const EnrichmentSources& sources);

    /// Sees to it that `dimensions` knows all of `clicks`. Throws db::Error.
    void prepare(const std::vector<ClickRecord>& clicks, db::Pool& pool, Instant now);

    Dimensions dimensions(const ClickRecord& click);

    /// The click as the API shows it; for few clicks. Its link must have been prepared.
    Click describe(const ClickRecord& click);

    /// Forgets all ids, after the database was away: it may have been set back.
    void forget();

    /// Rows refused by `rows_per_hour_max`.
    std::uint64_t refused() const { return refused_; }

private:
    enum Kind { user_agents, places, referrers, utms, kinds };

    void want(const ClickRecord& click);
    void label_links(const std::vector<ClickRecord>& clicks, db::Transaction& tx);
    void settle(Kind kind, db::Transaction& tx, Instant now);
    void add_networks(db::Transaction& tx);
    std::map<DimensionRow, std::int32_t> find(Kind kind, db::Transaction& tx,
                                              const std::vector<DimensionRow>& rows) const;
    void add(Kind kind, db::Transaction& tx, const std::vector<DimensionRow>& rows) const;
    std::optional<DimensionRow> utm_of(const ClickRecord& click) const;

    const EnrichmentSources sources_;
    std::optional<UserAgents> agents_;
    DimensionIds ids_[kinds];
    std::unordered_map<std::int64_t, std::string> networks_;  // Known to be stored.
    std::unordered_map<std::int64_t, std::string> networks_new_;
    std::unordered_map<std::int64_t, LinkLabel> links_;
    Instant links_read_at_{};
    Instant hour_{};
    std::int64_t added_[kinds]{};
    std::uint64_t refused_ = 0;
};

}  // namespace referral::clicks

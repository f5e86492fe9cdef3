#pragma once

/// What a click's raw texts mean: place, network, device, page before, campaign. The texts that
/// repeat stand in tables of their own (dimensions); clicks carry their ids.

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <functional>
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

/// Lets maps of texts be asked with views.
struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
        return std::hash<std::string_view>{}(text);
    }
};

/// The ids of one dimension's rows, by a key that is cheap to make of a click. Bounded.
template <class KeyType, class Hash>
class DimensionIds {
public:
    using Key = KeyType;
    static constexpr std::size_t known_max = 100'000;

    /// The id that `key` stands for (nothing: no row), or null when `key` is new.
    template <class Raw>
    const std::optional<std::int32_t>* find(const Raw& key) const {
        const auto known = ids_.find(key);
        return known == ids_.end() ? nullptr : &known->second;
    }

    /// Notes that `key` stands for `row` (nothing: for no row), whose id `settle` will tell.
    void want(Key key, std::optional<DimensionRow> row) {
        if (row) wanted_[std::move(*row)].push_back(key);
        ids_.emplace(std::move(key), std::nullopt);
    }

    bool has_wanted() const { return !wanted_.empty(); }
    bool full() const { return ids_.size() >= known_max; }

    /// The different rows wanted since the last `settle`, sorted, so that two loaders that add the
    /// same ones never wait for each other in a circle.
    std::vector<DimensionRow> wanted() const {
        std::vector<DimensionRow> rows;
        for (const auto& [row, keys] : wanted_) rows.push_back(row);
        return rows;
    }

    /// Takes the ids of rows wanted; those without one stay unknown.
    void settle(const std::map<DimensionRow, std::int32_t>& ids) {
        for (const auto& [row, keys] : wanted_) {
            const auto found = ids.find(row);
            if (found == ids.end()) continue;
            for (const Key& key : keys) ids_[key] = found->second;
        }
        wanted_.clear();
    }

    /// Forgets all, for the tables may have been set back.
    void clear() {
        ids_.clear();
        wanted_.clear();
    }

private:
    boost::unordered_flat_map<Key, std::optional<std::int32_t>, Hash, std::equal_to<>> ids_;
    std::map<DimensionRow, std::vector<Key>> wanted_;
};

/// What links say of themselves, as clicks need it.
struct LinkLabel {
    std::string code;
    std::optional<DimensionRow> utm;
    std::string utm_key;  // `utm` as one text.
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

    /// The dimensions of each of `clicks`, valid until the next call. Throws db::Error.
    const std::vector<Dimensions>& dimensions(const std::vector<ClickRecord>& clicks,
                                              db::Pool& pool, Instant now);

    /// The click as the API shows it; for few clicks. Asked after `dimensions`, which reads its
    /// link.
    Click describe(const ClickRecord& click);

    /// Forgets all ids, after the database was away: it may have been set back.
    void forget();

    /// Rows refused by `rows_per_hour_max`.
    std::uint64_t refused() const { return refused_; }

private:
    enum Kind { user_agents, places, referrers, utms, kinds };
    using TextIds = DimensionIds<std::string, TextHash>;
    using PlaceIds = DimensionIds<Places::Key, std::hash<Places::Key>>;

    void make_room(Instant now);
    void label_links(const std::vector<ClickRecord>& clicks, db::Pool& pool);
    Dimensions look_up(const ClickRecord& click);
    std::optional<std::int32_t> user_agent_id(std::string_view agent);
    std::optional<std::int32_t> utm_id(const ClickRecord& click);
    std::optional<std::int64_t> asn(const IpAddress& ip);
    bool settle_all(db::Pool& pool, Instant now);
    template <class Ids>
    void settle(Kind kind, Ids& ids, db::Transaction& tx, Instant now);
    void add_networks(db::Transaction& tx);
    std::map<DimensionRow, std::int32_t> find(Kind kind, db::Transaction& tx,
                                              const std::vector<DimensionRow>& rows) const;
    void add(Kind kind, db::Transaction& tx, const std::vector<DimensionRow>& rows) const;
    std::optional<DimensionRow> utm_of(const ClickRecord& click) const;

    const EnrichmentSources sources_;
    std::optional<UserAgents> agents_;
    TextIds agent_ids_, referrer_ids_, utm_ids_;
    PlaceIds place_ids_;
    std::vector<Dimensions> dimensions_;
    std::unordered_map<std::int64_t, std::string> networks_;  // Known to be stored.
    std::unordered_map<std::int64_t, std::string> networks_new_;
    boost::unordered_flat_map<std::int64_t, LinkLabel> links_;
    Instant links_read_at_{};
    Instant hour_{};
    std::int64_t added_[kinds]{};
    std::uint64_t refused_ = 0;
};

}  // namespace referral::clicks

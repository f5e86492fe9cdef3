#pragma once

/// Past conversions of a program, with what rules ask about them, in the order in which they
/// occurred.

#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "commissions/simulation.hpp"
#include "commissions/trial_rows.hpp"
#include "partners/partners.hpp"
#include "platform/db/pool.hpp"

namespace referral::commissions {

/// What is not read unless some rule asks for it.
struct Asked {
    bool metadata = false, customers = false, levels = false;
};

Asked asked_by(const std::vector<RuleVersion>& rules);

class Past {
public:
    /// Conversions with from <= occurred_at < to. `pool` outlives it.
    Past(db::Pool& pool, const programs::Program& program, Instant from, Instant to, Asked asked);

    std::int64_t count();

    /// Calls `see` for each; what it is given is valid only during the call. Each piece is read in
    /// a transaction of its own; `between` is called between pieces. Gives how many conversions
    /// had no exchange rate, and were left out.
    std::int64_t for_each(const std::function<void(const Case&)>& see,
                          const std::function<void(std::int64_t seen)>& between);

private:
    struct Referrer {
        Instant since;
        std::int64_t user;  // 0: nobody any more.
    };

    void load();
    void load_memberships(db::Transaction& tx, const std::vector<PastConversion>& page);
    bool read(const PastConversion& row, Case& one);
    void read_metadata(const PastConversion& row);
    void add_candidates(const PastConversion& row, std::size_t credit, Case& one);
    std::int64_t referrer(std::int64_t user, Instant at) const;
    std::optional<ExchangeRate> rate(const Currency& from, Instant at) const;

    db::Pool& pool_;
    const programs::Program program_;
    const Instant from_, to_;
    const Asked asked_;
    std::map<std::string, std::vector<std::pair<Day, ExchangeRate>>> rates_;
    std::unordered_map<std::int64_t, std::vector<Referrer>> referrers_;
    std::unordered_map<std::int64_t, std::optional<partners::Membership>> memberships_;
    std::unordered_set<std::int64_t> known_customers_, known_before_;
    std::vector<std::pair<std::string, std::string>> texts_;
    std::vector<Metadatum> metadata_;
};

}  // namespace referral::commissions

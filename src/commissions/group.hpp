#pragma once

/// Stored commissions that depend on each other by caps, tiers and months, computed anew together.

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "commissions/commission.hpp"
#include "commissions/replay.hpp"
#include "commissions/stored_rules.hpp"
#include "programs/programs.hpp"

namespace referral::commissions {

/// What decides which commissions depend on each other.
struct Member {
    CommissionId id;
    conversions::ConversionId conversion_id;
    conversions::CustomerId customer_id;
    UserId user_id, credited_id;
    std::int64_t level = 1;
    RuleId rule_id;
    Instant occurred_at{};
};

/// What the versions of one rule make depend on each other.
struct RuleLinks {
    bool customers = false, partners = false, all = false;
    /// The longest that a partner's commissions count together; `always` where periods cut each
    /// other.
    Period period = Period::week;

    bool any() const { return customers || partners || all; }
};

RuleLinks links_of(std::span<const RuleVersion> versions);

/// In place of a rule: the budget of the program itself.
inline constexpr RuleId whole_program{0};

/// What is known of a budget without looking at all that it pays.
struct Budget {
    RuleId rule;
    std::int64_t spent = 0;
    std::int64_t unsplit = 0;  ///< The largest `unsplit_max` of what it pays.
    std::optional<std::int64_t> computed_with{};
    bool has_cut = false;

    bool is_of_program() const { return rule == whole_program; }
    bool pays(RuleId of) const { return is_of_program() || of == rule; }
};

/// The most by which a conversion's amount may have been above this part of it before it was
/// divided: what a budget must have had left so that it was not cut.
std::int64_t unsplit_max(std::span<const std::int64_t> weights, std::size_t own,
                         std::int64_t amount);

/// A commission as it is computed: its event under `rule`, which outlives it, or as if nothing were
/// to be paid for it.
Event event_of(const CommissionRow& row, const RuleVersion& rule, bool is_nothing);

class Group {
public:
    enum class For { change, reading };

    /// `program` and `zone` outlive it. Rows are locked for a change, and whoever changes what
    /// others depend on has called `lock_dependent`. For reading everything is computed from its
    /// beginning; for a change only what may become another.
    Group(db::Transaction& tx, const programs::Program& program, const Zone& zone,
          For purpose = For::change)
        : tx_(tx), program_(program), zone_(zone), purpose_(purpose) {}

    /// Whether one of the rules lets conversions depend on each other, or the program does.
    bool is_linked(const std::set<RuleId>& rules);

    /// Loads the conversions of the seeds and all that depends on them, locked in the order of
    /// their ids, and computes them. `nothing`: as if nothing were to be paid for this one.
    void compute(const std::vector<CommissionId>& seeds,
                 std::optional<CommissionId> nothing = std::nullopt);

    std::vector<CommissionRow>& rows() { return rows_; }
    const std::vector<Earned>& earned() const { return earned_; }
    const RuleVersion& version_of(const CommissionRow& row);

    /// Loads what a commission depends on, and gives its calculation with its trace.
    Calculation explain(CommissionId id);

private:
    class Closure;

    const std::vector<RuleVersion>& versions_of(RuleId rule);
    void load_versions(const std::set<RuleId>& rules);
    void load(const std::vector<CommissionId>& ids);
    void compute_all(const std::vector<CommissionId>& seeds, std::optional<CommissionId> nothing);
    std::vector<Event> events(std::optional<CommissionId> nothing = std::nullopt);
    std::vector<Event> events_after_others(conversions::ConversionId conversion,
                                           std::optional<CommissionId> nothing = std::nullopt);

    std::vector<Budget> budgets_of(const std::set<RuleId>& rules);
    std::int64_t limit_of(const Budget& budget);
    bool has_room(const Budget& budget);
    bool still_has_room(const Budget& budget);
    Spent spent_by_others(const std::vector<Budget>& budgets,
                          const std::function<bool(const CommissionRow&)>& is_in) const;
    bool comes_last(const std::vector<Member>& seeds, const std::set<RuleId>& rules,
                    const std::vector<Budget>& budgets);

    db::Transaction& tx_;
    const programs::Program& program_;
    const Zone& zone_;
    const For purpose_;
    std::map<RuleId, std::vector<RuleVersion>> versions_;
    std::vector<CommissionRow> rows_;
    std::vector<Earned> earned_;
};

/// Waits until nobody else computes commissions of the program that depend on each other. Taken
/// before any row of commissions and before `lock_partners`.
void lock_dependent(db::Transaction& tx, programs::ProgramId program);

/// Waits until nobody else posts about these partners; all at once, so that postings never wait
/// for each other in a circle. Taken before the first posting.
void lock_partners(db::Transaction& tx, const std::set<UserId>& partners);

}  // namespace referral::commissions

#pragma once

/// What a set of rules pays for conversions that come in the order in which they occurred. Pure,
/// and in one pass, or in two where whole periods have one rate.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "commissions/rules.hpp"
#include "commissions/totals.hpp"

namespace referral::commissions {

/// One partner that could earn by a conversion. As Share, but without its texts.
struct Candidate {
    std::int64_t credited = 0, earner = 0;
    int level = 1;
    std::int64_t enrolment = 0, group = 0, code = 0;
    std::size_t own_weight = 0;
    bool is_active = true;
};

/// A conversion and who could earn by it, in the order of levels within each credit.
struct Case {
    std::int64_t conversion = 0, customer = 0, program = 0;
    Facts facts;
    std::vector<std::int64_t> weights;
    std::vector<Candidate> candidates;
};

class Simulation {
public:
    /// All outlive it.
    Simulation(const Rules& rules, std::span<const RuleVersion* const> versions, const Zone& zone,
               std::optional<std::int64_t> budget);

    /// Whether a first pass over all cases is needed before what they earn is known.
    bool takes_two_passes() const { return is_whole_; }

    /// The first pass: counts.
    void count(const Case& one);

    /// The second, or the only one: gives what each candidate earns to `keep`.
    using Keep = std::function<void(const Candidate&, std::int64_t amount)>;
    void pay(const Case& one, const Keep& keep);

private:
    template <class Adapt, class Done>
    void run(const Case& one, Totals& totals, const Adapt& adapt, const Done& done);

    const Rules& rules_;
    const Zone& zone_;
    const bool is_whole_;
    Totals volumes_, totals_;
};

}  // namespace referral::commissions

#include "platform/jobs/tally.hpp"

#include "platform/db/transaction.hpp"
#include "platform/jobs/queries.hpp"

namespace referral::jobs {

Tally::Tally(const JobTable& kinds) {
    for (const JobKind& kind : kinds) {
        kinds_.push_back(std::make_unique<Counts>());
        kinds_.back()->kind = kind.name;
    }
}

const Tally::Counts* Tally::find(std::string_view kind) const noexcept {
    for (const auto& counts : kinds_)
        if (counts->kind == kind) return counts.get();
    return nullptr;
}

void Tally::add(std::string_view kind, Outcome outcome, std::uint64_t count) noexcept {
    for (const auto& counts : kinds_)
        if (counts->kind == kind) counts->seen[static_cast<std::size_t>(outcome)] += count;
}

std::uint64_t Tally::count(std::string_view kind, Outcome outcome) const noexcept {
    const Counts* counts = find(kind);
    return counts ? counts->seen[static_cast<std::size_t>(outcome)].load() : 0;
}

void Tally::flush(db::Pool& pool, Instant now) {
    std::vector<std::pair<Counts*, std::array<std::uint64_t, outcomes>>> fresh;
    for (const auto& counts : kinds_) {
        std::array<std::uint64_t, outcomes> seen{};
        for (std::size_t i = 0; i < outcomes; ++i) seen[i] = counts->seen[i];
        if (seen != counts->flushed) fresh.emplace_back(counts.get(), seen);
    }
    if (fresh.empty()) return;
    db::Transaction tx(pool);
    for (const auto& [counts, seen] : fresh) {
        const auto since = [&, &of = *counts, &now_seen = seen](Outcome outcome) {
            const auto i = static_cast<std::size_t>(outcome);
            return static_cast<std::int64_t>(now_seen[i] - of.flushed[i]);
        };
        tx.run_for_effect(sql::add_counts, counts->kind, now, since(Outcome::done),
                          since(Outcome::failed), since(Outcome::dead), since(Outcome::lost));
    }
    tx.commit();
    for (const auto& [counts, seen] : fresh) counts->flushed = seen;
}

}  // namespace referral::jobs

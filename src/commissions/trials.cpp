#include "commissions/trials.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "commissions/past.hpp"
#include "commissions/schemas.hpp"
#include "commissions/trial_queries.hpp"

namespace referral::commissions {

namespace {

/// What is tried when nobody says from when.
constexpr std::chrono::days year_before{365};

constexpr std::size_t partners_shown_max = 500;
/// The number of a draft that replaces nothing; no stored rule comes to it.
constexpr RuleId latest_id{std::numeric_limits<std::int64_t>::max()};

Trial shown(const StoredTrial& row) {
    const auto stored = schema::read<StoredVersion>(row.rule);
    return {.id = row.id,
            .program_id = row.program_id,
            .rule = view_of(loaded(stored), row.program_id),
            .replaces = row.replaces,
            .from = row.occurred_from,
            .to = row.occurred_to,
            .status = row.status,
            .progress_done = row.progress_done,
            .progress_total = row.progress_total,
            .result = row.result,
            .error = row.error,
            .created_at = row.created_at,
            .ended_at = row.ended_at};
}

/// What one partner has with the rules as they are, and with the draft.
struct Sum {
    std::int64_t now = 0, then = 0, commissions_now = 0, commissions_then = 0;
};
using Sums = std::map<std::int64_t, Sum>;

/// The rules with the draft among them: versions of the rule that it replaces end where it begins.
std::vector<RuleVersion> with_draft(std::vector<RuleVersion> rules, const RuleVersion& draft) {
    std::erase_if(rules, [&](const RuleVersion& rule) {
        return rule.id == draft.id && rule.effective_from >= draft.effective_from;
    });
    rules.push_back(draft);
    return rules;
}

std::vector<const RuleVersion*> pointers(const std::vector<RuleVersion>& rules) {
    std::vector<const RuleVersion*> list;
    for (const RuleVersion& rule : rules) list.push_back(&rule);
    return list;
}

/// One trial under way.
class Laboratory {
public:
    Laboratory(jobs::Run& run, const StoredTrial& trial)
        : run_(run), trial_(trial), program_(read_program()), zone_(program_.timezone) {
        db::Transaction tx(run_.pool());
        now_ = all_versions(tx, program_.id);
        RuleVersion draft = loaded(schema::read<StoredVersion>(trial.rule));
        draft.version = 1'000'000;
        then_ = with_draft(now_, draft);
    }

    TrialResult work() {
        const Rules rules_now(now_), rules_then(then_);
        // Rules sorts copies of its own; totals only want to know which versions there are.
        const auto versions_now = pointers(now_), versions_then = pointers(then_);
        Simulation now(rules_now, versions_now, zone_, program_.budget);
        Simulation then(rules_then, versions_then, zone_, program_.budget);
        Past past(run_.pool(), program_, trial_.occurred_from, trial_.occurred_to, asked_by(then_));
        const bool twice = now.takes_two_passes() || then.takes_two_passes();
        total_ = past.count() * (twice ? 2 : 1);
        TrialResult result;
        if (twice) {
            past.for_each(
                [&](const Case& one) {
                    now.count(one);
                    then.count(one);
                },
                [&](std::int64_t seen) { tell(seen); });
            base_ = total_ / 2;
        }
        result.refused = past.for_each(
            [&](const Case& one) {
                now.pay(one, [&](const Candidate& candidate, std::int64_t amount) {
                    Sum& sum = sums_[candidate.earner];
                    sum.now += amount;
                    sum.commissions_now += 1;
                });
                then.pay(one, [&](const Candidate& candidate, std::int64_t amount) {
                    Sum& sum = sums_[candidate.earner];
                    sum.then += amount;
                    sum.commissions_then += 1;
                });
                result.conversions += 1;
            },
            [&](std::int64_t seen) { tell(base_ + seen); });
        add_sums(result);
        return result;
    }

    std::int64_t total() const { return total_; }

private:
    programs::Program read_program() {
        db::Transaction tx(run_.pool());
        return programs::get(tx, trial_.program_id);
    }

    void tell(std::int64_t done) {
        if (run_.stopping()) throw jobs::Stopped();
        run_.progress(done, total_);
        db::Transaction tx(run_.pool());
        tx.run_for_effect(sql::set_trial, trial_.id, TrialStatus::running, done, total_,
                          std::nullopt, std::nullopt, std::nullopt);
        tx.commit();
    }

    std::string text(std::int64_t minor) const { return to_text(Money{minor, program_.currency}); }

    void add_sums(TrialResult& result) {
        Sum all;
        std::vector<std::pair<std::int64_t, Sum>> list(sums_.begin(), sums_.end());
        for (const auto& [user, sum] : list) {
            all.now += sum.now;
            all.then += sum.then;
        }
        result.partners = static_cast<std::int64_t>(list.size());
        result.amount_now = text(all.now);
        result.amount_then = text(all.then);
        result.difference = text(all.then - all.now);
        std::ranges::stable_sort(list, std::greater(), [](const auto& each) {
            return std::abs(each.second.then - each.second.now);
        });
        if (list.size() > partners_shown_max) list.resize(partners_shown_max);
        const auto names = names_of(list);
        for (const auto& [user, sum] : list)
            result.by_partner.push_back({.user_id = {user},
                                         .user_name = names.at(user),
                                         .amount_now = text(sum.now),
                                         .amount_then = text(sum.then),
                                         .difference = text(sum.then - sum.now),
                                         .commissions_now = sum.commissions_now,
                                         .commissions_then = sum.commissions_then});
    }

    std::map<std::int64_t, std::string> names_of(
        const std::vector<std::pair<std::int64_t, Sum>>& list) {
        std::vector<UserId> users;
        for (const auto& [user, sum] : list) users.push_back({user});
        std::map<std::int64_t, std::string> names;
        db::Transaction tx(run_.pool());
        for (auto& [user, name] : tx.all(sql::user_names, users)) names[user.value] = name;
        return names;
    }

    jobs::Run& run_;
    const StoredTrial& trial_;
    const programs::Program program_;
    const Zone zone_;
    std::vector<RuleVersion> now_, then_;
    Sums sums_;
    std::int64_t total_ = 0, base_ = 0;
};

void end(db::Pool& pool, const StoredTrial& trial, std::int64_t total,
         const std::optional<schema::json::value>& result, const std::optional<std::string>& error,
         Instant now) {
    db::Transaction tx(pool);
    tx.run_for_effect(sql::set_trial, trial.id, error ? TrialStatus::failed : TrialStatus::done,
                      total, total, result, error, now);
    tx.commit();
}

}  // namespace

Trial begin_trial(db::Transaction& tx, const NewTrial& wanted, accounts::UserId by, Instant now) {
    const Instant to = wanted.to.value_or(now);
    const Instant from = wanted.from.value_or(std::max(first_instant, to - year_before));
    if (from >= to) throw invalid("to", "must be later than from");
    std::optional<ProgramId> program = wanted.rule.program_id;
    if (wanted.replaces)
        program = get_rule(tx, *wanted.replaces, std::nullopt, now).rule.program_id;
    RuleFrame frame = frame_of(tx, program, from);
    std::vector<FieldError> errors;
    RuleVersion draft = version_of(wanted.rule, frame, errors);
    check_scope(tx, draft, frame.program_id, errors);
    draft.id = wanted.replaces.value_or(latest_id);
    for (FieldError& error : errors) error.field = "rule." + error.field;
    if (!errors.empty()) throw Problem(Refusal::invalid, std::move(errors));
    const TrialId id = tx.one(sql::insert_trial, frame.program_id,
                              schema::Json<StoredVersion>::write(stored(draft, frame.program_id)),
                              wanted.replaces, from, to, now, by);
    jobs::enqueue(tx,
                  {.kind = "commissions.try-rule",
                   .payload = schema::json::object{{"trial_id", schema::json::string(id.text())}}},
                  now);
    return get_trial(tx, id);
}

Trial get_trial(db::Transaction& tx, TrialId id) {
    if (const auto row = tx.maybe(sql::get_trial, id)) return shown(*row);
    throw not_found("trial");
}

void run_trial(jobs::Run& run) {
    const auto& text = run.payload().at("trial_id").as_string();
    const auto id = TrialId::parse({text.data(), text.size()});
    if (!id) throw jobs::GiveUp("no trial_id");
    std::optional<StoredTrial> trial;
    {
        db::Transaction tx(run.pool());
        trial = tx.maybe(sql::get_trial, *id);
    }
    if (!trial || trial->status == TrialStatus::done) return;
    Laboratory laboratory(run, *trial);
    try {
        const TrialResult result = laboratory.work();
        end(run.pool(), *trial, laboratory.total(), schema::Json<TrialResult>::write(result),
            std::nullopt, run.now());
    } catch (const Problem& problem) {
        // What cannot be computed stays so; whoever asked reads why.
        end(run.pool(), *trial, laboratory.total(), std::nullopt, problem.detail(), run.now());
        throw jobs::GiveUp(problem.detail());
    }
}

}  // namespace referral::commissions

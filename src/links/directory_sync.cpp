#include "links/directory_sync.hpp"

#include <algorithm>

#include "base/problem.hpp"
#include "links/queries.hpp"
#include "platform/log/log.hpp"

namespace referral::links {

namespace {

constexpr std::size_t ids_per_statement = 5'000;

/// Reads JSON of a row, or nothing: a row spoilt by hand must not keep all others away.
template <class T>
std::optional<T> read(const StoredLink& link, std::string_view what, const std::string& text) {
    try {
        return schema::read<T>(schema::parse(text));
    } catch (const Problem& problem) {
        log::error("link_unreadable", "a column of this link cannot be read and is left out",
                   {{"link_id", link.id.text()}, {"column", what}, {"why", problem.what()}});
        return std::nullopt;
    }
}

LinkRow row_of(StoredLink&& link) {
    LinkRow row{.id = link.id,
                .user_id = link.user_id,
                .program_id = link.program_id,
                .code = std::move(link.code),
                .destination_url = std::move(link.destination_url),
                .status = link.status,
                .starts_at = link.starts_at,
                .expires_at = link.expires_at,
                .visits_max = link.visits_max,
                .visits = link.visits,
                .password_hash = std::move(link.password_hash),
                .pass_params = link.pass_params};
    if (link.utm) row.utm = read<Utm>(link, "utm", *link.utm);
    if (link.targets != "[]")
        row.targets = read<std::vector<Target>>(link, "targets", link.targets)
                          .value_or(std::vector<Target>{});
    if (row.targets.size() > targets_max) row.targets.resize(targets_max);
    for (Target& target : row.targets)
        if (target.countries && target.countries->size() > target_countries_max)
            target.countries->resize(target_countries_max);
    return row;
}

ProgramView view_of(const programs::Program& program) {
    return {.id = program.id,
            .fallback_url = program.fallback_url ? program.fallback_url->text() : "",
            .duplicate_window = std::chrono::seconds(program.duplicate_window_seconds),
            .allowed_hosts = program.allowed_hosts,
            .closed = program.status == programs::ProgramStatus::closed};
}

}  // namespace

bool DirectorySync::must_load_all(const Horizon& now) const {
    return !horizon_ || now.database != horizon_->database || now.next_xid < horizon_->next_xid ||
           now.at - horizon_->at > changes_kept - std::chrono::hours(24);
}

DirectorySync::Step DirectorySync::step() {
    db::Transaction tx(pool_);
    // Before the rows: what ends in between is asked for again the next time.
    const Horizon now = tx.one(sql::horizon);
    Step done;
    done.loaded_all = must_load_all(now);
    done.changes = done.loaded_all ? load_all(tx) : take_changes(tx, now);
    tx.commit();
    std::erase_if(taken_, [&](const auto& taken) { return taken.second < now.xid; });
    horizon_ = now;
    directory_.reclaim();
    return done;
}

std::size_t DirectorySync::load_all(db::Transaction& tx) {
    taken_.clear();
    take_programs(tx);
    std::vector<std::int64_t> ids;
    LinkId last;
    while (true) {
        auto page = tx.all(sql::stored_after, last);
        if (page.empty()) break;
        last = page.back().id;
        for (StoredLink& link : page) {
            ids.push_back(link.id.value);
            directory_.put(row_of(std::move(link)));
        }
        directory_.reclaim();
    }
    directory_.keep_only([&](LinkId id) { return std::ranges::binary_search(ids, id.value); });
    return ids.size();
}

std::size_t DirectorySync::take_changes(db::Transaction& tx, const Horizon& now) {
    std::size_t count = 0;
    bool programs_changed = false;
    Change last{.xid = horizon_->xid};
    while (true) {
        const auto page = tx.all(sql::changes, horizon_->xid, last.xid, last.id);
        if (page.empty()) break;
        last = page.back();
        std::vector<LinkId> ids;
        for (const Change& change : page) {
            if (!taken_.emplace(change.id, change.xid).second) continue;
            if (change.link_id) ids.push_back(*change.link_id);
            if (change.program_id) programs_changed = true;
        }
        std::ranges::sort(ids);
        ids.erase(std::ranges::unique(ids).begin(), ids.end());
        count += take_links(tx, ids);
        directory_.reclaim();
        // Those that can come again are kept, those that cannot would only fill the memory.
        std::erase_if(taken_, [&](const auto& taken) { return taken.second < now.xid; });
    }
    if (programs_changed) count += take_programs(tx);
    return count;
}

std::size_t DirectorySync::take_links(db::Transaction& tx, const std::vector<LinkId>& ids) {
    std::size_t count = 0;
    for (std::size_t from = 0; from < ids.size(); from += ids_per_statement) {
        const std::size_t to = std::min(from + ids_per_statement, ids.size());
        for (StoredLink& link : tx.all(sql::stored, {ids.begin() + from, ids.begin() + to})) {
            directory_.put(row_of(std::move(link)));
            ++count;
        }
    }
    return count;
}

std::size_t DirectorySync::take_programs(db::Transaction& tx) {
    const auto programs = programs::list(tx);
    for (const programs::Program& program : programs) directory_.put(view_of(program));
    return programs.size();
}

void forget_old_changes(db::Pool& pool, Instant now) {
    db::Transaction tx(pool);
    tx.run_for_effect(sql::forget_changes, now - changes_kept);
    tx.commit();
}

}  // namespace referral::links

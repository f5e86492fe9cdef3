/// The work on files, row by row, each in a transaction of its own: a program that ends in the
/// middle goes on where it was.

#include <map>

#include "base/problem.hpp"
#include "conversions/facts_hash.hpp"
#include "conversions/import_queries.hpp"

namespace referral::conversions {

namespace {

constexpr std::int64_t batch = 200;
constexpr int attempts_max = 5;

enum class Work { check, commit, undo };

/// What a row is worked on with.
struct Worker {
    const Conversions& conversions;
    jobs::Run& run;
    StoredImport import;
    Work work;
    /// Of rows looked at: the conversion's key, its facts and its line, for a row that comes twice.
    mutable std::map<std::string, std::pair<std::string, std::int64_t>> seen{};

    audit::Actor actor() const {
        return {.user_id = import.created_by.value,
                .job = std::string("conversions.") + (work == Work::undo ? "undo" : "commit") +
                       "-import"};
    }
};

/// What became of one row.
struct Done {
    RowStatus status = RowStatus::bad;
    std::vector<RowError> errors{};
    std::optional<ConversionId> conversion_id{};
};

std::vector<RowError> row_errors(const std::vector<FieldError>& errors) {
    std::vector<RowError> list;
    for (const FieldError& error : errors) list.push_back({error.field, error.message});
    return list;
}

Done refused(const Problem& problem) {
    Done done{.status = RowStatus::bad, .errors = row_errors(problem.errors())};
    if (done.errors.empty()) done.errors.push_back({"", problem.detail()});
    return done;
}

std::string key_of(const NewConversion& report) {
    return report.source.text() + '\n' + report.external_id.text() + '\n' +
           (report.line ? report.line->text() : "") + '\n' + std::string(name_of(report.kind));
}

/// What becomes of a row that an earlier good one of the file is about, too.
std::optional<Done> repeated(const Worker& worker, const NewConversion& report) {
    const auto found = worker.seen.find(key_of(report));
    if (found == worker.seen.end()) return std::nullopt;
    const auto& [hash, number] = found->second;
    if (hash == facts_hash(report)) return Done{.status = RowStatus::same};
    return Done{.status = RowStatus::bad,
                .errors = {{"external_id",
                            "stands in line " + std::to_string(number) + " with other facts"}}};
}

/// Looks at a row; what that writes is not kept.
Done check_row(const Worker& worker, const NewConversion& report, std::int64_t number) {
    if (auto done = repeated(worker, report)) return std::move(*done);
    db::Transaction tx(worker.run.pool());
    const auto known = worker.conversions.check(
        tx, report, {.actor = worker.actor(), .import_id = worker.import.id.value},
        worker.run.now());
    worker.seen.try_emplace(key_of(report), facts_hash(report), number);
    if (known) return {.status = RowStatus::same, .errors = {}, .conversion_id = *known};
    return {.status = RowStatus::good};
}

/// Stores a row, and what became of it, in one transaction.
Done commit_row(const Worker& worker, const NewConversion& report, std::int64_t number) {
    db::Transaction tx(worker.run.pool());
    const Recorded recorded = worker.conversions.record(
        tx, report, {.actor = worker.actor(), .import_id = worker.import.id.value},
        worker.run.now());
    Done done{.status = recorded.is_new ? RowStatus::made : RowStatus::same,
              .errors = {},
              .conversion_id = recorded.id};
    tx.run_for_effect(sql::set_row, worker.import.id, number, done.status, done.errors,
                      done.conversion_id);
    tx.commit();
    return done;
}

void keep(const Worker& worker, std::int64_t number, const Done& done) {
    db::Transaction tx(worker.run.pool());
    tx.run_for_effect(sql::set_row, worker.import.id, number, done.status, done.errors,
                      done.conversion_id);
    tx.commit();
}

void work_on(const Worker& worker, const ImportRow& row) {
    std::vector<FieldError> errors;
    const auto report = read_row(worker.import, row.fields, errors);
    if (!report) {
        keep(worker, row.number, {.status = RowStatus::bad, .errors = row_errors(errors)});
        return;
    }
    for (int attempt = 1;; ++attempt) {
        try {
            if (worker.work == Work::check)
                keep(worker, row.number, check_row(worker, *report, row.number));
            else
                commit_row(worker, *report, row.number);
            return;
        } catch (const Problem& problem) {
            keep(worker, row.number, refused(problem));
            return;
        } catch (const db::Error& error) {
            // Somebody else's change of the same customer was in the way.
            if (!error.is_retryable() || attempt == attempts_max) throw;
        }
    }
}

void undo_row(const Worker& worker, const ImportRow& row) {
    db::Transaction tx(worker.run.pool());
    if (row.conversion_id)
        worker.conversions.undo(tx, *row.conversion_id, "undo of " + worker.import.id.text(),
                                worker.actor(), worker.run.now());
    tx.run_for_effect(sql::set_row, worker.import.id, row.number, RowStatus::undone,
                      std::vector<RowError>(), row.conversion_id);
    tx.commit();
}

void finish(const Worker& worker, ImportStatus status) {
    db::Transaction tx(worker.run.pool());
    tx.run_for_effect(sql::set_import, worker.import.id, status, worker.run.now());
    tx.commit();
}

/// Goes through all rows from the first; those that are done are passed over.
void work(const Conversions& conversions, jobs::Run& run, Work work) {
    const ImportId id{run.payload().at("import_id").to_number<std::int64_t>()};
    StoredImport import;
    {
        db::Transaction tx(run.pool());
        auto found = tx.maybe(sql::import, id);
        if (!found) throw jobs::GiveUp("there is no such import");
        import = std::move(*found);
    }
    const ImportStatus expected = work == Work::check    ? ImportStatus::checking
                                  : work == Work::commit ? ImportStatus::committing
                                                         : ImportStatus::undoing;
    if (import.status != expected) return;
    const Worker worker{conversions, run, import, work};
    std::int64_t after = 0, done = 0;
    while (true) {
        std::vector<ImportRow> rows;
        {
            db::Transaction tx(run.pool());
            const auto which = work == Work::undo ? std::optional(RowStatus::made) : std::nullopt;
            rows = tx.all(sql::rows, id, which, after, batch);
        }
        if (rows.empty()) break;
        for (const ImportRow& row : rows) {
            if (run.stopping()) throw jobs::Stopped();
            after = row.number;
            const bool is_done = (work == Work::check && row.status != RowStatus::waiting) ||
                                 row.status == RowStatus::undone ||
                                 (work == Work::commit && row.status == RowStatus::made);
            if (!is_done && work == Work::undo)
                undo_row(worker, row);
            else if (!is_done)
                work_on(worker, row);
            ++done;
        }
        run.progress(done, import.rows);
    }
    finish(worker, work == Work::check    ? ImportStatus::checked
                   : work == Work::commit ? ImportStatus::committed
                                          : ImportStatus::undone);
}

jobs::JobKind kind(std::string name, std::string meaning, std::function<void(jobs::Run&)> work) {
    return {.name = std::move(name),
            .meaning = std::move(meaning),
            .work = std::move(work),
            .transactional = false,
            .time_max = std::chrono::hours(2)};
}

}  // namespace

jobs::JobTable import_tasks(const Conversions& conversions) {
    return {
        kind("conversions.check-import", "Look at every row of a file of conversions",
             [&conversions](jobs::Run& run) { work(conversions, run, Work::check); }),
        kind("conversions.commit-import", "Store what a file of conversions holds",
             [&conversions](jobs::Run& run) { work(conversions, run, Work::commit); }),
        kind("conversions.undo-import", "Take back what a file of conversions made",
             [&conversions](jobs::Run& run) { work(conversions, run, Work::undo); }),
    };
}

}  // namespace referral::conversions

#include "conversions/views.hpp"

#include <map>

#include "base/problem.hpp"
#include "conversions/imports.hpp"
#include "conversions/queries.hpp"
#include "conversions/view_queries.hpp"

namespace referral::conversions {

namespace {

Status status_of(const StoredConversion& stored) {
    if (stored.is_undone) return Status::undone;
    if (stored.is_reversed) return Status::reversed;
    return stored.is_organic ? Status::organic : Status::attributed;
}

std::optional<std::string> unless_empty(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

std::string money(std::int64_t minor, const Currency& currency) {
    return to_text(Money{minor, currency});
}

ConversionRow row_of(const sql::ListedConversion& stored, bool for_partner) {
    ConversionRow row{.id = stored.id,
                      .status = status_of(stored),
                      .program_id = stored.program_id,
                      .kind = stored.kind,
                      .source = stored.source,
                      .external_id = stored.external_id,
                      .line = unless_empty(stored.line),
                      .occurred_at = stored.occurred_at,
                      .received_at = stored.received_at,
                      .currency = stored.currency,
                      .revenue = money(stored.revenue, stored.currency),
                      .cost = money(stored.cost, stored.currency),
                      .quantity = quantity_text(stored.quantity),
                      .unit = stored.unit,
                      .mode = stored.mode,
                      .lane = unless_empty(stored.lane),
                      .customer_id = stored.customer_id,
                      .customer_name = stored.customer_name,
                      .customer_country = unless_empty(stored.customer_country),
                      .awaits_click = stored.awaits_click,
                      .code = stored.code};
    if (stored.click_id) row.click_id = ClickId::parse_uuid(*stored.click_id);
    if (stored.import_id) row.import_id = ImportId{*stored.import_id}.text();
    if (for_partner) {
        row.cost.reset();
        row.import_id.reset();
        if (row.customer_name) row.customer_name = customers::masked(*row.customer_name);
    }
    return row;
}

CreditView view_of(sql::NamedCredit& credit) {
    return {.user_id = credit.user_id,
            .user_name = std::move(credit.user_name),
            .weight_ppm = credit.weight_ppm,
            .source = credit.source,
            .link_id = credit.link_id};
}

std::vector<CreditView> credits_of(db::Transaction& tx, std::optional<std::int64_t> owner,
                                   ConversionId id) {
    std::vector<CreditView> credits;
    for (sql::NamedCredit& credit : tx.all(sql::named_credits, {id}, owner))
        credits.push_back(view_of(credit));
    return credits;
}

std::vector<std::string> lines(const std::string& text) {
    std::vector<std::string> list;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        list.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return list;
}

}  // namespace

ConversionView shown(db::Transaction& tx, std::optional<std::int64_t> owner, ConversionId id,
                     const std::vector<Earned>& earned) {
    const auto stored = tx.maybe(sql::shown, id, owner);
    if (!stored) throw not_found("conversion");
    ConversionView view{row_of(*stored, owner.has_value())};
    view.attributions = credits_of(tx, owner, id);
    if (!owner) view.metadata = stored->metadata.values;
    if (stored->adjustments > 0)
        for (const AdjustmentRow& row : tx.all(sql::adjustments, id)) {
            view.adjustments.push_back(
                {.kind = row.kind,
                 .external_id = row.external_id,
                 .revenue_change = money(row.revenue_change, stored->currency),
                 .cost_change = money(row.cost_change, stored->currency),
                 .quantity_change = quantity_text(row.quantity_change),
                 .occurred_at = row.occurred_at,
                 .received_at = row.received_at,
                 .reason = row.reason});
            if (owner) view.adjustments.back().cost_change.reset();
        }
    for (const Earned& each : earned)
        if (!owner || each.user_id.value == *owner)
            view.commissions.push_back({.id = each.id,
                                        .user_id = each.user_id,
                                        .level = each.level,
                                        .amount = to_text(each.amount),
                                        .currency = each.amount.currency,
                                        .status = each.status});
    return view;
}

ConversionPage list(db::Transaction& tx, std::optional<std::int64_t> owner,
                    const ConversionFilter& filter) {
    std::optional<Instant> at;
    std::optional<ConversionId> last;
    if (filter.cursor) {
        if (const auto& parts = filter.cursor->parts(); parts.size() == 2) {
            at = parse_instant(parts[0]);
            last = ConversionId::parse(parts[1]);
        }
        if (!at || !last) throw invalid("cursor", "must be of a list of conversions");
    }
    std::optional<std::int64_t> user = owner;
    if (!user && filter.user_id) user = filter.user_id->value;
    if (owner && filter.user_id && filter.user_id->value != *owner) return {};
    std::optional<std::int64_t> import_id;
    if (filter.import_id) {
        const auto parsed = ImportId::parse(filter.import_id->text());
        if (!parsed) throw invalid("import_id", "must be an id of the right kind");
        import_id = parsed->value;
    }
    const auto text = [](const auto& line) {
        return line ? std::optional(line->text()) : std::nullopt;
    };
    const std::int64_t limit = schema::rows_of(filter.limit);
    auto rows =
        tx.all(user ? sql::list_of_partner : sql::list, user, filter.program_id, filter.customer_id,
               filter.kind, text(filter.source), text(filter.external_id), filter.status, import_id,
               filter.from, filter.to, at, last, limit + 1);
    ConversionPage page;
    const bool more = std::ssize(rows) > limit;
    if (more) rows.pop_back();
    std::vector<ConversionId> ids;
    std::map<ConversionId, std::size_t> places;
    for (const auto& row : rows) {
        places[row.id] = ids.size();
        ids.push_back(row.id);
        page.conversions.push_back(row_of(row, owner.has_value()));
    }
    for (sql::NamedCredit& credit : tx.all(sql::named_credits, ids, owner))
        page.conversions[places[credit.conversion_id]].attributions.push_back(view_of(credit));
    if (more)
        page.next_cursor = schema::Cursor({to_text(page.conversions.back().occurred_at),
                                           page.conversions.back().id.text()})
                               .text();
    return page;
}

JourneyView journey(db::Transaction& tx, std::optional<std::int64_t> owner, ConversionId id) {
    const auto stored = tx.maybe(sql::shown, id, owner);
    if (!stored) throw not_found("conversion");
    auto decisions = tx.all(sql::decisions, id);
    if (decisions.empty()) throw not_found("attribution");
    DecisionRow& newest = decisions.front();
    JourneyView view{.conversion_id = id,
                     .decided_at = newest.decided_at,
                     .cause = newest.cause,
                     .credits = credits_of(tx, owner, id),
                     .locks_until = newest.locks_until,
                     .trace = std::move(newest.trace),
                     .awaits_click = stored->awaits_click};
    // What others claimed is theirs.
    if (owner)
        std::erase_if(view.trace.steps,
                      [&](const Step& step) { return step.partner.value != *owner; });
    view.sentences = lines(explained(view.trace));
    if (view.awaits_click)
        view.sentences.push_back(
            "Its click is not stored yet; once it is, the conversion is decided again.");
    for (const DecisionRow& decision : decisions)
        view.history.push_back({.decided_at = decision.decided_at,
                                .cause = decision.cause,
                                .source = decision.source,
                                .decided_by = owner ? std::nullopt : decision.decided_by});
    return view;
}

}  // namespace referral::conversions

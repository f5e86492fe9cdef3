#include "audit/audit.hpp"
#include "ledger/ledger.hpp"
#include "ledger/schemas.hpp"
#include "platform/http/route.hpp"

namespace referral::ledger {

/// Rows as the API shows them: amounts are decimals.
struct AccountView {
    AccountRow row;
};
struct EntryView {
    EntryRow row;
};

}  // namespace referral::ledger

namespace referral::schema {

/// The shape of a row whose amounts are texts.
template <class Row>
json::object shape_with_decimals(Components& components, std::initializer_list<const char*> names) {
    json::object reference = Json<Row>::describe(components);
    auto& shape = components[Fields<Row>::name].as_object();
    for (const char* name : names)
        shape["properties"].as_object()[name].as_object()["type"] = "string";
    return reference;
}

template <>
struct Json<ledger::AccountView> {
    static json::value write(const ledger::AccountView& view) {
        return with_decimals(view.row, {"balance"});
    }
    static json::object describe(Components& components) {
        return shape_with_decimals<ledger::AccountRow>(components, {"balance"});
    }
};

template <>
struct Json<ledger::EntryView> {
    static json::value write(const ledger::EntryView& view) {
        return with_decimals(view.row, {"amount"});
    }
    static json::object describe(Components& components) {
        return shape_with_decimals<ledger::EntryRow>(components, {"amount"});
    }
};

template <>
struct Json<ledger::TrialBalanceView> {
    static json::value write(const ledger::TrialBalanceView& view) {
        return with_decimals(view.row, {"debits", "credits"});
    }
    static json::object describe(Components& components) {
        return shape_with_decimals<ledger::TrialBalanceRow>(components, {"debits", "credits"});
    }
};

}  // namespace referral::schema

namespace referral::ledger {

namespace {

using http::Body, http::Call, http::Page, http::Params;

Page<AccountView> show_accounts(Call& call, Params<AccountFilter> filter) {
    AccountPage page = list_accounts(call.transaction(), *filter, call.owner());
    Page<AccountView> shown{.data = {}, .next_cursor = std::move(page.next_cursor)};
    for (AccountRow& row : page.accounts) shown.data.push_back({std::move(row)});
    return shown;
}

Page<EntryView> show_entries(Call& call, Params<EntryFilter> filter) {
    EntryPage page = list_entries(call.transaction(), *filter, call.owner());
    Page<EntryView> shown{.data = {}, .next_cursor = std::move(page.next_cursor)};
    for (EntryRow& row : page.entries) shown.data.push_back({std::move(row)});
    return shown;
}

ProofView show_proof(Call& call) {
    ProofView proof{.proved_at = call.now()};
    for (Invariant& found : prove(call.transaction())) {
        proof.intact &= found.wrong == 0;
        proof.invariants.push_back({.name = std::string(found.name),
                                    .meaning = std::string(found.meaning),
                                    .holds = found.wrong == 0,
                                    .checked = found.checked,
                                    .wrong = found.wrong,
                                    .first = std::move(found.first)});
    }
    return proof;
}

Page<TrialBalanceView> show_trial_balance(Call& call) {
    Page<TrialBalanceView> page;
    for (TrialBalanceRow& row : trial_balance(call.transaction()))
        page.data.push_back({std::move(row)});
    return page;
}

Page<PeriodRow> show_periods(Call& call, Params<PeriodFilter> filter) {
    return {list_periods(call.transaction(), filter->program_id), {}};
}

PeriodRow close(Call& call, Body<Closing> body) {
    db::Transaction& tx = call.transaction();
    const std::chrono::year_month_day day(body->period);
    if (day.day() != std::chrono::day(1)) throw invalid("period", "must be the first of a month");
    programs::get(tx, body->program_id);
    close_period(tx, body->program_id, body->period, {call.caller().user_id}, call.now());
    audit::note(
        tx, audit::actor_of(call),
        {.action = "ledger.close",
         .object_type = "program",
         .object_id = body->program_id.text(),
         .after = schema::json::object{{"period", schema::json::string(to_text(body->period))}}},
        call.now());
    for (PeriodRow& row : list_periods(tx, body->program_id))
        if (row.period == body->period) return std::move(row);
    throw not_found("period");
}

}  // namespace

http::RouteTable routes() {
    return {
        http::get("/ledger/accounts", show_accounts,
                  {.name = "listLedgerAccounts",
                   .summary = "List accounts and balances; partners see their own",
                   .permission = "ledger:read",
                   .refuses = {Refusal::invalid}}),
        http::get("/ledger/entries", show_entries,
                  {.name = "listLedgerEntries",
                   .summary = "List entries, the newest transaction first",
                   .permission = "ledger:read",
                   .refuses = {Refusal::invalid}}),
        http::get("/ledger/proof", show_proof,
                  {.name = "proveLedger",
                   .summary = "Derive the ledger's invariants again from its entries",
                   .permission = "ledger:proof",
                   .limit_class = "export"}),
        http::get("/ledger/trial-balance", show_trial_balance,
                  {.name = "getTrialBalance",
                   .summary = "Sum debits and credits by kind of account and currency",
                   .permission = "ledger:proof",
                   .limit_class = "export"}),
        http::get("/ledger/periods", show_periods,
                  {.name = "listLedgerPeriods",
                   .summary = "List months of programs, open and closed",
                   .permission = "ledger:proof"}),
        http::post("/ledger/periods/close", close,
                   {.name = "closeLedgerPeriod",
                    .summary = "Close a month: nothing is posted to it any more",
                    .permission = "ledger:write",
                    .refuses = {Refusal::not_found, Refusal::invalid, Refusal::conflict}}),
    };
}

}  // namespace referral::ledger

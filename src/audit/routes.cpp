#include "audit/schemas.hpp"
#include "platform/crypto/encoding.hpp"
#include "platform/http/route.hpp"

namespace referral::audit {

namespace {

using http::Call, http::File, http::Page, http::Params, http::Path;

/// How much of the chain one request follows.
constexpr std::int64_t proof_rows_max = 100'000;

Page<AuditLog> list_rows(Call& call, Params<AuditFilter> filter) {
    AuditPage page = list(call.transaction(), *filter);
    return {.data = std::move(page.rows), .next_cursor = std::move(page.next_cursor)};
}

File export_rows(Call& call, Params<AuditFilter> filter) {
    Export rows = export_csv(call.transaction(), *filter);
    auto response = http::Response::with(200, "text/csv; charset=utf-8", std::move(rows.csv));
    response.headers.push_back({"Content-Disposition", "attachment; filename=\"audit-logs.csv\""});
    if (rows.next_cursor) response.headers.push_back({"X-Next-Cursor", *rows.next_cursor});
    return {std::move(response)};
}

ProofView shown(Proof proof) {
    ProofView view{.sequence = proof.sequence,
                   .hash = proof.hash,
                   .verified_up_to = proof.verified_up_to,
                   .intact = proof.intact(),
                   .broken = std::move(proof.broken),
                   .expired = proof.expired,
                   .waiting = proof.waiting,
                   .anchors = proof.anchors,
                   .anchors_unreadable = proof.anchors_unreadable,
                   .last_anchor = {}};
    if (proof.last_anchor)
        view.last_anchor = AnchorView{.sequence = proof.last_anchor->head.sequence,
                                      .hash = crypto::to_hex(proof.last_anchor->head.hash),
                                      .at = proof.last_anchor->at};
    return view;
}

ProofView prove(const Anchors& anchors, Call& call, const ProofParams& params) {
    // The anchors first: what is signed is in the chain by then, and the chain only grows.
    const AnchorList list = anchors.read();
    return shown(verify(call.transaction(), list,
                        {.after = params.after ? params.after->value : 0,
                         .rows_max = proof_rows_max,
                         .now = call.now()}));
}

}  // namespace

http::RouteTable routes(const Anchors& anchors) {
    return {
        http::get("/audit-logs", list_rows,
                  {.name = "listAuditLogs",
                   .summary = "List who did what, the newest first",
                   .permission = "audit-logs:read",
                   .refuses = {Refusal::invalid}}),
        http::get("/audit-logs/export", export_rows,
                  {.name = "exportAuditLogs",
                   .summary = "Get audit logs as CSV; X-Next-Cursor says where the rest begins",
                   .permission = "audit-logs:read",
                   .refuses = {Refusal::invalid},
                   .media_types = {"text/csv"},
                   .limit_class = "export"}),
        http::get("/audit-logs/proof",
                  [&anchors](Call& call, Params<ProofParams> params) {
                      return prove(anchors, call, *params);
                  },
                  {.name = "proveAuditLogs",
                   .summary = "Show that no audit log was changed, and where one was",
                   .permission = "audit-logs:read",
                   .refuses = {Refusal::invalid},
                   .limit_class = "export"}),
        http::get("/audit-logs/{id}",
                  [](Call& call, Path<AuditId> id) { return get(call.transaction(), *id); },
                  {.name = "getAuditLog",
                   .summary = "Look up an audit log",
                   .permission = "audit-logs:read"}),
    };
}

}  // namespace referral::audit

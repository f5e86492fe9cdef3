#include "conversions/browser.hpp"

#include <algorithm>

#include "base/problem.hpp"
#include "conversions/queries.hpp"
#include "platform/crypto/encoding.hpp"
#include "platform/http/dispatch.hpp"
#include "platform/http/route.hpp"

namespace referral::conversions {

namespace {

/// Pages say `data-referral-lead` at a form, or call referral.lead({email: …}). What is sent is
/// "text/plain", so that browsers ask nothing first, and the answer is not read.
constexpr std::string_view script = R"js((() => {
  "use strict";
  const own = document.currentScript;
  const home = new URL(own.src).origin;
  const days = Number(own.dataset.days) || 90;
  const key = "lo_referral";
  const read = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(key)) || {};
      return kept.until > Date.now() ? kept : {};
    } catch { return {}; }
  };
  let known = read();
  const query = new URLSearchParams(location.search);
  const click = query.get("click_id");
  const code = query.get("ref");
  if (click || code) known = { click_id: click, code, until: Date.now() + days * 864e5 };
  const keep = () => {
    try { localStorage.setItem(key, JSON.stringify(known)); } catch { /* Kept for this page. */ }
  };
  if (own.dataset.consent !== "required") keep();
  const lead = (fields) => {
    const body = { ...fields };
    if (known.click_id) body.click_id ??= known.click_id;
    else if (known.code) body.code ??= known.code;
    if (!body.click_id && !body.code) return Promise.resolve(false);
    return fetch(home + "/api/v1/js/leads", {
      method: "POST", mode: "no-cors", credentials: "omit", keepalive: true,
      headers: { "Content-Type": "text/plain" }, body: JSON.stringify(body),
    }).then(() => true, () => false);
  };
  const names = ["external_id", "email", "name", "company", "phone", "country", "code"];
  const fill = (form) => {
    for (const name of ["click_id", "code"]) {
      const field = form.elements.namedItem(name);
      if (field instanceof HTMLInputElement && known[name]) field.value ||= known[name];
    }
  };
  const forms = () => document.querySelectorAll("form[data-referral-lead]").forEach(fill);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", forms);
  else forms();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.hasAttribute("data-referral-lead")) return;
    const fields = {};
    for (const name of names) {
      const value = new FormData(form).get(name);
      if (typeof value === "string" && value.trim()) fields[name] = value.trim();
    }
    if (fields.email) lead(fields);
  }, true);
  window.referral = {
    get clickId() { return known.click_id || null; },
    get code() { return known.code || null; },
    consent: keep,
    forget() { known = {}; try { localStorage.removeItem(key); } catch { /* Nothing kept. */ } },
    lead,
  };
})();
)js";

/// The host that a browser says the page is on.
std::optional<Url> origin_of(const http::Request& request) {
    const auto origin = request.header("Origin");
    return origin ? Url::parse(*origin) : std::nullopt;
}

bool is_on(const Url& page, const programs::Program& program) {
    return std::ranges::any_of(program.allowed_hosts,
                               [&](const HostPattern& host) { return host.matches(page); });
}

/// The program that click or code are of, if that is known yet.
std::optional<ProgramId> program_of(db::Transaction& tx, const BrowserLead& lead) {
    if (lead.click_id)
        if (const auto click = clicks::find_click(tx, *lead.click_id)) return click->program_id;
    if (lead.code)
        if (const auto link = tx.maybe(sql::link_by_code, links::code_key(lead.code->text())))
            return std::get<ProgramId>(*link);
    return std::nullopt;
}

void check_page(http::Call& call, const BrowserLead& lead) {
    db::Transaction& tx = call.transaction();
    const auto page = origin_of(call.request());
    const auto program = program_of(tx, lead);
    const auto all = program ? std::vector{programs::get(tx, *program)} : programs::list(tx);
    const bool known = page && std::ranges::any_of(all, [&](const programs::Program& each) {
                           return is_on(*page, each);
                       });
    if (!known)
        throw Problem(Refusal::forbidden,
                      "Leads are taken from pages on the program's hosts only.");
}

/// The same person by the same click is one lead, however often the form is sent.
Line<200> number_of(const BrowserLead& lead) {
    if (lead.external_id) return *lead.external_id;
    const std::string text = customers::mailbox_of(lead.email) + ' ' +
                             (lead.click_id ? lead.click_id->text() : lead.code->text());
    constexpr std::size_t digits = 32;
    return Line<200>::parse(crypto::to_hex(crypto::sha256(text)).substr(0, digits)).value();
}

}  // namespace

void take_lead(const Conversions& conversions, http::Call& call) {
    const auto lead = schema::read<BrowserLead>(schema::parse(call.request().body()));
    if (!lead.click_id && !lead.code) throw invalid("click_id", "or code must be given");
    check_page(call, lead);
    const NewConversion report{.kind = EventKind::lead,
                               .source = Line<50>::parse("browser").value(),
                               .external_id = number_of(lead),
                               .customer = customers::Contact{.email = lead.email,
                                                              .name = lead.name,
                                                              .phone = lead.phone,
                                                              .company = lead.company,
                                                              .country = lead.country},
                               .click_id = lead.click_id,
                               .code = lead.code};
    try {
        conversions.record(call.transaction(), report, {.actor = audit::actor_of(call)},
                           call.now());
    } catch (const Problem& problem) {
        // Sent again with another telephone: the first one counts, and a stranger is told nothing.
        if (problem.refusal() != Refusal::conflict) throw;
    }
}

http::Response script_answer(const http::Request& request) {
    http::Response response =
        http::Response::with(200, "text/javascript; charset=utf-8", std::string(script));
    for (http::Header& header : http::security_headers(request, false)) {
        // Pages of others include it.
        if (header.name == "Cross-Origin-Resource-Policy") header.value = "cross-origin";
        if (header.name == "Cache-Control") header.value = "public, max-age=3600";
        response.headers.push_back(std::move(header));
    }
    return response;
}

http::RouteTable browser_routes(const RouteParts& parts) {
    return {http::post("/js/leads",
                       [parts](http::Call& call) {
                           take_lead(parts.conversions, call);
                           return http::NoContent{};
                       },
                       {.name = "reportLead",
                        .summary = "Report a lead from a page, as /js/referral.js does",
                        .refuses = {Refusal::malformed, Refusal::forbidden, Refusal::invalid},
                        .body_bytes_max = 8 * 1024,
                        .limit_class = "public"})};
}

}  // namespace referral::conversions

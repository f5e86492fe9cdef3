#include "platform/http/route.hpp"
#include "programs/queries.hpp"

namespace referral::programs {

namespace {

using http::Body, http::Call, http::Page, http::Path;

Page<ProgramView> list_programs(Call& call) {
    Page<ProgramView> page;
    for (Program& program : list(call.transaction())) page.data.push_back({std::move(program)});
    return page;
}

ProgramView get_program(Call& call, Path<ProgramId> id) { return {get(call.transaction(), *id)}; }

ProgramView change_program(Call& call, ProgramId id, const ProgramChange& change,
                           bool development) {
    constexpr std::size_t hosts_max = 500;
    if (change.allowed_hosts && change.allowed_hosts->size() > hosts_max)
        throw invalid("allowed_hosts", "must be at most 500");
    const auto fallback = change.fallback_url.value_or(std::nullopt);
    if (fallback && !fallback->is_https() && !development)
        throw invalid("fallback_url", "must be an https address");
    try {
        call.transaction().run_for_effect(
            sql::change, id, change.name, change.timezone, change.allowed_hosts,
            change.fallback_url.has_value(), fallback, change.click_window_days,
            change.duplicate_window_seconds, call.now());
    } catch (const db::Error& error) {
        if (error.is_unique_violation()) throw conflict("name", "is already taken");
        throw;
    }
    return {get(call.transaction(), id)};
}

}  // namespace

http::RouteTable routes(bool development) {
    return {
        http::get("/programs", list_programs,
                  {.name = "listPrograms",
                   .summary = "List the programs",
                   .permission = "programs:read"}),
        http::get("/programs/{id}", get_program,
                  {.name = "getProgram",
                   .summary = "Look up a program",
                   .permission = "programs:read"}),
        http::patch(
            "/programs/{id}",
            [development](Call& call, Path<ProgramId> id, Body<ProgramChange> change) {
                return change_program(call, *id, *change, development);
            },
            {.name = "changeProgram",
             .summary = "Change a program",
             .permission = "programs:write",
             .refuses = {Refusal::conflict}}),
    };
}

}  // namespace referral::programs

#include "audit/audit.hpp"
#include "platform/http/route.hpp"
#include "programs/schemas.hpp"

namespace referral::programs {

namespace {

using http::Body, http::Call, http::Page, http::Path;

Page<ProgramView> list_programs(Call& call) {
    Page<ProgramView> page;
    for (Program& program : list(call.transaction())) page.data.push_back({std::move(program)});
    return page;
}

/// A program as audit logs keep it.
schema::json::value decided(const ProgramView& view) {
    schema::json::value value = schema::Json<ProgramView>::write(view);
    value.as_object().erase("updated_at");
    return value;
}

ProgramView change_program(Call& call, ProgramId id, const ProgramChange& wanted,
                           bool development) {
    db::Transaction& tx = call.transaction();
    const ProgramView before{lock(tx, id)};
    ProgramView after{change(tx, id, wanted, development, call.now())};
    audit::note(tx, audit::actor_of(call),
                {.action = "programs.change",
                 .object_type = "program",
                 .object_id = id.text(),
                 .before = decided(before),
                 .after = decided(after)},
                call.now());
    return after;
}

ProgramView get_program(Call& call, Path<ProgramId> id) { return {get(call.transaction(), *id)}; }

}  // namespace

http::RouteTable routes(bool development, std::function<void()> changed) {
    return {
        http::get("/programs", list_programs,
                  {.name = "listPrograms",
                   .summary = "List the programs",
                   .permission = "programs:read"}),
        http::get(
            "/programs/{id}", get_program,
            {.name = "getProgram", .summary = "Look up a program", .permission = "programs:read"}),
        http::patch("/programs/{id}",
                    [=](Call& call, Path<ProgramId> id, Body<ProgramChange> wanted) {
                        call.after_commit(changed);
                        return change_program(call, *id, *wanted, development);
                    },
                    {.name = "changeProgram",
                     .summary = "Change a program",
                     .permission = "programs:write",
                     .refuses = {Refusal::conflict}}),
    };
}

}  // namespace referral::programs

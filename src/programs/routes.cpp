#include "audit/audit.hpp"
#include "platform/http/route.hpp"
#include "programs/schemas.hpp"

namespace referral::programs {

namespace {

using http::Body, http::Call, http::Created, http::Page, http::Path;

ProgramView view_for(const Call& call, Program program) {
    return {std::move(program), call.caller().sees_all};
}

Page<ProgramView> list_programs(Call& call) {
    Page<ProgramView> page;
    for (Program& program : list(call.transaction()))
        page.data.push_back(view_for(call, std::move(program)));
    return page;
}

ProgramView get_program(Call& call, Path<ProgramId> id) {
    return view_for(call, get(call.transaction(), *id));
}

Page<AttributionPolicy> list_policies(Call& call, Path<ProgramId> id) {
    return {policies(call.transaction(), *id), std::nullopt};
}

/// A program as audit logs keep it.
schema::json::value decided(const ProgramView& view) {
    schema::json::value value = schema::Json<ProgramView>::write(view);
    value.as_object().erase("updated_at");
    return value;
}

Created<ProgramView> create_program(Call& call, const NewProgram& wanted, bool development) {
    db::Transaction& tx = call.transaction();
    ProgramView made{create(tx, wanted, development, call.now())};
    audit::note(tx, audit::actor_of(call),
                {.action = "programs.create",
                 .object_type = "program",
                 .object_id = made.program.id.text(),
                 .after = decided(made)},
                call.now());
    return {std::move(made)};
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

}  // namespace

http::RouteTable routes(bool development, std::function<void()> changed) {
    return {
        http::get("/programs", list_programs,
                  {.name = "listPrograms",
                   .summary = "List the programs",
                   .permission = "programs:read"}),
        http::post("/programs",
                   [=](Call& call, Body<NewProgram> wanted) {
                       call.after_commit(changed);
                       return create_program(call, *wanted, development);
                   },
                   {.name = "createProgram",
                    .summary = "Make a program",
                    .permission = "programs:write",
                    .refuses = {Refusal::conflict}}),
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
        http::get("/programs/{id}/policies", list_policies,
                  {.name = "listProgramPolicies",
                   .summary = "List what a program said about attribution, and since when",
                   .permission = "programs:read"}),
    };
}

}  // namespace referral::programs

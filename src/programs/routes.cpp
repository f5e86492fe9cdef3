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
                        return ProgramView{
                            change(call.transaction(), *id, *wanted, development, call.now())};
                    },
                    {.name = "changeProgram",
                     .summary = "Change a program",
                     .permission = "programs:write",
                     .refuses = {Refusal::conflict}}),
    };
}

}  // namespace referral::programs

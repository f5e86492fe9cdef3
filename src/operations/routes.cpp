#include <map>

#include "operations/operations.hpp"
#include "operations/schemas.hpp"
#include "platform/http/route.hpp"

namespace referral::operations {

namespace {

using http::Call, http::NoContent, http::Page, http::Params, http::Path;
using jobs::Job, jobs::JobFilter, jobs::JobId, jobs::ScheduleRow;

Page<Job> list_jobs(Call& call, Params<JobFilter> filter) {
    auto page = jobs::list(call.transaction(), *filter);
    return {std::move(page.jobs), std::move(page.next_cursor)};
}

Job get_job(Call& call, Path<JobId> id) { return jobs::get(call.transaction(), *id); }

Job replay_job(Call& call, Path<JobId> id) {
    return jobs::replay(call.transaction(), *id, call.now());
}

NoContent discard_job(Call& call, Path<JobId> id) {
    jobs::discard(call.transaction(), *id);
    return {};
}

Page<JobQueue> list_queues(const RouteParts& parts, Call& call) {
    std::map<std::string, std::string> meanings;
    std::vector<std::string> names;
    for (const jobs::JobKind& kind : parts.kinds) {
        meanings[kind.name] = kind.meaning;
        names.push_back(kind.name);
    }
    Page<JobQueue> page;
    for (jobs::Queue& queue : jobs::queues(call.transaction(), names, call.now())) {
        std::string meaning = meanings[queue.kind];
        page.data.push_back({std::move(queue), std::move(meaning)});
    }
    return page;
}

Page<ScheduleRow> list_schedules(const RouteParts& parts, Call& call) {
    std::vector<std::string> names;
    for (const jobs::Schedule& schedule : parts.schedules) names.push_back(schedule.name);
    return {jobs::schedules(call.transaction(), names), {}};
}

}  // namespace

http::RouteTable routes(RouteParts parts) {
    return {
        http::get("/jobs", list_jobs,
                  {.name = "listJobs",
                   .summary = "List jobs that are not done",
                   .permission = "jobs:read"}),
        http::get("/jobs/{id}", get_job,
                  {.name = "getJob", .summary = "Look up a job", .permission = "jobs:read"}),
        http::post("/jobs/{id}/replay", replay_job,
                   {.name = "replayJob",
                    .summary = "Try a dead job again",
                    .permission = "jobs:write",
                    .refuses = {Refusal::not_found, Refusal::conflict}}),
        http::post("/jobs/{id}/discard", discard_job,
                   {.name = "discardJob",
                    .summary = "Remove a job that does not run",
                    .permission = "jobs:write",
                    .refuses = {Refusal::not_found, Refusal::conflict}}),
        http::get("/job-queues", [parts](Call& call) { return list_queues(parts, call); },
                  {.name = "listJobQueues",
                   .summary = "List the kinds of jobs and what waits of each",
                   .permission = "jobs:read"}),
        http::get("/job-schedules", [parts](Call& call) { return list_schedules(parts, call); },
                  {.name = "listJobSchedules",
                   .summary = "List the schedules",
                   .permission = "jobs:read"}),
    };
}

}  // namespace referral::operations

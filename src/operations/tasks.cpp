#include "operations/operations.hpp"
#include "platform/db/transaction.hpp"
#include "platform/jobs/overview.hpp"

namespace referral::operations {

jobs::JobTable tasks() {
    return {
        {.name = "job-counts.forget",
         .meaning = "Deletes the counts of jobs from more than a month ago.",
         .work = [](jobs::Run& run) { jobs::forget_old_counts(run.transaction(), run.now()); }}};
}

std::vector<jobs::Schedule> schedules() {
    return {{"old counts of jobs", "job-counts.forget", "47 3 * * *", "UTC"}};
}

}  // namespace referral::operations

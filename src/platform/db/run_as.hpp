#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace referral::db {

struct RunAs {
    std::string user{};  // RUN_AS_USER.
    std::vector<std::filesystem::path>
        owns;                      // Folders made and given to the user, with all inside.
    bool binds_low_ports = false;  // Keeps the right to listen below port 1024.
};

/// Gives up root for good, because PostgreSQL refuses it and nothing here needs it; does nothing
/// when the process is not root. Call it before any thread is started: the rights are the
/// process's. Of the folders only what belongs to root changes hands; links are not followed, and
/// files with several names are left alone. Throws std::runtime_error with one line when the user
/// is unknown or cannot reach a folder.
void run_as(const RunAs& wanted);

}  // namespace referral::db

#pragma once

#include <memory>

#include "clicks/clicks.hpp"
#include "platform/config/settings.hpp"

namespace referral::app {

/// What user agents and addresses tell, read from the files of the settings. All are read side by
/// side, in about half a second.
struct DataFiles {
    std::unique_ptr<clicks::Crawlers> crawlers;
    std::unique_ptr<clicks::UserAgentRules> user_agents;
    std::unique_ptr<clicks::Places> places;      ///< Null: no such file is set.
    std::unique_ptr<clicks::Networks> networks;  ///< Null: no such file is set.

    /// Throws std::runtime_error naming the file that is missing or broken.
    static DataFiles read(const config::Settings& settings);
};

}  // namespace referral::app

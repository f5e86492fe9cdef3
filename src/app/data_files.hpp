#pragma once

#include <future>
#include <memory>

#include "clicks/clicks.hpp"
#include "platform/config/settings.hpp"

namespace referral::app {

/// What user agents and addresses tell, read from the files of the settings. Those that redirects
/// need are there at once; the others, half a second's work, are read beside the first redirects.
class DataFiles {
public:
    /// Throws std::runtime_error naming the file that is missing or broken.
    explicit DataFiles(const config::Settings& settings);

    const clicks::Crawlers& crawlers() const { return *crawlers_; }

    /// Null: no such file is set.
    const clicks::Places* places() const { return places_.get(); }

    /// Waits for the file; throws as the constructor does. Any thread.
    const clicks::UserAgentRules& user_agents() const { return *user_agents_.get(); }

    /// As `user_agents`; null: no such file is set.
    const clicks::Networks* networks() const { return networks_.get().get(); }

    /// Until all are read; throws as the constructor does.
    void wait() const { user_agents(), networks(); }

private:
    std::shared_future<std::unique_ptr<clicks::UserAgentRules>> user_agents_;
    std::shared_future<std::unique_ptr<clicks::Networks>> networks_;
    std::unique_ptr<clicks::Crawlers> crawlers_;
    std::unique_ptr<clicks::Places> places_;
};

}  // namespace referral::app

#include "app/data_files.hpp"

#include <future>

namespace referral::app {

DataFiles DataFiles::read(const config::Settings& settings) {
    auto networks = std::async(std::launch::async, [&]() -> std::unique_ptr<clicks::Networks> {
        if (settings.asn_database.empty()) return nullptr;
        return std::make_unique<clicks::Networks>(settings.asn_database.at(0),
                                                  settings.asn_database.at(1));
    });
    auto user_agents = std::async(std::launch::async, [&] {
        return std::make_unique<clicks::UserAgentRules>(settings.user_agent_rules);
    });
    DataFiles files;
    files.crawlers = std::make_unique<clicks::Crawlers>(settings.crawler_rules);
    if (!settings.geoip_database.empty())
        files.places = std::make_unique<clicks::Places>(settings.geoip_database);
    files.user_agents = user_agents.get();
    files.networks = networks.get();
    return files;
}

}  // namespace referral::app

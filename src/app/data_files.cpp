#include "app/data_files.hpp"

namespace referral::app {

DataFiles::DataFiles(const config::Settings& settings)
    : user_agents_(std::async(std::launch::async,
                              [file = settings.user_agent_rules] {
                                  return std::make_unique<clicks::UserAgentRules>(file);
                              })),
      networks_(std::async(std::launch::async,
                           [files = settings.asn_database] {
                               return files.empty() ? nullptr
                                                    : std::make_unique<clicks::Networks>(
                                                          files.at(0), files.at(1));
                           })),
      crawlers_(std::make_unique<clicks::Crawlers>(settings.crawler_rules)) {
    if (!settings.geoip_database.empty())
        places_ = std::make_unique<clicks::Places>(settings.geoip_database);
}

}  // namespace referral::app

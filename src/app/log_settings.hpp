#pragma once

#include "platform/config/settings.hpp"
#include "platform/log/log.hpp"

namespace referral::app {

/// The log as the settings want it.
inline log::Settings log_settings(const config::Settings& settings) {
    return {.level = settings.log_level,
            .format = settings.log_format,
            .file = settings.log_file.string()};
}

}  // namespace referral::app

#pragma once

/// From a conversion to what is earned by it: the slices that do it, put together.

#include "conversions/conversions.hpp"
#include "platform/config/settings.hpp"

namespace referral::app {

/// Conversions, with what stands above and below them. It stays where it was made.
struct Sales {
    /// `suggest`: codes like a typed one.
    Sales(const config::Settings& settings, conversions::Suggest suggest);
    Sales(const crypto::Key& key, const std::string& base_url, conversions::Suggest suggest);
    Sales(const Sales&) = delete;
    Sales& operator=(const Sales&) = delete;

    const conversions::Tokens tokens;
    const conversions::Conversions conversions;
};

}  // namespace referral::app

#include "app/sales.hpp"

#include "app/secret_key.hpp"
#include "commissions/commissions.hpp"

namespace referral::app {

Sales::Sales(const config::Settings& settings, conversions::Suggest suggest)
    : Sales(secret_key(settings), settings.base_url, std::move(suggest)) {}

Sales::Sales(const crypto::Key& key, const std::string& base_url, conversions::Suggest suggest)
    : tokens(key, base_url),
      conversions({.commissions = commissions::for_conversions(),
                   .tokens = tokens,
                   .suggest = std::move(suggest)}) {}

}  // namespace referral::app

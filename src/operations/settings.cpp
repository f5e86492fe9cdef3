/// What administrators set while the program runs.

#include "accounts/accounts.hpp"
#include "audit/audit.hpp"
#include "operations/operations.hpp"
#include "platform/http/route.hpp"

namespace referral::operations {

using http::Body, http::Call;

http::RouteTable settings_routes() {
    return {
        http::get("/settings",
                  [](Call& call) { return accounts::site_settings(call.transaction()); },
                  {.name = "getSettings",
                   .summary = "Look up the settings of the installation",
                   .permission = "settings:read"}),
        http::get("/settings/branding",
                  [](Call& call) { return accounts::site_branding(call.transaction()); },
                  {.name = "getBranding",
                   .summary = "Look up how the installation looks; nobody has to sign in"}),
        http::patch("/settings",
                    [](Call& call, Body<accounts::SiteSettingsChange> wanted) {
                        return accounts::change_site_settings(
                            call.transaction(), audit::actor_of(call), *wanted, call.now());
                    },
                    {.name = "changeSettings",
                     .summary = "Change the settings of the installation",
                     .permission = "settings:write"}),
    };
}

}  // namespace referral::operations

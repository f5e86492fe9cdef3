#include <fmt/format.h>

#include <iterator>

#include "platform/config/config.hpp"
#include "platform/config/setting.hpp"

namespace referral::config {

namespace {

constexpr std::string_view introduction = R"(# Configuration

Written by `referral config-docs` from the table of settings; do not edit by hand.

Nothing has to be set. A setting is looked for, the strongest first,

1. on the command line: `--set NAME=value`; `--data` is DATA_DIR and `--listen` is LISTEN,
2. in the environment: `REFERRAL_NAME`, else `NAME`,
3. in the file `.env` of the working directory: the same names,
4. in the file `referral.toml` of the working directory (another by `--config`): `name = value`, in
   lower case, without sections,
5. in the default below.

All wrong values are told at once, with where they came from, and the program does not start.
Unknown keys of `referral.toml` are wrong; unknown variables beginning with `REFERRAL_` are warned
about. An empty value counts as not set where a setting cannot be empty. Relative paths start at the
working directory. Sizes are bytes, or carry KiB, MiB, GiB or TiB. Settings marked *reload* are read
again on SIGHUP; the others need a restart. Secrets never appear in logs.
)";

std::string code(std::string_view text) {
    return text.empty() ? "empty" : fmt::format("`{}`", text);
}

}  // namespace

std::string documentation() {
    std::string page(introduction);
    const auto out = std::back_inserter(page);
    for (const Setting& setting : all_settings()) {
        fmt::format_to(out, "\n## {}\n\n{}\n\n", setting.name, setting.description);
        fmt::format_to(out, "- value: {}\n", type_of(setting));
        fmt::format_to(out, "- default: {}\n", code(setting.fallback));
        fmt::format_to(out, "- example: {}\n", code(setting.example));
        if (is_secret(setting)) page += "- *secret*\n";
        if (setting.reloadable) page += "- *reload*\n";
    }
    return page;
}

}  // namespace referral::config

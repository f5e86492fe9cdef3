#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/mail/mail.hpp"

namespace referral::mail {

/// The two files of a mail, templates/NAME.txt and NAME.html, built into the program. The text
/// begins with "Subject: …", "Preview: …" (what lists of mails show beside the subject) and, when
/// the mail has a button, "Action: …", then an empty line. Both are mustache: HTML escapes what it
/// fills in, text does not. `parts/` holds what all share, and the layout around the content.
struct Template {
    std::string_view name;
    std::string_view html;
    std::string_view text;
};

/// Those of `templates/`, by name.
std::span<const Template> templates();

/// Those of `templates/parts/`: "layout" and what templates take in by `{{>name}}`.
std::span<const Template> template_parts();

/// The template called `name`, or null.
const Template* find_template(std::string_view name);

/// The values without which the template makes no sense. Those that have a section of their own
/// (`{{#reason}}`) may be missing, and so may the name of whoever is greeted.
std::vector<std::string> required_values(const Template& of);

/// What every mail is told beside its own values.
struct Surroundings {
    Branding branding;
    std::string site_url;
    std::string to;
};

/// Fills in the values. Throws std::logic_error when the template is broken.
Rendered render(const Template& of, const schema::json::object& values,
                const Surroundings& surroundings);

/// A name fit for a greeting; empty when it looks like an address that mail programs would make a
/// link of. Whoever applies as a partner types a name and any address: no mail of ours shall carry
/// a stranger's link to another stranger.
std::string greetable(std::string_view name);

/// Black or white, whichever is easier to read on `colour` (#rrggbb, else white).
std::string_view ink_on(std::string_view colour);

}  // namespace referral::mail

#include "platform/mail/template.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <kainjow/mustache.hpp>
#include <stdexcept>

#include "base/text.hpp"
#include "platform/crypto/encoding.hpp"

namespace referral::mail {

namespace {

using kainjow::mustache::data, kainjow::mustache::mustache;
namespace json = schema::json;

data data_of(const json::value& value) {
    if (const auto* text = value.if_string()) {
        // An empty text is nothing, so that its section is left out.
        if (text->empty()) return data(data::type::bool_false);
        return data(std::string(text->data(), text->size()));
    }
    if (const auto* object = value.if_object()) {
        data all(data::type::object);
        for (const auto& [key, member] : *object)
            all.set(std::string(key.data(), key.size()), data_of(member));
        return all;
    }
    if (const auto* array = value.if_array()) {
        data all(data::type::list);
        for (const json::value& entry : *array) all.push_back(data_of(entry));
        return all;
    }
    if (value.is_null()) return data(data::type::bool_false);
    if (value.is_bool())
        return data(value.get_bool() ? data::type::bool_true : data::type::bool_false);
    return data(json::serialize(value));
}

/// A text's head: "Subject", "Preview" and "Action", and where the content begins.
struct Head {
    std::string subject, preview, action;
    std::string_view content;
};

Head head_of(const Template& of) {
    Head head{.subject = {}, .preview = {}, .action = {}, .content = of.text};
    const auto take = [&](std::string_view key, std::string& to) {
        if (!head.content.starts_with(key)) return;
        const auto end = head.content.find('\n');
        to = trimmed(head.content.substr(key.size(), end - key.size()));
        head.content.remove_prefix(end == head.content.npos ? head.content.size() : end + 1);
    };
    take("Subject:", head.subject);
    take("Preview:", head.preview);
    take("Action:", head.action);
    while (head.content.starts_with('\n')) head.content.remove_prefix(1);
    return head;
}

std::string filled(std::string_view text, const data& values, bool as_html) {
    mustache filling{std::string(text)};
    if (!as_html) filling.set_custom_escape([](const std::string& plain) { return plain; });
    std::string out = filling.render(values);
    if (!filling.is_valid()) throw std::logic_error("mail template: " + filling.error_message());
    return out;
}

std::string_view part_of(std::string_view name, bool as_html) {
    const auto found = std::ranges::find(template_parts(), name, &Template::name);
    if (found == template_parts().end())
        throw std::logic_error(fmt::format("no part \"{}\"", name));
    return as_html ? found->html : found->text;
}

/// The content in the layout. Its parts are those of its kind.
std::string in_layout(std::string_view content, data values, bool as_html) {
    for (const Template& part : template_parts())
        values.set(std::string(part.name), std::string(as_html ? part.html : part.text));
    values.set("content", filled(content, values, as_html));
    return filled(part_of("layout", as_html), values, as_html);
}

/// One empty line at most between two paragraphs: optional ones leave more.
std::string tidied(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (c != '\n' || !out.ends_with("\n\n")) out += c;
    return std::string(trimmed(out)) + '\n';
}

/// Of a colour's channel, as WCAG 2 defines it.
double linear(std::uint8_t channel) {
    const double share = channel / 255.0;
    return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
}

bool is_colour(std::string_view text) {
    return text.size() == 7 && text.front() == '#' && crypto::from_hex(text.substr(1));
}

/// The first character, with all its bytes.
std::string first_of(std::string_view text) {
    std::size_t length = std::min<std::size_t>(1, text.size());
    while (length < text.size() && (text[length] & 0xc0) == 0x80) ++length;
    return std::string(text.substr(0, length));
}

data surrounding_values(const Surroundings& surroundings, const Head& head) {
    const Branding& branding = surroundings.branding;
    const Branding plain;
    const std::string accent = is_colour(branding.accent) ? branding.accent : plain.accent;
    const auto scheme_end = surroundings.site_url.find("://");
    const std::string company(cut(branding.company, 200));
    return data_of(json::object{
        {"company", company},
        {"initial", first_of(company)},
        {"accent", accent},
        {"ink", ink_on(accent)},
        {"support_email", branding.support_email},
        {"site_url", surroundings.site_url},
        {"site",
         surroundings.site_url.substr(scheme_end == std::string::npos ? 0 : scheme_end + 3)},
        {"to", surroundings.to},
        {"action", head.action},
    });
}

/// The names in a template's tags, and those that need not be among its values.
struct Names {
    std::vector<std::string> wanted;
    std::vector<std::string> others{"company",  "initial", "accent", "ink",    "support_email",
                                    "site_url", "site",    "to",     "action", "name"};
};

void add_names(Names& names, std::string_view text, bool as_html) {
    for (auto open = text.find("{{"); open != text.npos; open = text.find("{{", open + 2)) {
        std::string_view tag = text.substr(open + 2, text.find('}', open) - open - 2);
        const char kind = tag.empty() ? '/' : tag.front();
        if (kind == '/') continue;
        if (kind == '>') {
            add_names(names, part_of(trimmed(tag.substr(1)), as_html), as_html);
            continue;
        }
        const bool has_section = kind == '#' || kind == '^';
        if (has_section || kind == '&' || kind == '{') tag.remove_prefix(1);
        (has_section ? names.others : names.wanted).emplace_back(trimmed(tag));
    }
}

}  // namespace

const Template* find_template(std::string_view name) {
    const auto found = std::ranges::find(templates(), name, &Template::name);
    return found == templates().end() ? nullptr : &*found;
}

std::vector<std::string> required_values(const Template& of) {
    Names names;
    add_names(names, of.text, false);
    add_names(names, of.html, true);
    std::ranges::sort(names.wanted);
    const auto [repeated, end] = std::ranges::unique(names.wanted);
    names.wanted.erase(repeated, end);
    std::erase_if(names.wanted, [&](const std::string& name) {
        return std::ranges::find(names.others, name) != names.others.end();
    });
    return std::move(names.wanted);
}

Rendered render(const Template& of, const schema::json::object& values,
                const Surroundings& surroundings) {
    const Head head = head_of(of);
    data all = surrounding_values(surroundings, head);
    for (const auto& [key, value] : values)
        all.set(std::string(key.data(), key.size()), data_of(value));
    if (const auto* link = values.if_contains("link");
        link && link->is_string() && link->as_string().starts_with('/'))
        all.set("link", data_of(json::string(surroundings.site_url + link->as_string().c_str())));
    for (const char* const name : {"name", "inviter"})
        if (const auto* value = values.if_contains(name); value && value->is_string())
            all.set(name, data_of(json::string(greetable(value->as_string()))));
    Rendered rendered{.subject = filled(head.subject, all, false), .text = {}, .html = {}};
    all.set("subject", rendered.subject);
    all.set("preview", filled(head.preview, all, false));
    rendered.text = tidied(in_layout(head.content, all, false));
    rendered.html = in_layout(of.html, all, true);
    return rendered;
}

std::string greetable(std::string_view name) {
    constexpr std::size_t bytes_max = 100;
    if (name.size() > bytes_max || name.find_first_of("/:@<>[]\\") != name.npos) return "";
    // "St. John" is a name, "example.com" a link.
    for (auto dot = name.find('.'); dot != name.npos; dot = name.find('.', dot + 1))
        if (dot + 1 < name.size() && name[dot + 1] != ' ') return "";
    return std::string(name);
}

std::string_view ink_on(std::string_view colour) {
    if (!is_colour(colour)) return "#ffffff";
    const auto channels = *crypto::from_hex(colour.substr(1));
    const double luminance =
        0.2126 * linear(channels[0]) + 0.7152 * linear(channels[1]) + 0.0722 * linear(channels[2]);
    // Where contrast with black and with white are equal: sqrt(1.05 * 0.05) - 0.05.
    return luminance > 0.179 ? "#000000" : "#ffffff";
}

}  // namespace referral::mail

#include "platform/config/setting.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "base/mail_address.hpp"
#include "base/text.hpp"
#include "base/url.hpp"

namespace referral::config {

namespace {

using Wrong = std::optional<std::string>;

struct ByteUnit {
    std::string_view name;
    std::int64_t bytes;
};
constexpr std::array byte_units{ByteUnit{"TiB", 1LL << 40}, ByteUnit{"GiB", 1LL << 30},
                                ByteUnit{"MiB", 1LL << 20}, ByteUnit{"KiB", 1LL << 10}};

std::string bytes_text(std::int64_t bytes) {
    for (const auto& [name, unit] : byte_units)
        if (bytes >= unit && bytes % unit == 0) return fmt::format("{}{}", bytes / unit, name);
    return fmt::to_string(bytes);
}

std::optional<std::int64_t> parse_bytes(std::string_view text) {
    for (const auto& [name, unit] : byte_units) {
        if (!text.ends_with(name)) continue;
        const auto number = parse_int(trimmed(text.substr(0, text.size() - name.size())));
        if (!number || *number > std::numeric_limits<std::int64_t>::max() / unit) return {};
        return *number * unit;
    }
    return parse_int(text);
}

/// The parts between commas, trimmed; empty ones are left out.
std::vector<std::string_view> parts_of(std::string_view text) {
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const auto comma = text.find(',');
        const auto part = trimmed(text.substr(0, comma));
        if (!part.empty()) parts.push_back(part);
        text.remove_prefix(comma == text.npos ? text.size() : comma + 1);
    }
    return parts;
}

template <class T>
std::string joined(const std::vector<T>& values) {
    std::vector<std::string> texts;
    for (const T& value : values) texts.push_back(value.text());
    return fmt::format("{}", fmt::join(texts, ","));
}

std::string joined(const std::vector<std::filesystem::path>& paths) {
    std::vector<std::string> texts;
    for (const auto& path : paths) texts.push_back(path.string());
    return fmt::format("{}", fmt::join(texts, ","));
}

std::string joined(const std::vector<std::string>& texts) {
    return fmt::format("{}", fmt::join(texts, ","));
}

/// An address with nothing behind its host and port, slashes at the end taken off; or nothing.
std::optional<std::string_view> bare_address(std::string_view text) {
    while (text.ends_with('/')) text.remove_suffix(1);
    const auto scheme_end = text.find("://");
    if (scheme_end == text.npos || text.find_first_of("/?#", scheme_end + 3) != text.npos)
        return std::nullopt;
    if (!Url::parse(text)) return std::nullopt;
    return text;
}

template <Named E>
std::string words() {
    std::vector<std::string_view> names;
    for (const auto& [value, name] : Names<E>::list) names.push_back(name);
    return fmt::format("{}", fmt::join(names, ", "));
}

bool is_line(std::string_view text) {
    const auto is_control = [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    };
    return is_utf8(text) && std::ranges::none_of(text, is_control);
}

Wrong must_be(std::string_view what) { return fmt::format("must be {}", what); }

std::string rule(const Text& kind) {
    if (kind.length_min == 0) return fmt::format("text of at most {} bytes", kind.length_max);
    return fmt::format("text of {} to {} bytes", kind.length_min, kind.length_max);
}
std::string rule(const WebAddress&) {
    return "an http or https address without path, such as https://go.example.com";
}
std::string rule(const Origins&) {
    return "origins such as https://app.example.com, separated by commas";
}
std::string rule(const Mailbox&) { return std::string(MailSender::rule); }
std::string rule(const Hidden& kind) {
    return kind.length_min == 0 ? "text"
                                : fmt::format("text of at least {} bytes", kind.length_min);
}
std::string rule(const Path& kind) { return kind.exists ? "a path that exists" : "a path"; }
std::string rule(const Paths& kind) {
    if (kind.count == 0) return "paths of files that exist, separated by commas";
    return fmt::format("the paths of {} files that exist, separated by a comma", kind.count);
}
std::string rule(const Flag&) { return "true or false"; }
std::string rule(const Count& kind) {
    return fmt::format("a number of {} from {} to {}", kind.unit, kind.min, kind.max);
}
std::string rule(const Bytes& kind) {
    return fmt::format("a size from {} to {}, such as 64MiB", bytes_text(kind.min),
                       bytes_text(kind.max));
}
std::string rule(const Span<std::chrono::hours>& kind) {
    return fmt::format("a number of hours from {} to {}", kind.min, kind.max);
}
std::string rule(const Span<std::chrono::minutes>& kind) {
    return fmt::format("a number of minutes from {} to {}", kind.min, kind.max);
}
std::string rule(const Span<std::chrono::seconds>& kind) {
    return fmt::format("a number of seconds from {} to {}", kind.min, kind.max);
}
std::string rule(const Endpoints&) {
    return "ADDRESS:PORT such as 127.0.0.1:8080, [::1]:8080 or *:8080, several separated by commas";
}
std::string rule(const Blocks&) {
    return "addresses and blocks such as 10.0.0.0/8, separated by commas";
}
template <Named E>
std::string rule(const Choice<E>&) {
    return "one of " + words<E>();
}

struct Assign {
    Settings& settings;
    std::string_view text;

    Wrong operator()(const Text& kind) const {
        if (!is_line(text) || text.size() > kind.length_max) return must_be(rule(kind));
        if (text.size() < kind.length_min) return must_be(rule(kind));
        settings.*kind.member = text;
        return {};
    }

    Wrong operator()(const WebAddress& kind) const {
        const auto address = bare_address(text);
        if (!text.empty() && !address) return must_be(rule(kind));
        settings.*kind.member = address.value_or("");
        return {};
    }

    Wrong operator()(const Origins& kind) const {
        std::vector<std::string> origins;
        for (const std::string_view part : parts_of(text)) {
            const auto address = bare_address(part);
            if (!address) return must_be(rule(kind));
            origins.push_back(lower(*address));
        }
        settings.*kind.member = std::move(origins);
        return {};
    }

    Wrong operator()(const Mailbox& kind) const {
        if (!text.empty() && !MailSender::parse(text)) return must_be(rule(kind));
        settings.*kind.member = text;
        return {};
    }

    Wrong operator()(const Hidden& kind) const {
        if (!text.empty() && text.size() < kind.length_min) return must_be(rule(kind));
        if (!is_line(text)) return must_be(rule(kind));
        settings.*kind.member = Secret(text);
        return {};
    }

    Wrong operator()(const Path& kind) const {
        std::error_code unknown;
        const std::filesystem::path path(text);
        if (!is_line(text)) return must_be(rule(kind));
        if (kind.exists && !text.empty() && !std::filesystem::exists(path, unknown))
            return must_be(rule(kind));
        settings.*kind.member = path;
        return {};
    }

    Wrong operator()(const Paths& kind) const {
        std::error_code unknown;
        std::vector<std::filesystem::path> paths;
        for (const std::string_view part : parts_of(text)) {
            paths.emplace_back(part);
            if (!std::filesystem::is_regular_file(paths.back(), unknown))
                return must_be(rule(kind));
        }
        if (kind.count != 0 && !paths.empty() && paths.size() != kind.count)
            return must_be(rule(kind));
        settings.*kind.member = std::move(paths);
        return {};
    }

    Wrong operator()(const Flag& kind) const {
        const std::string word = lower(text);
        const bool on = word == "true" || word == "1" || word == "yes" || word == "on";
        if (!on && word != "false" && word != "0" && word != "no" && word != "off")
            return must_be(rule(kind));
        settings.*kind.member = on;
        return {};
    }

    template <class Numbered>
    Wrong number(const Numbered& kind, std::optional<std::int64_t> number) const {
        if (!number || *number < kind.min || *number > kind.max) return must_be(rule(kind));
        auto& member = settings.*kind.member;
        member = std::remove_reference_t<decltype(member)>(*number);
        return {};
    }
    Wrong operator()(const Count& kind) const { return number(kind, parse_int(text)); }
    Wrong operator()(const Bytes& kind) const { return number(kind, parse_bytes(text)); }
    template <class Duration>
    Wrong operator()(const Span<Duration>& kind) const {
        return number(kind, parse_int(text));
    }

    Wrong operator()(const Endpoints& kind) const {
        std::vector<Endpoint> endpoints;
        for (const std::string_view part : parts_of(text)) {
            const auto endpoint = Endpoint::parse(part);
            if (!endpoint) return must_be(rule(kind));
            endpoints.push_back(*endpoint);
        }
        if (endpoints.empty() && !kind.may_be_none) return must_be(rule(kind));
        settings.*kind.member = std::move(endpoints);
        return {};
    }

    Wrong operator()(const Blocks& kind) const {
        std::vector<IpBlock> blocks;
        for (const std::string_view part : parts_of(text)) {
            const auto block = IpBlock::parse(part);
            if (!block) return must_be(rule(kind));
            blocks.push_back(*block);
        }
        settings.*kind.member = std::move(blocks);
        return {};
    }

    template <Named E>
    Wrong operator()(const Choice<E>& kind) const {
        const auto value = named<E>(lower(text));
        if (!value) return must_be(rule(kind));
        settings.*kind.member = *value;
        return {};
    }
};

std::string shown(const std::string& value) { return value; }
std::string shown(const Secret& value) { return value.reveal(); }
std::string shown(const std::filesystem::path& value) { return value.string(); }
std::string shown(bool value) { return value ? "true" : "false"; }
std::string shown(std::int64_t value) { return fmt::to_string(value); }
template <class Rep, class Period>
std::string shown(std::chrono::duration<Rep, Period> value) {
    return fmt::to_string(value.count());
}
template <class T>
std::string shown(const std::vector<T>& values) {
    return joined(values);
}
template <Named E>
std::string shown(E value) {
    return std::string(name_of(value));
}

/// Levenshtein's distance.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), 0);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t k = 1; k <= b.size(); ++k) {
            const std::size_t replaced = diagonal + (a[i - 1] == b[k - 1] ? 0 : 1);
            diagonal = row[k];
            row[k] = std::min({row[k] + 1, row[k - 1] + 1, replaced});
        }
    }
    return row.back();
}

}  // namespace

const Setting* find_setting(std::string_view name) {
    const auto found = std::ranges::find(all_settings(), name, &Setting::name);
    return found == all_settings().end() ? nullptr : &*found;
}

std::string_view similar_setting(std::string_view name) {
    constexpr std::size_t slips_max = 2;
    constexpr std::size_t length_max = 64;
    if (name.size() > length_max) return "";
    const auto far = [&](const Setting& s) { return distance(s.name, name); };
    const auto nearest = std::ranges::min_element(all_settings(), {}, far);
    return far(*nearest) <= slips_max ? nearest->name : "";
}

std::optional<std::string> assign(Settings& settings, const Setting& setting,
                                  std::string_view text) {
    return std::visit(Assign{settings, text}, setting.kind);
}

std::string text_of(const Settings& settings, const Setting& setting) {
    if (const auto* bytes = std::get_if<Bytes>(&setting.kind))
        return bytes_text(settings.*bytes->member);
    return std::visit([&](const auto& kind) { return shown(settings.*kind.member); }, setting.kind);
}

void copy_value(Settings& to, const Settings& from, const Setting& setting) {
    std::visit([&](const auto& kind) { to.*kind.member = from.*kind.member; }, setting.kind);
}

bool is_secret(const Setting& setting) { return std::holds_alternative<Hidden>(setting.kind); }

bool takes_empty(const Setting& setting) {
    if (const auto* endpoints = std::get_if<Endpoints>(&setting.kind))
        return endpoints->may_be_none;
    if (const auto* text = std::get_if<Text>(&setting.kind)) return text->length_min == 0;
    if (const auto* path = std::get_if<Path>(&setting.kind)) return path->exists;
    return std::holds_alternative<WebAddress>(setting.kind) || is_secret(setting) ||
           std::holds_alternative<Paths>(setting.kind) ||
           std::holds_alternative<Origins>(setting.kind) ||
           std::holds_alternative<Mailbox>(setting.kind) ||
           std::holds_alternative<Blocks>(setting.kind);
}

std::string type_of(const Setting& setting) {
    return std::visit([](const auto& kind) { return rule(kind); }, setting.kind);
}

}  // namespace referral::config

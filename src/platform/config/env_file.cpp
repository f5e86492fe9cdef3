#include "platform/config/env_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.hpp"

namespace referral::config {

namespace {

bool is_name(std::string_view name) {
    const auto fits = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               c == '_';
    };
    return !name.empty() && std::ranges::all_of(name, fits) && !(name[0] >= '0' && name[0] <= '9');
}

bool is_rest(std::string_view text) {
    text = trimmed(text);
    return text.empty() || text.starts_with('#');
}

std::optional<std::string> in_double_quotes(std::string_view text) {
    std::string value;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"')
            return is_rest(text.substr(i + 1)) ? std::optional(value) : std::nullopt;
        const char escaped = text[i] == '\\' && i + 1 < text.size() ? text[i + 1] : '\0';
        if (escaped == 'n' || escaped == '"' || escaped == '\\') {
            value += escaped == 'n' ? '\n' : escaped;
            ++i;
        } else {
            value += text[i];
        }
    }
    return std::nullopt;
}

/// The value of "NAME=…" after the "=", or nothing when a quote does not end.
std::optional<std::string> value_of(std::string_view text) {
    text = trimmed(text);
    if (text.starts_with('"')) return in_double_quotes(text);
    if (text.starts_with('\'')) {
        const auto end = text.find('\'', 1);
        if (end == text.npos || !is_rest(text.substr(end + 1))) return std::nullopt;
        return std::string(text.substr(1, end - 1));
    }
    if (text.starts_with('#')) return "";
    const auto comment = std::min(text.find(" #"), text.find("\t#"));
    return std::string(trimmed(text.substr(0, comment)));
}

}  // namespace

EnvFile parse_env_file(std::string_view text) {
    EnvFile file;
    for (int number = 1; !text.empty(); ++number) {
        const auto end = text.find('\n');
        auto line = trimmed(text.substr(0, end));
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
        if (is_rest(line)) continue;
        if (line.starts_with("export ")) line = trimmed(line.substr(7));
        const auto equals = line.find('=');
        const auto name = trimmed(line.substr(0, equals));
        if (equals == line.npos || !is_name(name)) {
            file.errors.push_back(fmt::format("line {}: is not NAME=value", number));
            continue;
        }
        if (auto value = value_of(line.substr(equals + 1)))
            file.values[std::string(name)] = std::move(*value);
        else
            file.errors.push_back(fmt::format("line {}: a quote is not closed", number));
    }
    return file;
}

}  // namespace referral::config

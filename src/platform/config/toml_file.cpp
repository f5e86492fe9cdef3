#include "platform/config/toml_file.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <optional>

#include "base/text.hpp"

namespace referral::config {

namespace {

std::optional<std::string> list_text(const toml::array& list) {
    std::string text;
    for (const toml::node& entry : list) {
        const auto part = entry.value_exact<std::string>();
        if (!part || part->find(',') != part->npos) return std::nullopt;
        text += (text.empty() ? "" : ",") + *part;
    }
    return text;
}

std::optional<std::string> text_of(const toml::node& node) {
    if (const auto text = node.value_exact<std::string>()) return *text;
    if (const auto number = node.value_exact<std::int64_t>()) return fmt::to_string(*number);
    if (const auto flag = node.value_exact<bool>()) return *flag ? "true" : "false";
    if (const auto* list = node.as_array()) return list_text(*list);
    return std::nullopt;
}

std::string upper(std::string_view text) {
    std::string result(text);
    for (char& c : result)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return result;
}

}  // namespace

TomlFile parse_toml_file(std::string_view text) {
    TomlFile file;
    try {
        for (const auto& [key, node] : toml::parse(text)) {
            const unsigned line = key.source().begin.line;
            const auto value = text_of(node);
            if (key.str() != lower(key.str()))
                file.errors.push_back(
                    fmt::format("line {}: {}: keys are in lower case", line, key.str()));
            else if (!value)
                file.errors.push_back(
                    fmt::format("line {}: {}: must be a text, a whole number, true, false or a "
                                "list of texts; there are no sections",
                                line, key.str()));
            else
                file.values[upper(key.str())] = {*value, line};
        }
    } catch (const toml::parse_error& broken) {
        file.errors.push_back(
            fmt::format("line {}: {}", broken.source().begin.line, broken.description()));
    }
    return file;
}

}  // namespace referral::config

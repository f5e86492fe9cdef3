#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <thread>

#include "platform/config/config.hpp"

namespace referral::config {

namespace {

constexpr std::size_t file_bytes_max = 1 << 20;

std::optional<Document> read(const std::filesystem::path& file, bool required) {
    std::error_code unknown;
    if (!required && !std::filesystem::exists(file, unknown)) return std::nullopt;
    std::ifstream stream(file);
    std::string text(file_bytes_max + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!stream.is_open() || stream.bad() || std::filesystem::is_directory(file, unknown))
        throw std::runtime_error(fmt::format("{} cannot be read", file.string()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (text.size() > file_bytes_max)
        throw std::runtime_error(fmt::format("{} is larger than 1 MiB", file.string()));
    return Document{file.string(), std::move(text)};
}

}  // namespace

Sources sources_here(const std::filesystem::path& config_file, bool required) {
    Sources sources;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        const std::string_view text(*variable);
        const auto equals = text.find('=');
        if (equals != text.npos)
            sources.environment.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    sources.env_file = read(".env", false);
    sources.toml_file = read(config_file, required);
    sources.root = std::filesystem::current_path();
    sources.cores = std::max(1u, std::thread::hardware_concurrency());
    return sources;
}

}  // namespace referral::config

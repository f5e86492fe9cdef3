#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "platform/http/request.hpp"
#include "platform/http/response.hpp"

namespace referral::app {

/// The built web pages, all in memory: at most 64 MiB, read once.
class StaticFiles {
public:
    /// Reads every file below `folder`. A missing folder is no error: then there are no pages, and
    /// the API works without them. Throws std::runtime_error when there is too much of it.
    explicit StaticFiles(const std::filesystem::path& folder);

    /// The answer for a page or an asset: "/referrals/links" is referrals/links.html, "/docs/" is
    /// docs/index.html; or nothing when there is no such file.
    std::optional<http::Response> answer(const http::Request& request) const;

    /// The text of a file, as "public/gone.html"; or nothing.
    std::optional<std::string_view> text(std::string_view name) const;

    std::size_t count() const { return files_.size(); }

private:
    struct File {
        std::shared_ptr<const std::string> plain;
        std::shared_ptr<const std::string> gzipped;  ///< Null when it would not be smaller.
        std::string_view content_type;
        std::string etag;
        bool is_page = false;
        bool is_immutable = false;  ///< Its name carries a hash of its content.
    };

    const File* find(std::string_view path) const;

    std::unordered_map<std::string, File> files_;
};

}  // namespace referral::app

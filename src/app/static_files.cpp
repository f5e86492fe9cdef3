#include "app/static_files.hpp"

#include <zlib.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "base/text.hpp"
#include "platform/crypto/encoding.hpp"
#include "platform/crypto/hash.hpp"
#include "platform/http/dispatch.hpp"

namespace referral::app {

namespace {

struct MediaType {
    std::string_view extension;
    std::string_view type;
    bool compresses;
};

constexpr MediaType media_types[] = {
    {".html", "text/html; charset=utf-8", true},
    {".js", "text/javascript; charset=utf-8", true},
    {".css", "text/css; charset=utf-8", true},
    {".json", "application/json", true},
    {".svg", "image/svg+xml", true},
    {".txt", "text/plain; charset=utf-8", true},
    {".webmanifest", "application/manifest+json", true},
    {".woff2", "font/woff2", false},
    {".png", "image/png", false},
    {".ico", "image/x-icon", false},
};

constexpr MediaType unknown_type{"", "application/octet-stream", false};
constexpr std::size_t bytes_max = 64 << 20;

const MediaType& media_type(const std::filesystem::path& file) {
    const std::string extension = file.extension().string();
    for (const MediaType& known : media_types)
        if (known.extension == extension) return known;
    return unknown_type;
}

std::string gzipped(const std::string& text) {
    constexpr int gzip_window = 15 + 16, memory_level = 8;
    z_stream stream{};
    if (deflateInit2(&stream, 6, Z_DEFLATED, gzip_window, memory_level, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::runtime_error("zlib does not start");
    std::string out(deflateBound(&stream, text.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

/// Whether an If-None-Match names `etag`, or everything (RFC 9110, section 13.1.2): proxies that
/// change the encoding send tags back as weak ones.
bool names(std::string_view if_none_match, std::string_view etag) {
    if (trimmed(if_none_match) == "*") return true;
    while (!if_none_match.empty()) {
        const auto comma = std::min(if_none_match.find(','), if_none_match.size());
        std::string_view tag = trimmed(if_none_match.substr(0, comma));
        if (tag.starts_with("W/")) tag.remove_prefix(2);
        if (tag == etag) return true;
        if_none_match.remove_prefix(std::min(comma + 1, if_none_match.size()));
    }
    return false;
}

bool accepts_gzip(const http::Request& request) {
    const auto accepted = request.header("Accept-Encoding").value_or("");
    const auto at = accepted.find("gzip");
    return at != accepted.npos && accepted.substr(at + 4, 4) != ";q=0";
}

}  // namespace

StaticFiles::StaticFiles(const std::filesystem::path& folder) {
    std::error_code missing;
    std::size_t bytes = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, missing)) {
        const std::string name = entry.path().lexically_relative(folder).generic_string();
        if (!entry.is_regular_file() || name.front() == '.') continue;
        std::ifstream in(entry.path(), std::ios::binary);
        std::string text{std::istreambuf_iterator<char>(in), {}};
        if ((bytes += text.size()) > bytes_max)
            throw std::runtime_error(folder.string() + " holds more than 64 MiB");
        const MediaType& type = media_type(entry.path());
        File file{.content_type = type.type,
                  .etag = '"' + crypto::to_hex(crypto::sha256(text)).substr(0, 32) + '"',
                  .is_page = type.extension == ".html",
                  .is_immutable = name.starts_with("assets/")};
        if (type.compresses) {
            std::string small = gzipped(text);
            if (small.size() < text.size())
                file.gzipped = std::make_shared<const std::string>(std::move(small));
        }
        file.plain = std::make_shared<const std::string>(std::move(text));
        files_.emplace(name, std::move(file));
    }
}

const StaticFiles::File* StaticFiles::find(std::string_view path) const {
    const std::string name(path.substr(1));
    const std::string tries[] = {name, name + ".html", name + "index.html"};
    for (const std::string& candidate : tries)
        if (const auto found = files_.find(candidate); found != files_.end()) return &found->second;
    return nullptr;
}

std::optional<http::Response> StaticFiles::answer(const http::Request& request) const {
    const File* file = find(request.path());
    if (!file) return std::nullopt;
    http::Response response;
    response.headers = http::security_headers(request, true);
    response.headers.push_back({"ETag", file->etag});
    response.headers.push_back({"Vary", "Accept-Encoding"});
    response.headers.push_back(
        {"Cache-Control", file->is_immutable ? "public, max-age=31536000, immutable" : "no-cache"});
    if (names(request.header("If-None-Match").value_or(""), file->etag)) {
        response.status = 304;
        return response;
    }
    response.headers.push_back({"Content-Type", std::string(file->content_type)});
    const bool compressed = file->gzipped && accepts_gzip(request);
    if (compressed) response.headers.push_back({"Content-Encoding", "gzip"});
    response.shared_body = compressed ? file->gzipped : file->plain;
    return response;
}

std::optional<std::string_view> StaticFiles::text(std::string_view name) const {
    const auto found = files_.find(std::string(name));
    if (found == files_.end()) return std::nullopt;
    return *found->second.plain;
}

}  // namespace referral::app

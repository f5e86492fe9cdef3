#include "base/qr.hpp"

#include <png.h>
#include <qrencode.h>

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <vector>

namespace referral {

namespace {

/// Light modules around the code that scanners rely on (ISO/IEC 18004, 9.1).
constexpr int margin = 4;

struct Free {
    void operator()(QRcode* code) const { QRcode_free(code); }
};
using QrCode = std::unique_ptr<QRcode, Free>;

QrCode code_of(std::string_view text) {
    // Level M restores 15 %: a scratch on a label.
    QrCode code(QRcode_encodeString8bit(std::string(text).c_str(), 0, QR_ECLEVEL_M));
    if (!code) throw std::length_error("too long for a QR code");
    return code;
}

bool is_dark(const QRcode& code, int x, int y) { return code.data[y * code.width + x] & 1; }

}  // namespace

std::string qr_svg(std::string_view text, std::int64_t size) {
    const QrCode code = code_of(text);
    const int side = code->width + 2 * margin;
    std::string svg = fmt::format(
        R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{0}" viewBox="0 0 {1} {1}" )"
        R"(shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{1}v{1}H0z"/><path d=")",
        size, side);
    for (int y = 0; y < code->width; ++y)
        for (int x = 0; x < code->width; ++x) {
            if (!is_dark(*code, x, y)) continue;
            int end = x;
            while (end < code->width && is_dark(*code, end, y)) ++end;
            svg += fmt::format("M{} {}h{}v1h-{}z", x + margin, y + margin, end - x, end - x);
            x = end;
        }
    return svg + "\"/></svg>\n";
}

std::string qr_png(std::string_view text, std::int64_t size) {
    const QrCode code = code_of(text);
    const int modules = code->width + 2 * margin;
    const int side = std::max(static_cast<int>(size), modules);
    const int scale = side / modules;
    const int begin = (side - scale * code->width) / 2;
    std::vector<png_byte> pixels(static_cast<std::size_t>(side) * side, 255);
    for (int y = 0; y < scale * code->width; ++y)
        for (int x = 0; x < scale * code->width; ++x)
            if (is_dark(*code, x / scale, y / scale))
                pixels[static_cast<std::size_t>(begin + y) * side + begin + x] = 0;
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = image.height = static_cast<png_uint_32>(side);
    image.format = PNG_FORMAT_GRAY;
    png_alloc_size_t bytes = PNG_IMAGE_PNG_SIZE_MAX(image);
    std::string png(bytes, '\0');
    if (!png_image_write_to_memory(&image, png.data(), &bytes, 0, pixels.data(), 0, nullptr))
        throw std::runtime_error(std::string("no PNG: ") + image.message);
    png.resize(bytes);
    return png;
}

}  // namespace referral

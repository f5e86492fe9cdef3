#include "base/qr.hpp"

#include <gtest/gtest.h>
#include <png.h>

#include <vector>

namespace referral {
namespace {

struct Picture {
    int side = 0;
    std::vector<png_byte> pixels;
    bool dark(int x, int y) const { return pixels[static_cast<std::size_t>(y * side + x)] < 128; }
};

Picture read_png(const std::string& png) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    if (!png_image_begin_read_from_memory(&image, png.data(), png.size())) return {};
    image.format = PNG_FORMAT_GRAY;
    Picture picture{static_cast<int>(image.width), std::vector<png_byte>(PNG_IMAGE_SIZE(image))};
    if (image.width != image.height) return {};
    png_image_finish_read(&image, nullptr, picture.pixels.data(), 0, nullptr);
    return picture;
}

constexpr std::string_view address = "https://go.example.com/r/abcdefghjk";

TEST(Qr, PngHasTheSizeAskedForAndALightMargin) {
    for (const std::int64_t size : {64, 100, 512, 2'048}) {
        const Picture picture = read_png(qr_png(address, size));

        ASSERT_EQ(picture.side, size);
        const int margin = picture.side / 20;
        for (int i = 0; i < picture.side; ++i) {
            EXPECT_FALSE(picture.dark(i, margin / 2));
            EXPECT_FALSE(picture.dark(margin / 2, i));
        }
    }
}

/// Along the middle of a finder pattern: dark, light, dark, light, dark as 1 : 1 : 3 : 1 : 1.
TEST(Qr, PngBeginsWithAFinderPattern) {
    const Picture picture = read_png(qr_png(address, 512));
    int top = 0;
    while (!picture.dark(picture.side / 12 + top, picture.side / 12 + top)) ++top;
    const int corner = picture.side / 12 + top;
    std::vector<int> runs{0};
    bool dark = true;
    int first = corner;
    while (picture.dark(first - 1, corner)) --first;
    int module = 0;
    for (int y = corner; picture.dark(first, y); ++y) ++module;
    module /= 7;
    const int middle = corner + 3 * module + module / 2;
    for (int x = first; runs.size() <= 5; ++x) {
        if (picture.dark(x, middle) != dark) {
            dark = !dark;
            runs.push_back(0);
        }
        ++runs.back();
    }
    runs.resize(5);
    EXPECT_EQ(runs, (std::vector<int>{module, module, 3 * module, module, module}));
}

TEST(Qr, SvgDrawsTheSameModules) {
    const std::string svg = qr_svg(address, 300);

    EXPECT_TRUE(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"300\""));
    EXPECT_TRUE(svg.ends_with("</svg>\n"));
    EXPECT_NE(svg.find("M4 4h7v1h-7z"), svg.npos);
    EXPECT_EQ(qr_svg(address, 300), svg);
}

TEST(Qr, RefusesWhatNoCodeHolds) {
    EXPECT_THROW(qr_svg(std::string(5'000, 'x'), 300), std::length_error);
}

}  // namespace
}  // namespace referral

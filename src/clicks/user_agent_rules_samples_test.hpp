#pragma once

#include <fmt/core.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// User agents for tests. Paths are relative to the root of the source, where tests run.
namespace referral::clicks::samples {

inline constexpr const char* crawlers_file =
    "node_modules/crawler-user-agents/crawler-user-agents.json";
inline constexpr const char* rules_file = "node_modules/uap-core/regexes.yaml";

inline boost::json::value crawler_list() {
    std::ifstream in(crawlers_file, std::ios::binary);
    if (!in) throw std::runtime_error(std::string(crawlers_file) + " is missing: run npm ci");
    return boost::json::parse(std::string(std::istreambuf_iterator<char>(in), {}));
}

/// Every example that the list of crawlers gives.
inline std::vector<std::string> crawlers() {
    std::vector<std::string> result;
    const boost::json::value list = crawler_list();
    for (const boost::json::value& crawler : list.as_array())
        for (const boost::json::value& example : crawler.at("instances").as_array())
            result.emplace_back(example.as_string());
    return result;
}

inline constexpr int version_first = 70;
inline constexpr int version_end = 150;

/// Chrome and its kin on computers.
inline void add_chromium_on_computers(std::vector<std::string>& out) {
    for (const char* system :
         {"Windows NT 10.0; Win64; x64", "Windows NT 6.1; WOW64",
          "Macintosh; Intel Mac OS X 10_15_7", "Macintosh; Intel Mac OS X 10_13_6",
          "X11; Linux x86_64", "X11; Ubuntu; Linux x86_64", "X11; CrOS x86_64 14541.0.0"})
        for (int v = version_first; v < version_end; ++v) {
            const std::string chrome = fmt::format(
                "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.{}.{} "
                "Safari/537.36",
                system, v, v > 100 ? 0 : v * 37, v > 100 ? 0 : v);
            out.push_back(chrome);
            out.push_back(fmt::format("{} Edg/{}.0.{}.{}", chrome, v, v * 19, v / 2));
            out.push_back(fmt::format("{} OPR/{}.0.{}.{}", chrome, v - 15, v * 41, v));
            if (v % 4 == 0) {
                out.push_back(fmt::format("{} Vivaldi/{}.{}.3.51", chrome, v / 20, v % 10));
                out.push_back(fmt::format("{} YaBrowser/{}.6.0 Yowser/2.5", chrome, v / 6));
            }
        }
}

inline void add_firefox_and_safari(std::vector<std::string>& out) {
    for (const char* system :
         {"Windows NT 10.0; Win64; x64", "Windows NT 6.1", "Macintosh; Intel Mac OS X 10.15",
          "X11; Linux x86_64", "X11; Ubuntu; Linux x86_64", "X11; Fedora; Linux x86_64",
          "Android 13; Mobile", "Android 12; Tablet"})
        for (int v = version_first; v < version_end; ++v)
            out.push_back(fmt::format("Mozilla/5.0 ({}; rv:{}.0) Gecko/{} Firefox/{}.0", system, v,
                                      std::string_view(system).starts_with("Android")
                                          ? fmt::format("{}.0", v)
                                          : "20100101",
                                      v));
    for (int major = 9; major < 27; ++major)
        for (int minor = 0; minor < 7; ++minor) {
            out.push_back(
                fmt::format("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) "
                            "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{}.{} "
                            "Safari/605.1.15",
                            major, minor));
            for (const char* device :
                 {"iPhone; CPU iPhone OS", "iPad; CPU OS", "iPod touch; CPU iPhone OS"}) {
                const std::string engine = fmt::format(
                    "Mozilla/5.0 ({} {}_{} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)",
                    device, major, minor);
                out.push_back(fmt::format("{} Version/{}.{} Mobile/15E148 Safari/604.1", engine,
                                          major, minor));
                out.push_back(engine + " CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1");
                out.push_back(engine + " FxiOS/127.0 Mobile/15E148 Safari/605.1.15");
                out.push_back(engine + " GSA/321.0.642804631 Mobile/15E148 Safari/604.1");
                out.push_back(engine + " Mobile/15E148");
            }
        }
}

inline void add_android(std::vector<std::string>& out) {
    for (const char* model : {"K", "SM-G991B", "SM-A515F", "SM-S918B", "Pixel 6", "Pixel 7 Pro",
                              "Redmi Note 9 Pro", "M2101K6G", "CPH2557", "RMX3085", "ONEPLUS A6013",
                              "moto g(8) power", "VOG-L29", "LM-K520", "V2302"})
        for (int v = version_first; v < version_end; v += 4) {
            const std::string engine = fmt::format(
                "Mozilla/5.0 (Linux; Android {}; {}) AppleWebKit/537.36 (KHTML, like Gecko)",
                6 + v / 15, model);
            const std::string chrome = fmt::format("Chrome/{}.0.{}.{}", v, v * 37, v);
            out.push_back(fmt::format("{} {} Mobile Safari/537.36", engine, chrome));
            out.push_back(
                fmt::format("{} {} Mobile Safari/537.36 EdgA/{}.0.0.0", engine, chrome, v));
            out.push_back(
                fmt::format("{} {} Mobile Safari/537.36 OPR/{}.0.0.0", engine, chrome, v - 40));
            out.push_back(fmt::format("{} SamsungBrowser/{}.0 {} Mobile Safari/537.36", engine,
                                      v / 5, chrome));
            out.push_back(fmt::format("{} {} Safari/537.36", engine, chrome));
        }
}

/// Browsers inside apps: where most links of this kind are opened.
inline void add_apps(std::vector<std::string>& out) {
    const std::string ios =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, "
        "like "
        "Gecko) Mobile/21F90";
    for (const char* app :
         {"[FBAN/FBIOS;FBAV/468.0.0.46.109;FBBV/604353304;FBDV/iPhone14,5;FBMD/iPhone;FBSN/iOS;"
          "FBSV/17.5.1;FBSS/3;FBID/phone;FBLC/en_US;FBOP/5]",
          "Instagram 337.0.1.25.90 (iPhone14,5; iOS 17_5_1; en_US; en; scale=3.00; 1170x2532; "
          "615533209)",
          "[Pinterest/iOS]", "Snapchat/12.92.0.38 (like Safari/8617.2.4.10.7, panda)",
          "[LinkedInApp]/9.29.8352", "MicroMessenger/8.0.49(0x18003137) NetType/WIFI Language/en",
          "Safari Line/14.9.1", "KAKAOTALK 10.8.5", "Twitter for iPhone/10.47",
          "musical_ly_35.1.0 JsSdk/2.0 NetType/WIFI Channel/App Store ByteLocale/en Region/US",
          "PayPal/8.66"})
        out.push_back(ios + " " + app);
    for (const char* build : {"AP3A.240617.008", "UP1A.231005.007", "TP1A.220624.014"})
        for (const char* app :
             {"[FB_IAB/FB4A;FBAV/467.1.0.52.83;]", "MetaIAB Facebook", "[Pinterest/Android]",
              "Instagram 337.0.0.35.102 Android (34/14; 480dpi; 1080x2106; samsung; SM-S918B; "
              "dm3q; "
              "qcom; en_GB; 615533209)",
              "NAVER(inapp; search; 2000; 12.7.0)"})
            out.push_back(fmt::format(
                "Mozilla/5.0 (Linux; Android 15; SM-S918B Build/{}; wv) AppleWebKit/537.36 (KHTML, "
                "like Gecko) Version/4.0 Chrome/142.0.7444.142 Mobile Safari/537.36 {}",
                build, app));
    for (const char* program : {"Slack/4.39.90", "Notion/3.9.0", "Code/1.91.1", "Teams/1.7.00"})
        out.push_back(fmt::format(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) {} "
            "Chrome/122.0.6261.156 Electron/29.4.0 Safari/537.36",
            program));
}

/// More than 5,000 user agents of people's browsers, by the shapes that their makers document.
inline std::vector<std::string> browsers() {
    std::vector<std::string> result;
    add_chromium_on_computers(result);
    add_firefox_and_safari(result);
    add_android(result);
    add_apps(result);
    return result;
}

}  // namespace referral::clicks::samples

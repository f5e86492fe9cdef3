#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace referral::clicks {

class Patterns;

/// The browser, or other program, that a user agent names. Unknown parts are empty.
struct BrowserName {
    std::string family = "Other";
    std::string major;
    std::string minor;
    std::string patch;

    friend bool operator==(const BrowserName&, const BrowserName&) = default;
};

/// The operating system that a user agent names. Unknown parts are empty.
struct SystemName {
    std::string family = "Other";
    std::string major;
    std::string minor;
    std::string patch;
    std::string patch_minor;

    friend bool operator==(const SystemName&, const SystemName&) = default;
};

/// The device that a user agent names; of the family "Spider" when it calls itself a crawler.
/// Unknown parts are empty.
struct DeviceName {
    std::string family = "Other";
    std::string brand;
    std::string model;

    friend bool operator==(const DeviceName&, const DeviceName&) = default;
};

/// The rules of uap-core's regexes.yaml, as its docs/specification.md tells to apply them: in each
/// of three lists the first rule that matches decides. Immutable: any thread may ask.
/// Texts may hold any bytes that the user agent held.
class UserAgentRules {
public:
    /// Reads `file` (0.3 s). Throws std::runtime_error, naming the file, when it is missing, is not
    /// such a file, or has a rule that cannot be applied.
    explicit UserAgentRules(const std::filesystem::path& file);
    ~UserAgentRules();
    UserAgentRules(const UserAgentRules&) = delete;
    UserAgentRules& operator=(const UserAgentRules&) = delete;

    BrowserName browser(std::string_view agent) const;
    SystemName system(std::string_view agent) const;
    DeviceName device(std::string_view agent) const;

    /// How many rules there are in all.
    std::size_t size() const;

private:
    static constexpr std::size_t parts_max = 5;
    using Parts = std::array<std::string, parts_max>;  // Family first.

    /// One of the file's three lists, and what each rule makes of its match: texts in which $1 to
    /// $9 stand for the groups.
    struct List {
        std::unique_ptr<const Patterns> patterns;
        std::vector<Parts> replacements;
    };

    class Reader;

    /// The parts that the first match in `list` gives, or nothing.
    static std::optional<Parts> apply(const List& list, std::string_view agent);

    List browsers_;
    List systems_;
    List devices_;
};

}  // namespace referral::clicks

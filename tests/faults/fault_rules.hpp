#pragma once

/// The rules of the fault shim, as its control file gives them.

#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

namespace referral::faults {

/// A kind of call, as rules name it.
enum class Call { open, write, sync, allocate, truncate, rename };
constexpr std::array<const char*, 6> call_names = {"open",     "write",    "sync",
                                                   "allocate", "truncate", "rename"};
/// Stands for an errno: the write takes half.
constexpr int short_write = -1;

/// One `fail` line.
struct Rule {
    int call;  // Of Call, or -1 for any.
    std::uint64_t first;
    std::uint64_t last;
    int error;
};

/// What the control file said when it was read last, and what has been counted since.
struct Rules {
    std::vector<Rule> rules;
    std::array<std::uint64_t, call_names.size()> seen{};
    std::uint64_t any_seen = 0;
    bool limited = false;
    std::uint64_t bytes_left = 0;
    bool stall = false;
    struct stat read_from {};
};

/// EIO and the like by name; 0 for an unknown one.
inline int error_of(const char* name) {
    constexpr std::array<std::pair<const char*, int>, 7> errors = {{{"EIO", EIO},
                                                                    {"ENOSPC", ENOSPC},
                                                                    {"EINTR", EINTR},
                                                                    {"EDQUOT", EDQUOT},
                                                                    {"EROFS", EROFS},
                                                                    {"EMFILE", EMFILE},
                                                                    {"short", short_write}}};
    for (const auto& [text, error] : errors) {
        if (std::strcmp(text, name) == 0) return error;
    }
    return 0;
}

/// Adds one line of the control file; what is not a rule is passed over.
inline void read_rule(Rules& rules, const char* line) {
    char call[16], which[24], error[16];
    unsigned long long bytes = 0;
    if (std::sscanf(line, "fail %15s %23s %15s", call, which, error) == 3) {
        Rule rule{-1, 1, ~std::uint64_t{0}, error_of(error)};
        for (std::size_t i = 0; i < call_names.size(); ++i) {
            if (std::strcmp(call_names[i], call) == 0) rule.call = static_cast<int>(i);
        }
        if (std::strcmp(which, "all") != 0) {
            char* end = nullptr;
            rule.first = std::strtoull(which, &end, 10);
            if (*end != '+') rule.last = rule.first;
        }
        if (rule.error != 0) rules.rules.push_back(rule);
    } else if (std::sscanf(line, "limit %llu", &bytes) == 1) {
        rules.limited = true;
        rules.bytes_left = bytes;
    } else if (std::strncmp(line, "stall sync", 10) == 0) {
        rules.stall = true;
    }
}

}  // namespace referral::faults

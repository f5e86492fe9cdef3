#pragma once

#include <cstdint>
#include <filesystem>

#include "platform/journal/file.hpp"

namespace referral::journal {

/// 64 bits from the kernel's generator. Throws std::system_error.
std::uint64_t random_bits();

/// Whose directory it is: holds DIR/lock while it lives, and keeps DIR/node.
class Identity {
public:
    /// Makes the directory when it is missing and locks it. Throws std::runtime_error, naming the
    /// directory and the process that holds it, when another has it; or when DIR/node is damaged.
    explicit Identity(const std::filesystem::path& directory);

    /// Drawn at random when the directory was first opened.
    std::uint64_t node() const { return node_; }

    /// The epoch begun last, 0 when there was none.
    std::uint32_t epoch() const { return epoch_; }

    /// Begins and makes durable an epoch greater than all before and than `seen`, which is the
    /// greatest that segments of this node carry. Throws std::system_error.
    void begin_epoch(std::uint32_t seen);

private:
    void load();
    void save();

    File lock_;
    File file_;
    std::uint64_t node_ = 0;
    std::uint32_t epoch_ = 0;
};

}  // namespace referral::journal

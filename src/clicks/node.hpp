#pragma once

/// This process's right to load its node's journal.

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

#include "platform/db/pool.hpp"

namespace referral::clicks {

/// One row of journal_nodes, held by one process at a time. Another takes it over at once when its
/// journal lies in the same directory, for the journal's lock proves that the former holder is
/// dead; from elsewhere (a copied or restored directory) only when the holder has not been seen for
/// 10 s. That keeps two copies from loading at the same time. That no click is counted twice does
/// not depend on it: positions see to that.
class Node {
public:
    Node(std::uint64_t node, std::uint32_t epoch, std::string directory);

    /// Registers, or says that this process is still there; to be called every few seconds. Throws
    /// db::Error.
    void hold(db::Pool& pool);

    /// The row's id while this process holds it. Any thread.
    std::optional<std::int64_t> id() const;

    /// Whether another process holds it. Any thread.
    bool fenced() const { return fenced_.load(); }

    const std::string& instance() const { return instance_; }

private:
    const std::uint64_t node_;
    const std::uint32_t epoch_;
    const std::string directory_;
    const std::string instance_;
    std::atomic<std::int64_t> id_{0};  // 0: not held.
    std::atomic<bool> fenced_{false};
};

}  // namespace referral::clicks

#pragma once

/// Anchors: the chain's end, signed and written outside the database, so that a chain that was cut
/// short or made anew can be told from the one that was.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "audit/chain.hpp"
#include "base/time.hpp"
#include "platform/crypto/signature.hpp"

namespace referral::audit {

/// Where the chain ended at a time.
struct Anchor {
    Head head;
    Instant at;
};

/// What a file of anchors says.
struct AnchorList {
    std::vector<Anchor> anchors;  ///< By sequence.
    std::int64_t unreadable = 0;  ///< Lines that are no anchor, or not signed by this key.
};

/// Writes and reads anchors. A line is a JSON object with `"event":"audit_anchor"`, `sequence`,
/// `hash` (hexadecimal), `at`, the public `key` and the `signature` (both base64url, Ed25519) of
/// "referral audit anchor\nSEQUENCE\nHASH\nAT"; lines of the log with the same members are as good.
class Anchors {
public:
    /// Anchors in `file`, signed with a key derived from `secret` for nothing else.
    Anchors(std::filesystem::path file, const crypto::Key& secret);

    /// Appends an anchor, on the disk when it returns, and writes it to the log. Nothing when the
    /// last one written by this object says the same. Throws std::system_error.
    void write(const Anchor& anchor);

    /// What is in the file; nothing when there is none. A last line without its end is left out.
    AnchorList read() const { return read(file_, false); }

    /// What is in another file: one kept elsewhere, or a log, whose other lines are left out.
    AnchorList read_elsewhere(const std::filesystem::path& file) const { return read(file, true); }

private:
    AnchorList read(const std::filesystem::path& file, bool among_others) const;
    std::optional<Anchor> anchor_of(const std::string& line) const;
    std::string line_of(const Anchor& anchor) const;

    const std::filesystem::path file_;
    const crypto::SigningKey key_;
    std::int64_t last_written_ = 0;
};

/// Writes the chain's end as an anchor; nothing while the chain is empty.
void anchor(db::Pool& pool, Anchors& anchors, Instant now);

}  // namespace referral::audit

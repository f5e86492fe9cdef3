#pragma once

/// The directory of codes on disk, so that redirects go on without PostgreSQL even after a restart.
///
/// One file, replaced as a whole: magic and version, the horizon, then a record for each program
/// and each link, an end record with their count, and the CRC-32C of all before. Numbers are little
/// endian. A file that is not exactly so is not used.

#include <filesystem>
#include <optional>
#include <string>

#include "links/directory.hpp"
#include "links/directory_sync.hpp"

namespace referral::links {

/// Writes what `reader` sees as the contents at `horizon` or later: beside `file`, made durable,
/// then renamed. The file is readable by its owner only. Throws std::system_error.
void write_snapshot(Directory::Reader& reader, const Horizon& horizon,
                    const std::filesystem::path& file);

/// Puts the contents of `file` into `directory` and gives their horizon. Nothing when there is no
/// such file, or when it is spoilt or of another version: then the directory is untouched and the
/// log says why.
std::optional<Horizon> read_snapshot(Directory& directory, const std::filesystem::path& file);

}  // namespace referral::links

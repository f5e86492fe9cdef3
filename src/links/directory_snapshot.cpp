#include "links/directory_snapshot.hpp"

#include <fcntl.h>

#include <bit>
#include <cstring>
#include <system_error>

#include "platform/journal/crc32c.hpp"
#include "platform/journal/file.hpp"
#include "platform/log/log.hpp"

namespace referral::links {

namespace {

using journal::File;

static_assert(std::endian::native == std::endian::little);

constexpr std::string_view magic = "RFLINKS1";  // The digit is the version.
constexpr std::size_t piece_bytes = 1 << 20;
/// Synced piece by piece: one sync of all of it would hold up the journal's for its whole time.
constexpr std::size_t sync_bytes = 8 << 20;

enum class Record : std::uint8_t { end = 0, program = 1, link = 2 };

void check(int error, const std::filesystem::path& file) {
    if (error) throw std::system_error(error, std::generic_category(), "write " + file.string());
}

/// Appends to a file, with a checksum of everything.
class Writing {
public:
    explicit Writing(const std::filesystem::path& path)
        : path_(path), file_(File::open(path, O_WRONLY | O_CREAT | O_TRUNC)) {}

    void bytes(std::string_view bytes) {
        buffer_ += bytes;
        if (buffer_.size() >= piece_bytes) flush();
    }
    template <class T>
    void number(T value) {
        bytes({reinterpret_cast<const char*>(&value), sizeof value});
    }
    void text(std::string_view text) {
        number(static_cast<std::uint32_t>(text.size()));
        bytes(text);
    }

    /// Adds the checksum and makes all of it durable.
    void finish() {
        flush();
        const std::uint32_t crc = crc_;
        number(crc);
        flush();
        check(file_.sync_data(), path_);
    }

private:
    void flush() {
        const auto all = std::as_bytes(std::span(buffer_));
        crc_ = journal::crc32c(all, crc_);
        check(file_.write_at(written_, all), path_);
        written_ += buffer_.size();
        unsynced_ += buffer_.size();
        buffer_.clear();
        if (unsynced_ < sync_bytes) return;
        check(file_.sync_data(), path_);
        unsynced_ = 0;
    }

    const std::filesystem::path path_;
    File file_;
    std::string buffer_;
    std::uint64_t written_ = 0;
    std::size_t unsynced_ = 0;
    std::uint32_t crc_ = 0;
};

void write(Writing& to, const ProgramView& program) {
    to.number(Record::program);
    to.number(program.id.value);
    to.text(program.fallback_url);
    to.number(std::int64_t{program.duplicate_window.count()});
    to.number(static_cast<std::uint8_t>(program.closed));
    to.number(static_cast<std::uint32_t>(program.allowed_hosts.size()));
    for (const HostPattern& host : program.allowed_hosts) to.text(host.text());
}

void write(Writing& to, const PackedLink& link) {
    to.number(Record::link);
    to.number(link.link_id);
    to.number(link.user_id);
    to.number(link.program_id);
    to.number(link.visits);
    to.number(link.status);
    to.number(link.flags);
    to.number(link.code_size);
    to.number(link.destination_size);
    to.text(link.bytes);
}

/// The file is not what `write_snapshot` makes.
struct Spoilt : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Reads a file from its beginning.
class Taking {
public:
    Taking(const File& file, std::uint64_t end) : file_(file), end_(end) {}

    std::string_view bytes(std::size_t size) {
        if (buffer_.size() - used_ < size) fill(size);
        const std::string_view taken = std::string_view(buffer_).substr(used_, size);
        used_ += size;
        return taken;
    }
    template <class T>
    T number() {
        T value;
        std::memcpy(&value, bytes(sizeof value).data(), sizeof value);
        return value;
    }
    std::string text() {
        const auto size = number<std::uint32_t>();
        if (size > piece_bytes) throw Spoilt("a text is too long");
        return std::string(bytes(size));
    }
    bool at_end() const { return at_ == end_ && used_ == buffer_.size(); }

private:
    void fill(std::size_t size) {
        buffer_.erase(0, used_);
        used_ = 0;
        const std::size_t had = buffer_.size();
        buffer_.resize(had + std::min<std::uint64_t>(piece_bytes, end_ - at_));
        const auto room = std::as_writable_bytes(std::span(buffer_)).subspan(had);
        if (file_.read_at(at_, room) != room.size()) throw Spoilt("it became shorter");
        at_ += room.size();
        if (buffer_.size() < size) throw Spoilt("it ends too early");
    }

    const File& file_;
    const std::uint64_t end_;
    std::uint64_t at_ = 0;
    std::string buffer_;
    std::size_t used_ = 0;
};

/// The length without the checksum, which has been found right.
std::uint64_t checked_length(const File& file) {
    std::uint32_t wanted = 0;
    const std::uint64_t size = file.size();
    if (size < magic.size() + sizeof wanted) throw Spoilt("it is too short");
    const std::uint64_t length = size - sizeof wanted;
    std::string piece(piece_bytes, '\0');
    std::uint32_t crc = 0;
    for (std::uint64_t at = 0; at < length; at += piece.size()) {
        piece.resize(std::min<std::uint64_t>(piece_bytes, length - at));
        const auto room = std::as_writable_bytes(std::span(piece));
        if (file.read_at(at, room) != room.size()) throw Spoilt("it became shorter");
        crc = journal::crc32c(room, crc);
    }
    file.read_at(length, std::as_writable_bytes(std::span(&wanted, 1)));
    if (crc != wanted) throw Spoilt("its checksum is wrong");
    return length;
}

ProgramView take_program(Taking& from) {
    ProgramView program{.id = {from.number<std::int64_t>()}, .fallback_url = from.text()};
    program.duplicate_window = std::chrono::seconds(from.number<std::int64_t>());
    program.closed = from.number<std::uint8_t>() != 0;
    const auto hosts = from.number<std::uint32_t>();
    for (std::uint32_t i = 0; i < hosts; ++i) {
        auto host = HostPattern::parse(from.text());
        if (!host) throw Spoilt("a host is none");
        program.allowed_hosts.push_back(std::move(*host));
    }
    return program;
}

PackedLink take_link(Taking& from) {
    PackedLink link{.link_id = from.number<std::int64_t>(),
                    .user_id = from.number<std::int64_t>(),
                    .program_id = from.number<std::int64_t>(),
                    .visits = from.number<std::int64_t>(),
                    .status = from.number<Status>(),
                    .flags = from.number<std::uint8_t>(),
                    .code_size = from.number<std::uint8_t>(),
                    .destination_size = from.number<std::uint16_t>(),
                    .bytes = from.text()};
    if (!link.is_sound()) throw Spoilt("a link is not sound");
    return link;
}

Horizon take_horizon(Taking& from) {
    Horizon horizon{.database = from.text()};
    horizon.xid = from.number<std::int64_t>();
    horizon.next_xid = from.number<std::int64_t>();
    horizon.at = Instant(std::chrono::microseconds(from.number<std::int64_t>()));
    return horizon;
}

/// Reads all records; into the directory when there is one. Gives the count of links.
std::uint64_t take_records(Taking& from, Directory* directory) {
    std::uint64_t links = 0;
    while (true) {
        switch (from.number<Record>()) {
            case Record::program: {
                const ProgramView program = take_program(from);
                if (directory) directory->put(program);
                continue;
            }
            case Record::link: {
                const PackedLink link = take_link(from);
                if (directory) directory->put(link);
                ++links;
                continue;
            }
            case Record::end:
                break;
        }
        if (from.number<std::uint64_t>() != links || !from.at_end())
            throw Spoilt("its end is not where it should be");
        return links;
    }
}

}  // namespace

void write_snapshot(Directory::Reader& reader, const Horizon& horizon,
                    const std::filesystem::path& file) {
    const std::filesystem::path beside = file.string() + ".new";
    Writing to(beside);
    to.bytes(magic);
    to.text(horizon.database);
    to.number(horizon.xid);
    to.number(horizon.next_xid);
    to.number(std::int64_t{horizon.at.time_since_epoch().count()});
    std::uint64_t links = 0;
    reader.for_each_program([&](const ProgramView& program) { write(to, program); });
    reader.for_each([&](const Entry& entry) {
        write(to, entry.packed());
        ++links;
    });
    reader.rest();
    to.number(Record::end);
    to.number(links);
    to.finish();
    std::filesystem::rename(beside, file);
    check(journal::sync_directory(file.parent_path()), file);
}

std::optional<Horizon> read_snapshot(Directory& directory, const std::filesystem::path& file) {
    File opened;
    const int error = opened.try_open(file, O_RDONLY);
    if (error == ENOENT) return std::nullopt;
    try {
        if (error) throw std::system_error(error, std::generic_category(), "open");
        const std::uint64_t length = checked_length(opened);
        std::optional<Horizon> horizon;
        // Twice: nothing is put before all of it is known to be good.
        for (Directory* into : {static_cast<Directory*>(nullptr), &directory}) {
            Taking from(opened, length);
            if (from.bytes(magic.size()) != magic) throw Spoilt("it is of another version");
            horizon = take_horizon(from);
            take_records(from, into);
        }
        return horizon;
    } catch (const std::runtime_error& trouble) {
        log::warn("links_snapshot_ignored", "the snapshot of links cannot be used",
                  {{"file", file.string()}, {"why", trouble.what()}});
        return std::nullopt;
    }
}

}  // namespace referral::links

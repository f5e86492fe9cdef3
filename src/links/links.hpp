#pragma once

/// Referral links: the short addresses that partners share, and where each of them leads.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "accounts/accounts.hpp"
#include "links/code.hpp"
#include "links/destination.hpp"
#include "links/directory.hpp"
#include "links/directory_feed.hpp"
#include "links/link.hpp"
#include "platform/db/transaction.hpp"
#include "platform/http/call.hpp"
#include "platform/http/fwd.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/schema/cursor.hpp"
#include "platform/schema/json.hpp"

namespace referral::links {

/// After how many unique clicks a link expires.
using VisitsMax = schema::Whole<1, 1'000'000'000'000>;

/// What visitors must enter before they are redirected.
class LinkPassword {
public:
    static constexpr std::string_view rule = "4 to 100 characters";
    static std::optional<LinkPassword> parse(std::string_view text);
    const std::string& text() const { return text_; }

private:
    std::string text_;
};

/// A link as its owner sees it.
struct Link {
    LinkId id;
    std::string code;
    std::string short_url;
    Url destination_url;
    Status status = Status::active;  ///< As it behaves now: one that ran out is expired.
    ProgramId program_id;
    UserId user_id;
    std::string user_name;
    std::optional<Line<100>> name;
    std::optional<Instant> starts_at;
    std::optional<Instant> expires_at;
    std::optional<VisitsMax> visits_max;
    bool has_password = false;
    std::optional<Utm> utm;
    std::vector<Target> targets;
    bool pass_params = false;
    Instant created_at;
    Instant updated_at;
    std::int64_t clicks = 0;
    std::int64_t unique_clicks = 0;
    std::optional<Instant> last_clicked_at;
};

/// What somebody fills in to create a link.
struct NewLink {
    Url destination_url;
    std::optional<Code> code{};             ///< Drawn at random when absent.
    std::optional<ProgramId> program_id{};  ///< The default program when absent.
    std::optional<UserId> user_id{};        ///< The caller when absent.
    std::optional<Line<100>> name{};
    std::optional<Instant> starts_at{};
    std::optional<Instant> expires_at{};
    std::optional<VisitsMax> visits_max{};
    std::optional<LinkPassword> password{};
    std::optional<Utm> utm{};
    std::optional<std::vector<Target>> targets{};
    std::optional<bool> pass_params{};
};

/// What may be changed; absent stays as it is, null removes.
struct LinkChange {
    std::optional<Url> destination_url{};
    std::optional<ProgramId> program_id{};
    std::optional<UserId> user_id{};
    std::optional<std::optional<Line<100>>> name{};
    std::optional<std::optional<Instant>> starts_at{};
    std::optional<std::optional<Instant>> expires_at{};
    std::optional<std::optional<VisitsMax>> visits_max{};
    std::optional<std::optional<LinkPassword>> password{};
    std::optional<std::optional<Utm>> utm{};
    std::optional<std::optional<std::vector<Target>>> targets{};
    std::optional<bool> pass_params{};
};

/// The columns of a link that are decided by whoever may change it.
struct LinkTerms {
    UserId user_id;
    ProgramId program_id;
    Url destination_url;
    std::optional<Line<100>> name;
    std::optional<Instant> starts_at;
    std::optional<Instant> expires_at;
    std::optional<VisitsMax> visits_max;
    std::optional<std::string> password_hash;
    std::optional<Utm> utm;
    std::vector<Target> targets;
    bool pass_params = false;
    Status status = Status::active;
};

/// In which order links are listed.
enum class Sort { newest_first, oldest_first, by_clicks, by_unique_clicks, by_code, by_name };

/// Which links are listed.
struct LinkFilter {
    std::optional<Line<200>> q{};
    std::optional<Status> status{};
    std::optional<ProgramId> program_id{};
    std::optional<UserId> user_id{};
    std::optional<Sort> sort{};
    std::optional<schema::Whole<1, 200>> limit{};  ///< 50 when absent.
    std::optional<schema::Cursor> cursor{};
};

/// A page of links, and where the next one begins.
struct LinkPage {
    std::vector<Link> links;
    std::optional<std::string> next_cursor;
};

enum class QrFormat { svg, png };

/// How a QR code is drawn.
struct QrWanted {
    QrFormat format = QrFormat::svg;
    schema::Whole<64, 2'048> size{512};
};

/// A code that somebody typed and that may be wrong.
struct TypedCode {
    std::string code;
};

/// "Did you mean …?"
struct Suggestion {
    std::string code;
    std::string short_url;
};

/// Codes of active links that are one edit away from `typed`: one character changed, missing, too
/// much, or two neighbours swapped. At most 5.
std::vector<std::string> suggestions(Directory::Reader& reader, std::string_view typed,
                                     Instant now);

/// What the rules for links need to know of the installation.
struct LinkRules {
    Url public_url;            ///< Where visitors reach this program: "https://go.example.com".
    bool development = false;  ///< Destinations on this machine are allowed, even by http.
};

/// Makes and changes links. Every function takes who asks, and touches only that one's links unless
/// the caller sees all; another's link is not found.
class Links {
public:
    explicit Links(LinkRules rules);

    /// Refuses: invalid (a destination not on the program's hosts, or here; dates; limits; a user
    /// that is not the caller, unless the caller sees all), conflict (the code is taken).
    Link create(db::Transaction& tx, const http::Caller& caller, const NewLink& wanted,
                Instant now);

    /// Refuses: not_found.
    Link get(db::Transaction& tx, const http::Caller& caller, LinkId id, Instant now) const;

    /// As `get`, and nobody else changes the link before the transaction ends.
    Link lock(db::Transaction& tx, const http::Caller& caller, LinkId id, Instant now) const;

    /// Refuses: invalid (a cursor of another order).
    LinkPage list(db::Transaction& tx, const http::Caller& caller, const LinkFilter& filter,
                  Instant now) const;

    /// Refuses: not_found, invalid as `create`, conflict when the link is banned.
    Link change(db::Transaction& tx, const http::Caller& caller, LinkId id,
                const LinkChange& wanted, Instant now);

    /// Refuses: not_found, conflict when the link's status does not lead there.
    Link set_status(db::Transaction& tx, const http::Caller& caller, LinkId id, Status status,
                    Instant now) const;

    /// Whether links of a program may lead to `url`: to one of its hosts, and not back here.
    bool may_lead_to(const programs::Program& program, const Url& url) const;

    /// The address of a code.
    std::string short_url(std::string_view code) const;

private:
    void check_destinations(db::Transaction& tx, const LinkTerms& terms) const;
    std::optional<std::string> hashed(const std::optional<LinkPassword>& password);

    const LinkRules rules_;
    const std::string address_prefix_;
    accounts::Turnstile hashing_{2, 8};
};

/// Adds unique clicks to the visits of those among `visits` whose links have visits_max. For
/// whoever stores clicks, in the same transaction.
void add_visits(db::Transaction& tx, const std::vector<std::pair<LinkId, std::int64_t>>& visits);

/// What links need done now and then.
jobs::JobTable tasks();
std::vector<jobs::Schedule> schedules();

/// What the routes work with; all must outlive them.
struct RouteParts {
    Links& links;
    const Directory& directory;
    DirectoryFeed& feed;
};

http::RouteTable routes(RouteParts parts);

}  // namespace referral::links

template <>
struct referral::Names<referral::links::Sort> {
    using Sort = links::Sort;
    static constexpr std::array<std::pair<Sort, std::string_view>, 6> list{
        {{Sort::newest_first, "-created_at"},
         {Sort::oldest_first, "created_at"},
         {Sort::by_clicks, "-clicks"},
         {Sort::by_unique_clicks, "-unique_clicks"},
         {Sort::by_code, "code"},
         {Sort::by_name, "name"}}};
};

template <>
struct referral::Names<referral::links::QrFormat> {
    using Format = links::QrFormat;
    static constexpr std::array<std::pair<Format, std::string_view>, 2> list{
        {{Format::svg, "svg"}, {Format::png, "png"}}};
};

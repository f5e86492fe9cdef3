#pragma once

/// Mail to people: a row of the outbox and a job, written in the transaction of the change that
/// causes it; a template; and SMTP. Without a server, mails are shown instead of sent.

#include <array>
#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/mail_address.hpp"
#include "base/names.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "platform/db/transaction.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/mail/lanes.hpp"
#include "platform/schema/cursor.hpp"
#include "platform/schema/json.hpp"

namespace referral::config {
struct Settings;
}  // namespace referral::config

namespace referral::mail {

struct MailTag {
    static constexpr std::string_view prefix = "mal";
};
using MailId = Id<MailTag>;

/// What became of a mail. Shown: there was no server, it stands in the log and on the page of
/// mails.
enum class State { waiting, sent, shown, failed };

/// A mail to be sent.
struct NewMail {
    std::string to;                  ///< A checked address.
    std::string_view template_name;  ///< "verify-email"; README.md lists them with their values.
    schema::json::object values{};   ///< `link` is a whole address, or a path of ours.
    std::string dedupe_key{};        ///< Two with one key are one mail; empty: none.
    bool secret = false;  ///< Holds a token: the values are wiped once sent, and never logged.
};

/// Writes the mail into the outbox and adds the job that sends it, in the caller's transaction.
/// Gives its id, or nothing when a mail with its key is there already. Throws std::logic_error on
/// an unknown template, a value that is missing, and a `to` that is no address: the caller's bugs.
std::optional<MailId> send(db::Transaction& tx, const NewMail& mail, Instant now);

/// A time as mails write it: "26 November 2026, 08:44 UTC".
std::string moment(Instant when);

/// Whether a connection is encrypted, and from when on.
enum class Security { none, starttls, tls };

/// The server that takes our mails.
struct Server {
    std::string host;  ///< Empty: none, mails are shown.
    std::uint16_t port = 0;
    Security security = Security::starttls;
    std::string username;
    Secret password;
    std::filesystem::path authorities;  ///< PEM; beside those of the system.
    std::chrono::seconds timeout{30};   ///< For all of one mail.
};

/// How mails leave.
struct Settings {
    Server server;
    MailSender sender;     ///< Without a name, the company's is taken.
    std::string site_url;  ///< The address of the installation, without a slash at its end.
    std::chrono::days kept{90};
    std::size_t at_once_max = 1;  ///< Workers that may be with the server at once.
};

/// The settings of mail. Without MAIL_DEFAULT_SENDER one is made up.
Settings settings_from(const config::Settings& settings);

/// How often a mail is tried; with the pauses between, for about half a day.
inline constexpr int attempts_max = 24;

/// What a try may take beside talking to the server.
inline constexpr std::chrono::seconds margin{30};

/// Who the mails say they are from.
struct Branding {
    std::string company = "Logistics One Source";
    std::string accent = "#1f2937";  ///< A colour as #rrggbb.
    std::string support_email{};     ///< Empty: not said.
};
/// Asked anew for every mail.
using BrandingSource = std::function<Branding(db::Transaction&)>;

/// A mail as somebody will see it.
struct Rendered {
    std::string subject;
    std::string text;
    std::string html;
};

/// What the page of mails shows of one.
struct Mail {
    MailId id;
    std::string to;
    std::string template_name;
    State state = State::waiting;
    bool secret = false;
    std::int64_t attempts = 0;
    std::optional<std::string> last_error;
    Instant created_at;
    std::optional<Instant> sent_at;
};

/// One mail, with what was in it while there is no server.
struct MailView {
    Mail mail;
    std::optional<Rendered> content;
};

struct MailFilter {
    std::optional<State> state{};
    std::optional<std::string> template_name{};
    std::optional<std::string> to{};               ///< A whole address.
    std::optional<schema::Whole<1, 200>> limit{};  ///< 50 when absent.
    std::optional<schema::Cursor> cursor{};
};

struct MailPage {
    std::vector<Mail> mails;
    std::optional<std::string> next_cursor;
};

/// Mails, the newest first. Refuses: invalid (cursor).
MailPage list(db::Transaction& tx, const MailFilter& filter);

struct Outgoing;

/// Sends what is in the outbox. For use by any thread.
class Mailer {
public:
    Mailer(Settings settings, BrandingSource branding);

    /// Whether mails are shown, since there is no server to send them.
    bool shows() const { return settings_.server.host.empty(); }

    /// One try to send the mail of `run`. Throws when it should be tried again, jobs::GiveUp when
    /// not. What was sent or removed meanwhile is left alone; when the server has its hands full,
    /// another job does it later.
    void deliver(jobs::Run& run);

    /// Removes mails older than `kept`, and values of shown mails once there is a server.
    void forget(jobs::Run& run) const;

    /// One mail. Refuses: not_found.
    MailView get(db::Transaction& tx, MailId id) const;

    /// How long one try may take.
    std::chrono::seconds time_max() const { return settings_.server.timeout + margin; }

private:
    Rendered content_of(const Outgoing& mail, const Branding& branding) const;
    void show(jobs::Run& run, const Outgoing& mail, const Branding& branding) const;
    void transmit(jobs::Run& run, const Outgoing& mail, const Branding& branding);

    const Settings settings_;
    const BrandingSource branding_;
    Lanes lanes_;
};

/// The kinds of jobs of this folder; the mailer must outlive them.
jobs::JobTable tasks(Mailer& mailer);
std::vector<jobs::Schedule> schedules();

}  // namespace referral::mail

template <>
struct referral::schema::Fields<referral::mail::Mail> {
    using M = mail::Mail;
    static constexpr std::string_view name = "Mail";
    static constexpr auto list = FieldList{
        field("id", &M::id, "The mail."),
        field("to", &M::to, "Whom it goes to."),
        field("template", &M::template_name, "What it says: the name of its template."),
        field("state", &M::state, "What became of it; shown: there was no server to send it."),
        field("secret", &M::secret, "Whether it holds a token, so that its content is not kept."),
        field("attempts", &M::attempts, "How often it was tried."),
        field("last_error", &M::last_error, "Why the last try failed, in the server's words."),
        field("created_at", &M::created_at, "When it was written."),
        field("sent_at", &M::sent_at, "When the server took it, or it was shown."),
    };
};

template <>
struct referral::Names<referral::mail::State> {
    using State = mail::State;
    static constexpr std::array<std::pair<State, std::string_view>, 4> list{
        {{State::waiting, "waiting"},
         {State::sent, "sent"},
         {State::shown, "shown"},
         {State::failed, "failed"}}};
};

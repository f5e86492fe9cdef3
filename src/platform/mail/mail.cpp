#include "platform/mail/mail.hpp"

#include <fmt/format.h>

#include "platform/log/log.hpp"
#include "platform/mail/message.hpp"
#include "platform/mail/queries.hpp"
#include "platform/mail/smtp.hpp"
#include "platform/mail/template.hpp"

namespace referral::mail {

namespace {

bool is_missing(const schema::json::object& values, std::string_view name) {
    const auto* value = values.if_contains({name.data(), name.size()});
    return !value || value->is_null() || (value->is_string() && value->get_string().empty());
}

void check(const NewMail& mail) {
    const auto refuse = [&](std::string_view why) {
        throw std::logic_error(fmt::format("mail {}: {}", mail.template_name, why));
    };
    const Template* const of = find_template(mail.template_name);
    if (!of) refuse("there is no such template");
    if (!MailAddress::parse(mail.to)) refuse("`to` is no address");
    for (const std::string& name : required_values(*of))
        if (is_missing(mail.values, name)) refuse(fmt::format("the value \"{}\" is missing", name));
    const auto* link = mail.values.if_contains("link");
    if (link && !link->as_string().starts_with("https://") &&
        !link->as_string().starts_with("http://") && !link->as_string().starts_with('/'))
        refuse("its link is no whole address, and no path");
}

void add_job(db::Transaction& tx, MailId id, Instant now, Instant run_at) {
    jobs::enqueue(tx, {.kind = "mails.send", .payload = {{"mail_id", id.value}}, .run_at = run_at},
                  now);
}

/// Has another job send it. This one ends: a try that was none shall not count as one.
void postpone(jobs::Run& run, MailId id) {
    constexpr std::chrono::seconds pause{10};
    constexpr std::int64_t spread = 10;
    db::Transaction tx(run.pool());
    add_job(tx, id, run.now(), run.now() + pause + std::chrono::seconds(id.value % spread));
    tx.commit();
}

/// The mail, taken for this worker; or nothing when there is nothing left to do.
std::optional<Outgoing> taken(jobs::Run& run, MailId id, std::chrono::seconds time_max) {
    db::Transaction tx(run.pool());
    if (auto mail = tx.maybe(sql::take, id, run.now(), run.now() + time_max)) {
        tx.commit();
        return mail;
    }
    const auto found = tx.maybe(sql::state, id);
    if (!found) return std::nullopt;
    const auto [state, has_details] = *found;
    if (state == State::sent || state == State::shown) return std::nullopt;
    if (!has_details)
        throw jobs::GiveUp("what was in the mail is wiped; it must be asked for anew");
    throw std::runtime_error("another worker is sending it");
}

void note_failure(jobs::Run& run, const Outgoing& mail, State state, const std::string& why) {
    db::Transaction tx(run.pool());
    tx.run_for_effect(sql::note_failure, mail.id, state, why);
    tx.commit();
    const auto level = state == State::failed ? log::Level::error : log::Level::warn;
    log::write(level, state == State::failed ? "mail_failed" : "mail_postponed",
               "the mail server did not take a mail",
               {{"mail", mail.id.text()},
                {"template", mail.template_name},
                {"attempt", mail.attempts},
                {"reason", why}});
}

void note_sent(jobs::Run& run, const Outgoing& mail, State state) {
    db::Transaction tx(run.pool());
    tx.run_for_effect(sql::note_sent, mail.id, state, run.now());
    tx.commit();
}

}  // namespace

std::optional<MailId> send(db::Transaction& tx, const NewMail& mail, Instant now) {
    check(mail);
    const auto key =
        mail.dedupe_key.empty() ? std::nullopt : std::optional<std::string>(mail.dedupe_key);
    const auto id = tx.maybe(sql::insert, mail.to, std::string(mail.template_name),
                             schema::json::value(mail.values), mail.secret, key, now);
    if (id) add_job(tx, *id, now, now);
    return id;
}

Mailer::Mailer(Settings settings, BrandingSource branding)
    : settings_(std::move(settings)),
      branding_(std::move(branding)),
      lanes_(settings_.at_once_max, {}) {}

void Mailer::deliver(jobs::Run& run) {
    const MailId id{run.payload().at("mail_id").to_number<std::int64_t>()};
    const Lanes::Lease lane(lanes_);
    if (!lane.had()) {
        postpone(run, id);
        return;
    }
    const auto mail = taken(run, id, time_max());
    if (!mail) return;
    Branding branding;
    {
        db::Transaction tx(run.pool());
        branding = branding_(tx);
    }
    if (shows())
        show(run, *mail, branding);
    else
        transmit(run, *mail, branding);
}

void Mailer::show(jobs::Run& run, const Outgoing& mail, const Branding& branding) const {
    const Rendered rendered = content_of(mail, branding);
    note_sent(run, mail, State::shown);
    log::info("mail_shown", "a mail was not sent, for MAIL_SERVER is not set",
              {{"mail", mail.id.text()},
               {"to", mail.to_address},
               {"subject", rendered.subject},
               {"text", rendered.text}});
}

void Mailer::transmit(jobs::Run& run, const Outgoing& mail, const Branding& branding) {
    const Rendered rendered = content_of(mail, branding);
    MailSender sender = settings_.sender;
    if (sender.name.empty()) sender.name = branding.company + " Referrals";
    // With the time, for a database made anew counts from 1 again.
    const std::string name =
        fmt::format("{}.{}", mail.id.text(), mail.created_at.time_since_epoch().count());
    const MailAddress to = MailAddress::parse(mail.to_address).value();
    const std::string message = mime({.from = sender,
                                      .to = to,
                                      .subject = rendered.subject,
                                      .text = rendered.text,
                                      .html = rendered.html,
                                      .id = name,
                                      .date = mail.created_at});
    const Receipt receipt =
        hand_over(settings_.server, sender.address, to, message, [&run] { return run.stopping(); });
    lanes_.note(receipt.outcome != Outcome::later);
    if (receipt.outcome == Outcome::accepted) {
        note_sent(run, mail, State::sent);
        log::info("mail_sent", "the mail server took a mail",
                  {{"mail", mail.id.text()}, {"template", mail.template_name}});
        return;
    }
    const bool over = receipt.outcome == Outcome::refused || mail.attempts >= attempts_max;
    note_failure(run, mail, over ? State::failed : State::waiting, receipt.words);
    if (over) throw jobs::GiveUp(receipt.words);
    throw std::runtime_error(receipt.words);
}

void Mailer::forget(jobs::Run& run) const {
    db::Transaction& tx = run.transaction();
    while (tx.run_for_effect(sql::remove_old, run.now() - settings_.kept) > 0)
        if (run.stopping()) throw std::runtime_error("stopped before all old mails were removed");
    if (!shows()) tx.run_for_effect(sql::wipe_shown);
}

MailView Mailer::get(db::Transaction& tx, MailId id) const {
    auto mail = tx.maybe(sql::get, id);
    if (!mail) throw not_found("id");
    MailView view{.mail = std::move(*mail), .content = std::nullopt};
    if (!shows()) return view;
    const auto details = tx.one(sql::details, id);
    if (details)
        view.content = content_of({.id = id,
                                   .to_address = view.mail.to,
                                   .template_name = view.mail.template_name,
                                   .details = *details,
                                   .created_at = view.mail.created_at},
                                  branding_(tx));
    return view;
}

Rendered Mailer::content_of(const Outgoing& mail, const Branding& branding) const {
    const Template* const of = find_template(mail.template_name);
    if (!of) throw std::logic_error("no template " + mail.template_name);
    return render(*of, mail.details.as_object(),
                  {.branding = branding, .site_url = settings_.site_url, .to = mail.to_address});
}

MailPage list(db::Transaction& tx, const MailFilter& filter) {
    std::optional<MailId> last;
    if (filter.cursor) {
        const auto& parts = filter.cursor->parts();
        if (parts.size() == 1) last = MailId::parse(parts[0]);
        if (!last) throw invalid("cursor", "must be " + std::string(schema::Cursor::rule));
    }
    const std::int64_t limit = schema::rows_of(filter.limit);
    MailPage page{
        .mails = tx.all(sql::list, filter.state, filter.template_name, filter.to, last, limit + 1),
        .next_cursor = std::nullopt};
    if (std::ssize(page.mails) <= limit) return page;
    page.mails.pop_back();
    page.next_cursor = schema::Cursor({page.mails.back().id.text()}).text();
    return page;
}

std::string moment(Instant when) {
    constexpr std::string_view months[] = {"January",   "February", "March",    "April",
                                           "May",       "June",     "July",     "August",
                                           "September", "October",  "November", "December"};
    const Day day = std::chrono::floor<std::chrono::days>(when);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::minutes>(when - day));
    return fmt::format("{} {} {}, {:02}:{:02} UTC", static_cast<unsigned>(date.day()),
                       months[static_cast<unsigned>(date.month()) - 1],
                       static_cast<int>(date.year()), time.hours().count(), time.minutes().count());
}

}  // namespace referral::mail

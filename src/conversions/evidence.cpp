#include "conversions/evidence.hpp"

#include <algorithm>

#include "conversions/queries.hpp"
#include "conversions/standings.hpp"

namespace referral::conversions {

namespace {

constexpr std::size_t suggestions_named = 3;

std::string did_you_mean(const std::vector<std::string>& codes) {
    if (codes.empty()) return "is not known";
    std::string text = "is not known; did you mean ";
    for (std::size_t i = 0; i < std::min(codes.size(), suggestions_named); ++i)
        text += (i == 0 ? "" : " or ") + codes[i];
    return text + '?';
}

std::optional<Touch> touch_of_code(db::Transaction& tx, const Line<64>& code, Instant typed_at,
                                   const Suggest& suggest, std::vector<FieldError>& errors) {
    const links::CodeKey key(code.text());
    const auto link =
        key.empty() ? std::nullopt : tx.maybe(sql::link_by_code, std::string(key.text()));
    if (!link) {
        errors.push_back(
            {"code", did_you_mean(suggest ? suggest(code.text()) : std::vector<std::string>())});
        return std::nullopt;
    }
    const auto& [id, user, program, text] = *link;
    return Touch{.source = Source::code,
                 .program_id = program,
                 .user_id = user,
                 .link_id = id,
                 .made_at = typed_at,
                 .note = text};
}

std::optional<Touch> touch_of_token(const Line<2'000>& text, Instant used_at, const Tokens& tokens,
                                    std::vector<FieldError>& errors) {
    const auto claims = tokens.read(text.text());
    if (!claims) {
        errors.push_back({"token", "was not signed here"});
        return std::nullopt;
    }
    if (used_at >= claims->expires_at) {
        errors.push_back({"token", "expired at " + to_text(claims->expires_at)});
        return std::nullopt;
    }
    return Touch{.source = Source::token,
                 .program_id = claims->program_id,
                 .user_id = claims->user_id,
                 .link_id = claims->link_id,
                 .made_at = claims->issued_at,
                 .note = claims->code};
}

Claim claim_of(const Touch& touch, Source source) {
    return {.source = source,
            .partner = touch.user_id,
            .made_at = touch.made_at,
            .click_id = touch.click_id,
            .click_class = touch.click_class,
            .note = touch.note,
            .link_id = touch.link_id};
}

Touch touch_of(const TouchRow& row) {
    Touch touch{.source = row.source,
                .program_id = row.program_id,
                .user_id = row.user_id,
                .link_id = row.link_id,
                .made_at = row.made_at,
                .note = row.note};
    if (row.click_id) touch.click_id = ClickId::parse_uuid(*row.click_id);
    if (row.click_class)
        touch.click_class = clicks::class_of(*row.click_class).value_or(clicks::Class::orphan);
    return touch;
}

/// Collects claims; a click is one claim however often it is met.
class Claims {
public:
    explicit Claims(const Subject& subject) : subject_(subject) {}

    void add(Claim claim) {
        if (claim.click_id && has_click(*claim.click_id)) return;
        list_.push_back(std::move(claim));
    }

    void add_own() {
        for (const Touch& touch : subject_.own.touches)
            if (touch.program_id == subject_.program_id) add(claim_of(touch, touch.source));
    }

    /// What earlier reports of the customer said. A click that another conversion was told with is
    /// one of the visitor's clicks here: a later one must be able to win.
    void add_earlier(db::Transaction& tx) {
        for (const TouchRow& row : tx.all(sql::touches, subject_.customer.customer.id,
                                          subject_.program_id, subject_.occurred_at)) {
            if (subject_.id && row.conversion_id == *subject_.id) continue;
            const Touch touch = touch_of(row);
            if (touch.source != Source::click_id)
                add(claim_of(touch, touch.source));
            else if (touch.click_class == clicks::Class::human)
                add(claim_of(touch, Source::clicks));
        }
    }

    void add_clicks(db::Transaction& tx) {
        std::vector<clicks::Visitor> visitors = subject_.own.visitors;
        for (const std::string& uuid :
             tx.all(sql::visitors, subject_.customer.customer.id, subject_.occurred_at))
            if (const auto visitor = clicks::parse_visitor_uuid(uuid))
                if (std::ranges::find(visitors, *visitor) == visitors.end())
                    visitors.push_back(*visitor);
        for (const auto& click :
             clicks::clicks_of(tx, visitors, subject_.program_id, subject_.occurred_at))
            if (const auto touch = conversions::touch_of(click))
                add(claim_of(*touch, Source::clicks));
    }

    void add_locks(db::Transaction& tx) {
        constexpr ConversionId newest{std::numeric_limits<std::int64_t>::max()};
        for (const auto& [user, weight, from, until, link] :
             tx.all(sql::locks, subject_.customer.customer.id, subject_.program_id,
                    subject_.occurred_at, subject_.id.value_or(newest)))
            add({.source = Source::lock,
                 .partner = user,
                 .made_at = from,
                 .until = until,
                 .weight_ppm = weight,
                 .link_id = link});
    }

    void add_matches(db::Transaction& tx) {
        const auto& account = subject_.customer.account;
        if (!account) return;
        for (const auto& [user, since] :
             tx.all(sql::colleagues, account->id, subject_.customer.customer.id,
                    subject_.program_id, subject_.occurred_at))
            add({.source = Source::match,
                 .partner = user,
                 .made_at = since,
                 .note = account->name});
    }

    std::vector<Claim> take() { return std::move(list_); }

private:
    bool has_click(const ClickId& id) const {
        return std::ranges::find(list_, std::optional(id), &Claim::click_id) != list_.end();
    }

    const Subject& subject_;
    std::vector<Claim> list_;
};

}  // namespace

std::optional<ProgramId> Evidence::program() const {
    for (const Source source : {Source::code, Source::token, Source::click_id})
        for (const Touch& touch : touches)
            if (touch.source == source) return touch.program_id;
    return std::nullopt;
}

std::optional<Touch> touch_of(const clicks::StoredClick& click) {
    if (!click.user_id || !click.program_id) return std::nullopt;
    return Touch{.source = Source::click_id,
                 .program_id = *click.program_id,
                 .user_id = *click.user_id,
                 .link_id = click.link_id,
                 .made_at = click.clicked_at,
                 .click_id = click.id,
                 .click_class = click.click_class};
}

Evidence evidence_of(db::Transaction& tx, const NewConversion& wanted, Instant occurred_at,
                     const Tokens& tokens, const Suggest& suggest,
                     std::vector<FieldError>& errors) {
    Evidence evidence;
    const auto add = [&](std::optional<Touch> touch) {
        if (touch) evidence.touches.push_back(std::move(*touch));
    };
    if (wanted.code) add(touch_of_code(tx, *wanted.code, occurred_at, suggest, errors));
    if (wanted.token) add(touch_of_token(*wanted.token, occurred_at, tokens, errors));
    if (wanted.visitor) evidence.visitors.push_back(wanted.visitor->visitor());
    if (wanted.click_id) {
        const auto click = clicks::find_click(tx, *wanted.click_id);
        evidence.awaits_click = !click.has_value();
        if (click) {
            add(touch_of(*click));
            if (click->visitor != clicks::Visitor{} &&
                std::ranges::find(evidence.visitors, click->visitor) == evidence.visitors.end())
                evidence.visitors.push_back(click->visitor);
        }
    }
    return evidence;
}

AttributionFacts facts_of(db::Transaction& tx, const Subject& subject) {
    Claims claims(subject);
    AttributionFacts facts{.occurred_at = subject.occurred_at,
                           .account_known_at = subject.customer.known_at()};
    if (subject.id) {
        if (const auto word = tx.maybe(sql::override_of, *subject.id)) {
            const auto& [user, reason, at] = *word;
            if (user)
                claims.add(
                    {.source = Source::admin, .partner = *user, .made_at = at, .note = reason});
            else
                facts.denied = reason;
        }
    }
    claims.add_own();
    claims.add_earlier(tx);
    claims.add_clicks(tx);
    claims.add_locks(tx);
    claims.add_matches(tx);
    facts.claims = claims.take();
    add_leads(tx, subject.program_id, subject.customer, facts.claims);
    facts.policy = policy_of(tx, subject.program_id, subject.occurred_at);
    facts.standings = standings_of(tx, subject.program_id, subject.customer, facts.claims);
    return facts;
}

}  // namespace referral::conversions

#include "accounts/users.hpp"

#include <algorithm>

#include "accounts/queries.hpp"
#include "accounts/sessions.hpp"

namespace referral::accounts {

namespace {

schema::json::value json_of(const User& user) { return schema::Json<User>::write(user); }

void note(db::Transaction& tx, const audit::Actor& actor, std::string_view action, UserId id,
          Instant now, std::optional<schema::json::value> before = {},
          std::optional<schema::json::value> after = {}) {
    audit::note(tx, actor,
                {.action = action,
                 .object_type = "user",
                 .object_id = id.text(),
                 .before = std::move(before),
                 .after = std::move(after)},
                now);
}

User known(db::Transaction& tx, UserId id) {
    if (auto user = tx.maybe(sql::find_for_change, id)) return std::move(*user);
    throw not_found("user");
}

/// Refuses to take away the last administrator who can sign in.
void keep_an_admin(db::Transaction& tx, UserId id) {
    const auto admins = tx.all(sql::lock_active_admins);
    const bool is_one = std::ranges::find(admins, id) != admins.end();
    if (is_one && admins.size() == 1)
        throw conflict("role", "cannot change: there must be an active administrator");
}

UserStatus status_after(const UserChange& wanted, const UserDetails& before, bool has_password) {
    if (!wanted.status || *wanted.status == before.status) return before.status;
    if (*wanted.status == UserStatus::invited)
        throw invalid("status", "must be active or disabled");
    if (*wanted.status == UserStatus::disabled) return UserStatus::disabled;
    return has_password ? UserStatus::active : UserStatus::invited;
}

}  // namespace

User create(db::Transaction& tx, const NewUser& wanted, Instant now) {
    const auto hash =
        wanted.password_hash.empty() ? std::nullopt : std::optional(wanted.password_hash);
    auto user =
        tx.maybe(sql::insert, wanted.email, wanted.name, wanted.role,
                 hash ? UserStatus::active : UserStatus::invited, wanted.timezone, hash, now);
    if (!user) throw conflict("email", "is already taken");
    return std::move(*user);
}

std::optional<User> find(db::Transaction& tx, UserId id) { return tx.maybe(sql::find, id); }

std::optional<User> find(db::Transaction& tx, const Email& email) {
    return tx.maybe(sql::find_by_email, email.text());
}

bool has_no_admin(db::Transaction& tx) { return tx.one(sql::count_admins) == 0; }

UserDetails Users::get(db::Transaction& tx, UserId id) const {
    if (auto user = tx.maybe(sql::details, id)) return std::move(*user);
    throw not_found("user");
}

UserPage Users::list(db::Transaction& tx, const UserFilter& filter) const {
    const std::int64_t limit = schema::rows_of(filter.limit);
    std::optional<Instant> at;
    std::optional<UserId> last;
    if (filter.cursor) {
        const auto& parts = filter.cursor->parts();
        if (parts.size() == 2) {
            at = parse_instant(parts[0]);
            last = UserId::parse(parts[1]);
        }
        if (!at || !last) throw invalid("cursor", "must be of a list of users");
    }
    const auto q = filter.q ? std::optional(filter.q->text()) : std::nullopt;
    UserPage page{
        .users = tx.all(sql::list_users, filter.role, filter.status, q, at, last, limit + 1),
        .next_cursor = {}};
    if (std::ssize(page.users) <= limit) return page;
    page.users.pop_back();
    const UserDetails& end = page.users.back();
    page.next_cursor = schema::Cursor({to_text(end.created_at), end.id.text()}).text();
    return page;
}

UserDetails Users::invite(db::Transaction& tx, const audit::Actor& actor, const NewInvitation& whom,
                          Instant now) const {
    const User user = create(tx, {.email = whom.email, .name = whom.name, .role = whom.role}, now);
    mails_.invitation(tx, user, now);
    note(tx, actor, "users.invite", user.id, now, {}, json_of(user));
    return get(tx, user.id);
}

void Users::invite_again(db::Transaction& tx, const audit::Actor& actor, UserId id,
                         Instant now) const {
    const User user = known(tx, id);
    if (user.status != UserStatus::invited) throw conflict("status", "must be invited");
    mails_.invitation(tx, user, now);
    note(tx, actor, "users.invite-again", id, now);
}

UserDetails Users::change(db::Transaction& tx, const audit::Actor& actor, UserId id,
                          const UserChange& wanted, Instant now) const {
    // The administrators first, always in one order: two who disable each other do not meet.
    tx.all(sql::lock_active_admins);
    const User user = known(tx, id);
    const UserDetails before = get(tx, id);
    const Role role = wanted.role.value_or(before.role);
    const UserStatus status = status_after(wanted, before, tx.one(sql::has_password, id));
    if (role != Role::admin || status != UserStatus::active) keep_an_admin(tx, id);
    tx.run_for_effect(sql::change_user, id, wanted.name.value_or(before.name), role, status, now);
    if (role != before.role || status == UserStatus::disabled) end_sessions(tx, id);
    if (status == UserStatus::disabled) tx.run_for_effect(sql::forget_tokens, id.value);
    note(tx, actor, "users.change", id, now, json_of(user), json_of(tx.one(sql::find, id)));
    return get(tx, id);
}

void Users::sign_out(db::Transaction& tx, const audit::Actor& actor, UserId id, Instant now) const {
    known(tx, id);
    end_sessions(tx, id);
    note(tx, actor, "users.sign-out", id, now);
}

void Users::tell_totp_removed(db::Transaction& tx, const audit::Actor& actor, UserId id,
                              Instant now) const {
    end_sessions(tx, id);
    mails_.totp_taken_away(tx, tx.one(sql::find, id), now);
    note(tx, actor, "users.reset-totp", id, now);
}

}  // namespace referral::accounts

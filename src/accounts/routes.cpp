#include "accounts/permissions.hpp"
#include "accounts/queries.hpp"
#include "platform/http/route.hpp"

namespace referral::accounts {

namespace {

using http::Body, http::Call, http::NoContent;

std::string cookie(const http::Request& request, std::string_view token,
                   std::chrono::seconds age_max) {
    std::string line(request.secure() ? "__Host-session=" : "session=");
    line += token;
    line += "; Path=/; HttpOnly; SameSite=Lax; Max-Age=" + std::to_string(age_max.count());
    if (request.secure()) line += "; Secure";
    return line;
}

Me me(User user, std::string csrf_token) {
    Me answer{std::move(user), std::move(csrf_token), {}};
    for (const std::string_view permission : permissions(answer.user.role))
        answer.permissions.emplace_back(permission);
    return answer;
}

Me sign_in(Sessions& sessions, Call& call, const SignIn& body) {
    auto signed_in = sessions.sign_in(call.transaction(), body.email, Secret(body.password),
                                      call.request(), call.now());
    if (!signed_in)
        throw Problem(Refusal::unauthenticated, "The e-mail address or the password is not right.");
    call.add_header("Set-Cookie", cookie(call.request(), signed_in->token, signed_in->age_max));
    return me(std::move(signed_in->user), std::move(signed_in->csrf_token));
}

NoContent sign_out(Sessions& sessions, Call& call) {
    sessions.sign_out(call.transaction(), call.request());
    call.add_header("Set-Cookie", cookie(call.request(), "", std::chrono::seconds(0)));
    return {};
}

Me get_me(Sessions& sessions, Call& call) {
    return me(call.transaction().one(sql::find, UserId{call.caller().user_id}),
              sessions.csrf_token(call.request()));
}

Me change_me(Sessions& sessions, Call& call, const MeChange& change) {
    return me(call.transaction().one(sql::change, UserId{call.caller().user_id}, change.name,
                                     change.timezone, call.now()),
              sessions.csrf_token(call.request()));
}

}  // namespace

http::RouteTable routes(Sessions& sessions) {
    return {
        http::post("/auth/sign-in",
                   [&](Call& call, Body<SignIn> body) { return sign_in(sessions, call, *body); },
                   {.name = "signIn",
                    .summary = "Begin a session",
                    .refuses = {Refusal::unauthenticated, Refusal::forbidden}}),
        http::post("/auth/sign-out", [&](Call& call) { return sign_out(sessions, call); },
                   {.name = "signOut", .summary = "End this session", .permission = "account:own"}),
        http::get(
            "/me", [&](Call& call) { return get_me(sessions, call); },
            {.name = "getMe", .summary = "Look up who is signed in", .permission = "account:own"}),
        http::patch(
            "/me",
            [&](Call& call, Body<MeChange> body) { return change_me(sessions, call, *body); },
            {.name = "changeMe", .summary = "Change own data", .permission = "account:own"}),
    };
}

}  // namespace referral::accounts

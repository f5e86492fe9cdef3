#include "audit/audit.hpp"
#include "base/qr.hpp"
#include "links/schemas.hpp"
#include "platform/http/route.hpp"

namespace referral::links {

namespace {

using http::Body, http::Call, http::Created, http::File, http::Page, http::Params, http::Path;

/// How long an answer waits for the directory, so that a link works once it is told of.
constexpr std::chrono::milliseconds applied_wait_max{500};

void tell_directory(Call& call, DirectoryFeed& feed) {
    call.after_commit([&feed] { feed.changed_and_applied(applied_wait_max); });
}

/// A link as audit logs keep it: without what clicks and clocks change.
schema::json::value decided(const Link& link) {
    schema::json::value value = schema::Json<Link>::write(link);
    for (const char* member : {"clicks", "unique_clicks", "last_clicked_at", "updated_at"})
        value.as_object().erase(member);
    return value;
}

Created<Link> create_link(const RouteParts& parts, Call& call, const NewLink& wanted) {
    tell_directory(call, parts.feed);
    Link link = parts.links.create(call.transaction(), call.caller(), wanted, call.now());
    audit::note(call.transaction(), audit::actor_of(call),
                {.action = "links.create",
                 .object_type = "link",
                 .object_id = link.id.text(),
                 .after = decided(link)},
                call.now());
    return {std::move(link)};
}

Link change_link(const RouteParts& parts, Call& call, LinkId id, const LinkChange& wanted) {
    tell_directory(call, parts.feed);
    db::Transaction& tx = call.transaction();
    const Link before = parts.links.lock(tx, call.caller(), id, call.now());
    Link link = parts.links.change(tx, call.caller(), id, wanted, call.now());
    auto after = decided(link);
    // Otherwise a new password in place of an old one could not be told from none.
    if (wanted.password) after.as_object()["password"] = schema::json::string(audit::kept_secret);
    audit::note(tx, audit::actor_of(call),
                {.action = "links.change",
                 .object_type = "link",
                 .object_id = id.text(),
                 .before = decided(before),
                 .after = std::move(after)},
                call.now());
    return link;
}

Link set_link_status(const RouteParts& parts, Call& call, LinkId id, const std::string& verb,
                     Status status) {
    tell_directory(call, parts.feed);
    db::Transaction& tx = call.transaction();
    const Link before = parts.links.lock(tx, call.caller(), id, call.now());
    Link link = parts.links.set_status(tx, call.caller(), id, status, call.now());
    audit::note(tx, audit::actor_of(call),
                {.action = "links." + verb,
                 .object_type = "link",
                 .object_id = id.text(),
                 .before = decided(before),
                 .after = decided(link)},
                call.now());
    return link;
}

Page<Link> list_links(const RouteParts& parts, Call& call, const LinkFilter& filter) {
    auto page = parts.links.list(call.transaction(), call.caller(), filter, call.now());
    return {std::move(page.links), std::move(page.next_cursor)};
}

File get_qr(const RouteParts& parts, Call& call, LinkId id, const QrWanted& wanted) {
    const Link link = parts.links.get(call.transaction(), call.caller(), id, call.now());
    const bool svg = wanted.format == QrFormat::svg;
    auto response = http::Response::with(200, svg ? "image/svg+xml" : "image/png",
                                         svg ? qr_svg(link.short_url, wanted.size.value)
                                             : qr_png(link.short_url, wanted.size.value));
    response.headers.push_back(
        {"Content-Disposition", "inline; filename=\"" + link.code + (svg ? ".svg\"" : ".png\"")});
    return {std::move(response)};
}

Page<Suggestion> suggest(const RouteParts& parts, Call& call, const TypedCode& typed) {
    Directory::Reader reader(parts.directory);
    Page<Suggestion> page;
    for (std::string& code : suggestions(reader, typed.code, call.now())) {
        std::string address = parts.links.short_url(code);
        page.data.push_back({std::move(code), std::move(address)});
    }
    return page;
}

http::Route create_route(const RouteParts& parts, std::string path, std::string name) {
    return http::post(
        std::move(path),
        [parts](Call& call, Body<NewLink> wanted) { return create_link(parts, call, *wanted); },
        {.name = std::move(name),
         .summary = "Create a referral link",
         .permission = "links:write",
         .refuses = {Refusal::invalid, Refusal::conflict}});
}

http::Route status_route(const RouteParts& parts, const std::string& verb, Status status,
                         std::string permission) {
    return http::post("/links/{id}/" + verb,
                      [parts, verb, status](Call& call, Path<LinkId> id) {
                          return set_link_status(parts, call, *id, verb, status);
                      },
                      {.name = verb + "Link",
                       .summary = "Make a link " + std::string(name_of(status)),
                       .permission = std::move(permission),
                       .refuses = {Refusal::not_found, Refusal::conflict}});
}

}  // namespace

http::RouteTable routes(RouteParts parts) {
    return {
        create_route(parts, "/links", "createLink"),
        create_route(parts, "/referral/generate", "generateReferral"),
        http::get("/links",
                  [parts](Call& call, Params<LinkFilter> filter) {
                      return list_links(parts, call, *filter);
                  },
                  {.name = "listLinks", .summary = "List links", .permission = "links:read"}),
        http::get(
            "/links/suggestions",
            [parts](Call& call, Params<TypedCode> typed) { return suggest(parts, call, *typed); },
            {.name = "suggestLinks",
             .summary = "Find live codes one slip away from what was typed",
             .permission = "links:read"}),
        http::get("/links/{id}",
                  [parts](Call& call, Path<LinkId> id) {
                      return parts.links.get(call.transaction(), call.caller(), *id, call.now());
                  },
                  {.name = "getLink", .summary = "Look up a link", .permission = "links:read"}),
        http::patch("/links/{id}",
                    [parts](Call& call, Path<LinkId> id, Body<LinkChange> wanted) {
                        return change_link(parts, call, *id, *wanted);
                    },
                    {.name = "changeLink",
                     .summary = "Change a link",
                     .permission = "links:write",
                     .refuses = {Refusal::not_found, Refusal::invalid, Refusal::conflict}}),
        status_route(parts, "pause", Status::paused, "links:write"),
        status_route(parts, "activate", Status::active, "links:write"),
        status_route(parts, "disable", Status::disabled, "links:write"),
        status_route(parts, "ban", Status::banned, "links:ban"),
        http::get("/links/{id}/qr",
                  [parts](Call& call, Path<LinkId> id, Params<QrWanted> wanted) {
                      return get_qr(parts, call, *id, *wanted);
                  },
                  {.name = "getLinkQr",
                   .summary = "Get the QR code of a link's address",
                   .permission = "links:read",
                   .media_types = {"image/svg+xml", "image/png"}}),
    };
}

}  // namespace referral::links

#include "platform/http/openapi.hpp"

#include <map>

#include "base/text.hpp"
#include "platform/http/dispatch.hpp"
#include "platform/http/route.hpp"

namespace referral::http {

namespace {

namespace json = schema::json;

int status_of(Refusal refusal) {
    switch (refusal) {
        case Refusal::invalid:
            return 422;
        case Refusal::malformed:
            return 400;
        case Refusal::unauthenticated:
        case Refusal::second_factor:
            return 401;
        case Refusal::forbidden:
            return 403;
        case Refusal::not_found:
            return 404;
        case Refusal::conflict:
            return 409;
        case Refusal::too_large:
            return 413;
        case Refusal::too_many:
            return 429;
        case Refusal::unavailable:
            return 503;
    }
    return 500;
}

std::string method_key(Method method) {
    switch (method) {
        case Method::post:
            return "post";
        case Method::put:
            return "put";
        case Method::patch:
            return "patch";
        case Method::delete_:
            return "delete";
        default:
            return "get";
    }
}

json::object problem_answer() {
    return {
        {"description", "Refused, as RFC 9457 says it."},
        {"content",
         {{"application/problem+json", {{"schema", {{"$ref", "#/components/schemas/Problem"}}}}}}}};
}

json::value header_ref(std::string_view name) {
    return {{"$ref", "#/components/headers/" + std::string(name)}};
}

/// What `headers` of the components means.
json::object header_shapes() {
    const auto header = [](const char* type, const char* meaning) {
        return json::value{{"description", meaning}, {"schema", {{"type", type}}}};
    };
    return {
        {"RateLimit-Policy",
         header("string",
                "The limits that count this request: \"class.scope\";q=so many at once;w=seconds "
                "in which they come back (draft-ietf-httpapi-ratelimit-headers).")},
        {"RateLimit", header("string",
                             "What is left of each: r=so many at once;t=seconds until all are "
                             "back.")},
        {"Retry-After", header("integer", "Seconds after which to try again.")},
        {"Idempotency-Replayed",
         header("boolean", "true: the answer of an earlier request with this Idempotency-Key.")}};
}

void describe_limits(const Route& route, json::object& operation) {
    json::object& responses = operation["responses"].as_object();
    operation["x-limit-class"] = json::string(limit_class(route));
    json::object headers{{"RateLimit-Policy", header_ref("RateLimit-Policy")},
                         {"RateLimit", header_ref("RateLimit")}};
    json::object refused = problem_answer();
    refused["headers"] = headers;
    refused["headers"].as_object()["Retry-After"] = header_ref("Retry-After");
    responses["429"] = std::move(refused);
    if (takes_idempotency_key(route))
        headers["Idempotency-Replayed"] = header_ref("Idempotency-Replayed");
    responses[std::to_string(route.status)].as_object()["headers"] = std::move(headers);
}

json::object idempotency_parameter() {
    return {{"name", "Idempotency-Key"},
            {"in", "header"},
            {"description",
             "Names this write, so that it can be repeated: within 30 days the same key with the "
             "same request gets the same answer and has no second effect. Another request with it "
             "gets 422, one while the first is in progress 409."},
            {"schema",
             {{"type", "string"}, {"minLength", 1}, {"maxLength", 255}, {"pattern", "^[ -~]+$"}}}};
}

json::object problem_shape() {
    const json::object text{{"type", "string"}};
    return {{"type", "object"},
            {"properties",
             {{"type", text},
              {"title", text},
              {"status", {{"type", "integer"}}},
              {"detail", text},
              {"request_id", text},
              {"errors",
               {{"type", "array"},
                {"items",
                 {{"type", "object"},
                  {"properties", {{"field", text}, {"message", text}}},
                  {"required", {"field", "message"}}}}}}}},
            // What is refused before it is a request of ours has no request_id.
            {"required", {"type", "title", "status", "detail", "errors"}}};
}

json::object operation_of(const Route& route, schema::Components& components) {
    json::object operation{{"operationId", route.about.name},
                           {"summary", route.about.summary},
                           {"tags", {route.path.substr(1, route.path.find('/', 1) - 1)}},
                           {"parameters", json::array()},
                           {"responses", json::object()}};
    route.describe(components, operation);
    std::vector<Refusal> refuses = route.about.refuses;
    refuses.push_back(Refusal::malformed);
    refuses.push_back(Refusal::invalid);
    refuses.push_back(Refusal::unavailable);
    if (route.takes_body) refuses.push_back(Refusal::too_large);
    if (route.path.find('{') != route.path.npos) refuses.push_back(Refusal::not_found);
    if (!route.about.permission.empty()) {
        refuses.push_back(Refusal::unauthenticated);
        refuses.push_back(Refusal::forbidden);
        operation["security"] = json::array{json::object{{"session", json::array()}}};
        operation["x-permission"] = route.about.permission;
    } else {
        operation["security"] = json::array();
    }
    if (takes_idempotency_key(route)) {
        refuses.push_back(Refusal::conflict);
        operation["parameters"].as_array().push_back(idempotency_parameter());
    }
    for (const Refusal refusal : refuses)
        operation["responses"].as_object()[std::to_string(status_of(refusal))] = problem_answer();
    describe_limits(route, operation);
    return operation;
}

void write_indented(const json::value& value, int depth, std::string& out) {
    const std::string margin(2 * static_cast<std::size_t>(depth + 1), ' ');
    const std::string end(2 * static_cast<std::size_t>(depth), ' ');
    if (value.is_object() && !value.as_object().empty()) {
        std::map<std::string_view, const json::value*> sorted;
        for (const auto& member : value.as_object()) sorted[member.key()] = &member.value();
        std::string_view comma = "{\n";
        for (const auto& [key, inner] : sorted) {
            out.append(comma).append(margin).append(json::serialize(json::string(key)));
            out += ": ";
            write_indented(*inner, depth + 1, out);
            comma = ",\n";
        }
        out.append("\n").append(end).append("}");
    } else if (value.is_array() && !value.as_array().empty()) {
        std::string_view comma = "[\n";
        for (const json::value& inner : value.as_array()) {
            out.append(comma).append(margin);
            write_indented(inner, depth + 1, out);
            comma = ",\n";
        }
        out.append("\n").append(end).append("]");
    } else {
        out += json::serialize(value);
    }
}

}  // namespace

std::string openapi(const RouteTable& routes, std::string_view version) {
    schema::Components components;
    components["Problem"] = problem_shape();
    json::object paths;
    for (const Route& route : routes) {
        json::value& path = paths[route.path];
        if (!path.is_object()) path = json::object();
        path.as_object()[method_key(route.method)] = operation_of(route, components);
    }
    const json::object document{
        {"openapi", "3.1.0"},
        {"info",
         {{"title", "Logistics One Source Referral System"}, {"version", json::string(version)}}},
        {"servers", {{{"url", json::string(api_prefix)}}}},
        {"paths", std::move(paths)},
        {"components",
         {{"schemas", std::move(components)},
          {"headers", header_shapes()},
          {"securitySchemes",
           {{"session", {{"type", "apiKey"}, {"in", "cookie"}, {"name", "session"}}}}}}}};
    std::string out;
    write_indented(document, 0, out);
    return out + '\n';
}

}  // namespace referral::http

#include "platform/http/route.hpp"

#include "base/text.hpp"

namespace referral::http {

std::string_view limit_class(const Route& route) {
    const About& about = route.about;
    if (!about.limit_class.empty()) return about.limit_class;
    if (about.permission.empty()) return "public";
    return route.method == Method::get ? "read" : "write";
}

bool takes_idempotency_key(const Route& route) {
    return route.method != Method::get && !route.about.permission.empty() && route.about.idempotent;
}

}  // namespace referral::http

namespace referral::http::detail {

std::vector<std::pair<std::string, std::string>> query_pairs(std::string_view query) {
    constexpr std::size_t pairs_max = 100;
    std::vector<std::pair<std::string, std::string>> pairs;
    while (!query.empty()) {
        const std::string_view pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        if (pair.empty()) continue;
        if (pairs.size() == pairs_max)
            throw Problem(Refusal::malformed, "There are more than 100 query parameters.");
        const auto equals = pair.find('=');
        std::string name = cleaned(form_decoded(pair.substr(0, equals)));
        std::string value =
            equals == pair.npos ? "" : cleaned(form_decoded(pair.substr(equals + 1)));
        pairs.emplace_back(std::move(name), std::move(value));
    }
    return pairs;
}

schema::json::value parse_body(const Request& request) {
    const std::string_view type = request.header("Content-Type").value_or("");
    const std::string media = lower(trimmed(type.substr(0, type.find(';'))));
    if (media != "application/json")
        throw Problem(Refusal::malformed, "The body must be application/json.");
    return schema::parse(request.body());
}

void describe_params(const std::vector<schema::DescribedField>& fields,
                     schema::Components& components, schema::json::object& operation) {
    for (const schema::DescribedField& field : fields)
        operation["parameters"].as_array().push_back(
            schema::json::object{{"name", schema::json::string(field.name)},
                                 {"in", "query"},
                                 {"description", schema::json::string(field.meaning)},
                                 {"schema", field.describe(components)}});
}

void describe_answer(schema::json::object& operation, const Route& route,
                     schema::json::value shape) {
    schema::json::object answer{{"description", route.about.summary}};
    if (!shape.is_null())
        answer["content"] = {{"application/json", {{"schema", std::move(shape)}}}};
    schema::json::object files;
    for (const std::string& type : route.about.media_types) files[type] = schema::json::object();
    if (!files.empty()) answer["content"] = std::move(files);
    operation["responses"].as_object()[std::to_string(route.status)] = std::move(answer);
}

}  // namespace referral::http::detail

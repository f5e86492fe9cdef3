#include "platform/schema/json.hpp"

#include "base/text.hpp"

namespace referral::schema {

namespace {
constexpr std::size_t depth_max = 32;
constexpr std::size_t string_bytes_max = 10'000;
}  // namespace

bool Json<bool>::read(const json::value& from, bool& to, Reading& reading) {
    const bool* value = from.if_bool();
    if (!value) return reading.refuse("must be true or false");
    to = *value;
    return true;
}

bool Json<std::int64_t>::read(const json::value& from, std::int64_t& to, Reading& reading) {
    const std::int64_t* value = from.if_int64();
    if (!value) return reading.refuse("must be a whole number");
    to = *value;
    return true;
}

bool read_whole(const json::value& from, std::int64_t min, std::int64_t max, std::int64_t& to,
                Reading& reading) {
    const std::int64_t* value = from.if_int64();
    if (!value || *value < min || *value > max)
        return reading.refuse("must be a whole number from " + std::to_string(min) + " to " +
                              std::to_string(max));
    to = *value;
    return true;
}

bool Json<std::string>::read(const json::value& from, std::string& to, Reading& reading) {
    const json::string* value = from.if_string();
    if (!value) return reading.refuse("must be text");
    if (value->size() > string_bytes_max) return reading.refuse("must be at most 10000 bytes long");
    if (value->find('\0') != json::string::npos) return reading.refuse("must not contain NUL");
    to.assign(value->data(), value->size());
    return true;
}

bool Json<Instant>::read(const json::value& from, Instant& to, Reading& reading) {
    const json::string* text = from.if_string();
    const auto value = text ? parse_instant({text->data(), text->size()}) : std::nullopt;
    if (!value) return reading.refuse("must be a time such as 2026-03-01T12:00:00Z");
    to = *value;
    return true;
}

bool Json<Day>::read(const json::value& from, Day& to, Reading& reading) {
    const json::string* text = from.if_string();
    const auto value = text ? parse_day({text->data(), text->size()}) : std::nullopt;
    if (!value) return reading.refuse("must be a day such as 2026-03-01");
    to = *value;
    return true;
}

bool Json<json::object>::read(const json::value& from, json::object& to, Reading& reading) {
    const auto* object = from.if_object();
    if (!object) return reading.refuse("must be an object");
    to = *object;
    return true;
}

bool Json<Decimal>::read(const json::value& from, Decimal& to, Reading& reading) {
    std::optional<Decimal> value;
    if (const auto* text = from.if_string()) value = Decimal::parse({text->data(), text->size()});
    if (from.is_int64()) value = Decimal::parse(std::to_string(from.get_int64()));
    if (!value) return reading.refuse("must be " + std::string(Decimal::rule));
    to = std::move(*value);
    return true;
}

json::object describe_object(const std::vector<DescribedField>& fields, Components& components) {
    json::object properties;
    json::array required;
    for (const DescribedField& field : fields) {
        json::object shape = field.describe(components);
        shape["description"] = json::string(field.meaning);
        properties[field.name] = std::move(shape);
        if (field.is_required) required.emplace_back(json::string(field.name));
    }
    json::object shape{{"type", "object"}, {"properties", std::move(properties)}};
    if (!required.empty()) shape["required"] = std::move(required);
    return shape;
}

json::value parse(std::string_view text) {
    json::parse_options options;
    options.max_depth = depth_max;
    json::error_code error;
    json::stream_parser parser({}, options);
    const std::size_t taken = parser.write_some(text.data(), text.size(), error);
    if (!error && taken < text.size() && !trimmed(text.substr(taken)).empty())
        error = json::error::extra_data;
    if (!error) parser.finish(error);
    if (error)
        throw Problem(Refusal::malformed, "the body is no JSON: " + error.message() +
                                              " near byte " + std::to_string(taken));
    return parser.release();
}

}  // namespace referral::schema

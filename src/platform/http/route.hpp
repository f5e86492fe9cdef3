#pragma once

/// Routes as data. A handler's signature says what it takes and gives; the server reads requests by
/// it, and the OpenAPI document is made from it.

#include <functional>
#include <string>
#include <vector>

#include "base/problem.hpp"
#include "platform/http/call.hpp"
#include "platform/http/fwd.hpp"
#include "platform/schema/json.hpp"

namespace referral::http {

/// The request's JSON body.
template <class T>
struct Body {
    T value;
    const T& operator*() const { return value; }
    const T* operator->() const { return &value; }
};

/// The request's JSON body, where it may be left out: then nothing is said, and T is as it begins.
template <class T>
struct OptionalBody {
    T value;
    const T& operator*() const { return value; }
    const T* operator->() const { return &value; }
};

/// The `{…}` of the path. What does not parse is not found.
template <class T>
struct Path {
    T value;
    const T& operator*() const { return value; }
};

/// The query string, by Fields<T>; members are optional or keep their default when absent.
template <class T>
struct Params {
    T value;
    const T& operator*() const { return value; }
    const T* operator->() const { return &value; }
};

/// 201.
template <class T>
struct Created {
    T value;
};

/// 202: it will be done, or it will not; the answer does not say.
template <class T>
struct Accepted {
    T value{};
};

/// 204.
struct NoContent {};

/// One page of a list.
template <class T>
struct Page {
    std::vector<T> data;
    std::optional<std::string> next_cursor;
};

/// An answer that is no JSON, of this media type.
struct File {
    Response response;
};

/// What the types cannot say.
struct About {
    std::string name;                        ///< operationId: "createLink".
    std::string summary;                     ///< One line, imperative.
    std::string permission;                  ///< "links:write"; empty: open to everybody.
    std::vector<Refusal> refuses{};          ///< Beyond unauthenticated and forbidden.
    std::vector<std::string> media_types{};  ///< That a File answer may have.
    std::size_t body_bytes_max = 64 * 1024;
    /// Which rate limits count the request: "read", "write", "sign-in", "public",
    /// "export" or "report".
    /// Empty: "public" where everybody may come, else "read" for GET and "write" for the others.
    std::string limit_class{};
    /// Whether a write with a caller takes Idempotency-Key; GET and open routes never do.
    bool idempotent = true;
    /// The answer has a secret that is shown once: what is stored for Idempotency-Key is kept for a
    /// day and not for a month. (What is stored is always sealed.)
    bool shows_secret = false;
    /// Whether this write is also for an administrator who looks as a partner: ending that.
    bool while_acting = false;
};

/// One entry of a route table.
struct Route {
    Method method;
    std::string path;  ///< Below /api/v1: "/links/{id}/pause".
    About about;
    int status = 200;
    bool takes_body = false;
    std::function<Response(Call&, std::string_view path_value)> serve;
    /// Shapes for OpenAPI: parameters in the query, body, answer; added to `components`.
    std::function<void(schema::Components& components, schema::json::object& operation)> describe;
};

/// The class of rate limits that counts requests for `route`.
std::string_view limit_class(const Route& route);

/// Whether `route` is a write that takes Idempotency-Key.
bool takes_idempotency_key(const Route& route);

namespace detail {

/// The pairs of a query string, decoded.
std::vector<std::pair<std::string, std::string>> query_pairs(std::string_view query);

/// Refuses what is said to be something else than JSON, then parses it.
schema::json::value parse_body(const Request& request);

/// A query parameter's text as the JSON its type reads: numbers and true/false as such.
template <class T>
schema::json::value query_value(const std::string& text) {
    if constexpr (schema::is_optional<T>) {
        return query_value<typename T::value_type>(text);
    } else if constexpr (std::is_same_v<T, bool>) {
        return text == "true"    ? schema::json::value(true)
               : text == "false" ? schema::json::value(false)
                                 : schema::json::value(schema::json::string(text));
    } else if constexpr (std::is_integral_v<T> || requires(T t) {
                             requires std::is_same_v<decltype(t.value), std::int64_t> &&
                                 !schema::Checked<T>;
                         }) {
        const auto number = parse_int(text);
        return number ? schema::json::value(*number)
                      : schema::json::value(schema::json::string(text));
    } else {
        return schema::json::string(text);
    }
}

template <class T>
T read_params(std::string_view query) {
    T value{};
    std::vector<FieldError> errors;
    schema::Reading reading{errors, ""};
    for (const auto& [name, text] : query_pairs(query)) {
        bool known = false;
        schema::Reading inner = reading.at(name);
        schema::Fields<T>::list.apply([&](const auto&... field) {
            (..., [&] {
                if (field.name != name) return;
                using Member = std::remove_cvref_t<decltype(value.*field.member)>;
                known = true;
                schema::Json<Member>::read(query_value<Member>(text), value.*field.member, inner);
            }());
        });
        if (!known) inner.refuse("is not known here");
    }
    if (!errors.empty()) throw Problem(Refusal::invalid, std::move(errors));
    return value;
}

/// Adds the parameters of a query string to an operation.
void describe_params(const std::vector<schema::DescribedField>& fields,
                     schema::Components& components, schema::json::object& operation);

template <class Argument>
struct Take;

template <class T>
struct Take<Body<T>> {
    static constexpr bool is_body = true;
    static Body<T> from(Call& call, std::string_view) {
        return {schema::read<T>(parse_body(call.request()))};
    }
    static void describe(schema::Components& components, schema::json::object& operation,
                         const Route&) {
        operation["requestBody"] = {
            {"required", true},
            {"content",
             {{"application/json", {{"schema", schema::Json<T>::describe(components)}}}}}};
    }
};

template <class T>
struct Take<OptionalBody<T>> {
    static constexpr bool is_body = true;
    static OptionalBody<T> from(Call& call, std::string_view) {
        if (call.request().body().empty()) return {T{}};
        return {schema::read<T>(parse_body(call.request()))};
    }
    static void describe(schema::Components& components, schema::json::object& operation,
                         const Route& route) {
        Take<Body<T>>::describe(components, operation, route);
        operation["requestBody"].as_object()["required"] = false;
    }
};

template <class T>
struct Take<Path<T>> {
    static constexpr bool is_body = false;
    static Path<T> from(Call&, std::string_view path_value) {
        if (auto value = T::parse(path_value)) return {*value};
        throw not_found("id");
    }
    static void describe(schema::Components&, schema::json::object& operation, const Route&) {
        operation["parameters"].as_array().push_back(schema::json::object{
            {"name", "id"}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}}}});
    }
};

template <class T>
struct Take<Params<T>> {
    static constexpr bool is_body = false;
    static Params<T> from(Call& call, std::string_view) {
        return {read_params<T>(call.request().query())};
    }
    static void describe(schema::Components& components, schema::json::object& operation,
                         const Route&) {
        describe_params(schema::described_fields<T>(), components, operation);
    }
};

template <class Answer>
struct Give {
    static constexpr int status = 200;
    static Response response(const Answer& answer) {
        return Response::with(200, "application/json", schema::text_of(answer));
    }
    static schema::json::value shape(schema::Components& components) {
        return schema::Json<Answer>::describe(components);
    }
};

template <class T>
struct Give<Created<T>> {
    static constexpr int status = 201;
    static Response response(const Created<T>& answer) {
        return Response::with(201, "application/json", schema::text_of(answer.value));
    }
    static schema::json::value shape(schema::Components& components) {
        return schema::Json<T>::describe(components);
    }
};

template <class T>
struct Give<Accepted<T>> {
    static constexpr int status = 202;
    static Response response(const Accepted<T>& answer) {
        return Response::with(202, "application/json", schema::text_of(answer.value));
    }
    static schema::json::value shape(schema::Components& components) {
        return schema::Json<T>::describe(components);
    }
};

template <>
struct Give<NoContent> {
    static constexpr int status = 204;
    static Response response(const NoContent&) { return {.status = 204}; }
    static schema::json::value shape(schema::Components&) { return nullptr; }
};

template <>
struct Give<File> {
    static constexpr int status = 200;
    static Response response(File file) { return std::move(file.response); }
    static schema::json::value shape(schema::Components&) { return nullptr; }
};

template <class T>
struct Give<Page<T>> {
    static constexpr int status = 200;
    static Response response(const Page<T>& page) {
        schema::json::object object;
        object["data"] = schema::Json<std::vector<T>>::write(page.data);
        object["next_cursor"] = schema::Json<std::optional<std::string>>::write(page.next_cursor);
        return Response::with(200, "application/json", schema::json::serialize(object));
    }
    static schema::json::value shape(schema::Components& components) {
        return {{"type", "object"},
                {"properties",
                 {{"data", schema::Json<std::vector<T>>::describe(components)},
                  {"next_cursor", {{"type", {"string", "null"}}}}}},
                {"required", {"data", "next_cursor"}}};
    }
};

/// Adds the answer's shape to `operation`.
void describe_answer(schema::json::object& operation, const Route& route,
                     schema::json::value shape);

template <class Answer, class... Arguments>
Route make(Method method, std::string path, About about,
           std::function<Answer(Call&, Arguments...)> handler) {
    Route route{method,
                std::move(path),
                std::move(about),
                Give<Answer>::status,
                (Take<Arguments>::is_body || ... || false),
                {},
                {}};
    route.serve = [handler](Call& call, [[maybe_unused]] std::string_view path_value) {
        // Braces: from left to right, so that a wrong path is found before a wrong body.
        std::tuple<Arguments...> arguments{Take<Arguments>::from(call, path_value)...};
        return Give<Answer>::response(std::apply(
            [&](Arguments&... taken) { return handler(call, std::move(taken)...); }, arguments));
    };
    route.describe = [route](schema::Components& components, schema::json::object& operation) {
        (..., Take<Arguments>::describe(components, operation, route));
        describe_answer(operation, route, Give<Answer>::shape(components));
    };
    return route;
}

}  // namespace detail

/// The entry for one method of one path. `handler` is a function or a lambda
/// `Answer(Call&, Body<T>|Path<T>|Params<T>…)`.
template <class Handler>
Route route(Method method, std::string path, Handler handler, About about) {
    return detail::make(method, std::move(path), std::move(about), std::function(handler));
}
template <class Handler>
Route get(std::string path, Handler handler, About about) {
    return route(Method::get, std::move(path), std::move(handler), std::move(about));
}
template <class Handler>
Route post(std::string path, Handler handler, About about) {
    return route(Method::post, std::move(path), std::move(handler), std::move(about));
}
template <class Handler>
Route patch(std::string path, Handler handler, About about) {
    return route(Method::patch, std::move(path), std::move(handler), std::move(about));
}
template <class Handler>
Route del(std::string path, Handler handler, About about) {
    return route(Method::delete_, std::move(path), std::move(handler), std::move(about));
}

}  // namespace referral::http

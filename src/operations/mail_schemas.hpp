#pragma once

#include "platform/mail/mail.hpp"

namespace referral::operations {

/// Where a test message goes.
struct TestMail {
    MailAddress to;
};

}  // namespace referral::operations

namespace referral::schema {

template <>
struct Fields<operations::TestMail> {
    using T = operations::TestMail;
    static constexpr std::string_view name = "TestMail";
    static constexpr auto list = FieldList{field("to", &T::to, "Whom it goes to.")};
};

template <>
struct Fields<mail::MailFilter> {
    using F = mail::MailFilter;
    static constexpr std::string_view name = "MailFilter";
    static constexpr auto list = FieldList{
        field("state", &F::state, "Only those in this state."),
        field("template", &F::template_name, "Only those of this template."),
        field("to", &F::to, "Only those to this address."),
        field("limit", &F::limit, "How many at most; 50 when absent."),
        field("cursor", &F::cursor, "Where the page begins: next_cursor of the one before."),
    };
};

template <>
struct Fields<mail::Rendered> {
    using R = mail::Rendered;
    static constexpr std::string_view name = "MailContent";
    static constexpr auto list = FieldList{
        field("subject", &R::subject, "Its subject."),
        field("text", &R::text, "Its form as text."),
        field("html", &R::html, "Its form as HTML."),
    };
};

/// A mail's members and `content` beside them.
template <>
struct Json<mail::MailView> {
    using Content = Json<std::optional<mail::Rendered>>;

    static json::value write(const mail::MailView& view) {
        json::value object = Json<mail::Mail>::write(view.mail);
        object.as_object()["content"] = Content::write(view.content);
        return object;
    }
    static json::object describe(Components& components) {
        Json<mail::Mail>::describe(components);
        json::object view = components["Mail"].as_object();
        json::object content = Content::describe(components);
        content["description"] = "What it says; null when there is a mail server, or it is wiped.";
        view["properties"].as_object()["content"] = std::move(content);
        components["MailView"] = std::move(view);
        return {{"$ref", "#/components/schemas/MailView"}};
    }
};

}  // namespace referral::schema

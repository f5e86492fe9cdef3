#include "platform/mail/template.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>

#include "base/text.hpp"

namespace referral::mail {
namespace {

using ::testing::ElementsAre, ::testing::HasSubstr, ::testing::IsEmpty, ::testing::Not,
    ::testing::StartsWith;
namespace json = schema::json;

/// What each template is tried with, and what it must say.
struct Row {
    std::string_view name;
    std::vector<std::string> required;
    std::string_view subject;
    std::vector<std::string> says;
};

const std::vector<Row> rows{
    {"account-exists",
     {"link"},
     "You already have an account",
     {"with the address ada@example.com", "nothing was changed"}},
    {"api-key-created",
     {"key_name", "key_prefix", "link", "scopes", "when"},
     "A new API key for your account",
     {"Reports", "lsk_8f2", "links:read, clicks:read", "26 November 2026, 08:44 UTC"}},
    {"application-approved",
     {"link"},
     "Welcome to the referral program",
     {"was accepted", "You sign in as ada@example.com"}},
    {"application-received", {}, "We have your application", {"a person is going to read it"}},
    {"application-rejected",
     {},
     "About your application",
     {"cannot accept it", "The reason: Not a fit just now"}},
    {"email-change",
     {"expires_in", "link"},
     "Confirm your new e-mail address",
     {"to use ada@example.com", "24 hours"}},
    {"email-changed-notice",
     {"new_email", "when"},
     "Your e-mail address was changed",
     {"a…@example.org", "203.0.113.7", "Write to\nhelp@acme.example at once"}},
    {"enrolment-changed",
     {"link", "program", "standing"},
     "Shippers: you take part again",
     {"your part in Shippers", "The reason: Not a fit just now"}},
    {"invitation",
     {"expires_in", "link", "role"},
     "Your invitation to the referral program of Acme & Söhne",
     {"Grace Hopper invites you", "as manager"}},
    {"lead-accepted",
     {"link", "prospect", "until"},
     "Your lead is protected",
     {"Prairie Tools", "1 February 2027"}},
    {"lead-rejected",
     {"link", "prospect"},
     "About your lead",
     {"Prairie Tools is not protected", "The reason: Not a fit just now"}},
    {"new-sign-in",
     {"link", "when"},
     "New sign-in to your account",
     {"Firefox on Linux", "203.0.113.7", "Chicago, US"}},
    {"password-changed",
     {"link", "when"},
     "Your password was changed",
     {"all its other sessions were ended"}},
    {"reset-password",
     {"expires_in", "link"},
     "Choose a new password",
     {"works once, for 24 hours", "asked for\nfrom 203.0.113.7"}},
    {"sign-in-locked",
     {"expires_in", "link", "when"},
     "Sign-in from new devices is paused",
     {"works once, for 24 hours", "your password held"}},
    {"test", {"sent_by", "when"}, "Test message", {"admin@example.com asked for one"}},
    {"totp-changed",
     {"change", "link", "when"},
     "Your second factor was turned off",
     {"was turned\noff"}},
    {"verify-email",
     {"expires_in", "link"},
     "Confirm your e-mail address",
     {"confirm that ada@example.com", "24 hours"}},
};

json::object values() {
    return {{"name", "Ada O'Neil"},
            {"inviter", "Grace Hopper"},
            {"role", "manager"},
            {"link", "https://go.acme.example/verify?token=abc&to=1"},
            {"expires_in", "24 hours"},
            {"new_email", "a…@example.org"},
            {"reason", "Not a fit just now"},
            {"change", "turned off"},
            {"program", "Shippers"},
            {"standing", "you take part again"},
            {"prospect", "Prairie Tools"},
            {"until", "1 February 2027, 00:00 UTC"},
            {"key_name", "Reports"},
            {"key_prefix", "lsk_8f2"},
            {"scopes", "links:read, clicks:read"},
            {"sent_by", "admin@example.com"},
            {"when", "26 November 2026, 08:44 UTC"},
            {"ip", "203.0.113.7"},
            {"place", "Chicago, US"},
            {"device", "Firefox on Linux"}};
}

Surroundings surroundings() {
    return {.branding = {.company = "Acme & Söhne",
                         .accent = "#f0bc74",
                         .support_email = "help@acme.example"},
            .site_url = "https://go.acme.example",
            .to = "ada@example.com"};
}

TEST(Templates, MakeAPathOfOursAWholeAddress) {
    json::object ours = values();
    ours["link"] = "/referrals/leads";

    const Rendered mail = render(*find_template("lead-accepted"), ours, surroundings());

    EXPECT_THAT(mail.text, HasSubstr("https://go.acme.example/referrals/leads\n"));
    EXPECT_THAT(mail.html, HasSubstr("href=\"https://go.acme.example/referrals/leads\""));
}

std::string without_breaks(std::string text) {
    for (char& c : text)
        if (c == '\n') c = ' ';
    return text;
}

/// Every address in the text that a mail program would fetch or open.
std::vector<std::string> addresses_in(const std::string& text) {
    std::vector<std::string> found;
    for (auto at = text.find("://"); at != text.npos; at = text.find("://", at + 3)) {
        const auto begin = text.rfind('h', at);
        found.push_back(text.substr(begin, text.find_first_of(" \n\"<>", at) - begin));
    }
    return found;
}

TEST(Templates, AreTheOnesThatAreTested) {
    std::vector<std::string_view> tested, there;
    for (const Row& row : rows) tested.push_back(row.name);
    for (const Template& of : templates()) there.push_back(of.name);

    EXPECT_EQ(there, tested);
}

TEST(Templates, NameTheValuesTheyNeed) {
    for (const Row& row : rows)
        EXPECT_EQ(required_values(*find_template(row.name)), row.required) << row.name;
}

TEST(Templates, SayWhatTheyMust) {
    for (const Row& row : rows) {
        const Rendered mail = render(*find_template(row.name), values(), surroundings());

        EXPECT_EQ(mail.subject, row.subject);
        EXPECT_THAT(mail.text, StartsWith("Acme & Söhne\n"));
        EXPECT_THAT(mail.text, HasSubstr("Hello Ada O'Neil,\n"));
        EXPECT_THAT(mail.html, HasSubstr("Hello Ada O&apos;Neil,"));
        for (const std::string& sentence : row.says)
            EXPECT_THAT(without_breaks(mail.text), HasSubstr(without_breaks(sentence)))
                << row.name << '\n'
                << mail.text;
        for (const std::string* const part : {&mail.text, &mail.html}) {
            EXPECT_THAT(*part, Not(HasSubstr("{{"))) << row.name;
            EXPECT_THAT(*part, HasSubstr("https://go.acme.example")) << row.name;
            EXPECT_THAT(*part, HasSubstr("help@acme.example")) << row.name;
        }
    }
}

TEST(Templates, LeadNowhereElseAndFetchNothing) {
    for (const Row& row : rows) {
        const Rendered mail = render(*find_template(row.name), values(), surroundings());

        for (const std::string* const part : {&mail.text, &mail.html})
            for (const std::string& address : addresses_in(*part))
                EXPECT_THAT(address, StartsWith("https://go.acme.example")) << row.name;
        for (const std::string_view fetching :
             {"<img", "<link", "url(", "src=", "<script", "@import"})
            EXPECT_THAT(mail.html, Not(HasSubstr(fetching))) << row.name;
    }
}

TEST(Templates, StandWithoutWhatMayBeMissing) {
    Surroundings plain = surroundings();
    plain.branding = {};
    for (const Row& row : rows) {
        json::object few;
        for (const std::string& name : row.required) few[name] = values().at(name);

        const Rendered mail = render(*find_template(row.name), few, plain);

        EXPECT_THAT(mail.text, HasSubstr("\nHello,\n")) << row.name;
        EXPECT_THAT(mail.text, Not(HasSubstr("Questions?"))) << row.name;
        EXPECT_THAT(mail.text, Not(HasSubstr("\n\n\n"))) << row.name;
        EXPECT_THAT(mail.text, Not(HasSubstr("IP address:"))) << row.name;
    }
}

TEST(Templates, EscapeInHtmlAndNotInText) {
    json::object attack = values();
    attack["reason"] = "<script>alert(\"1\")</script> & more";

    const Rendered mail = render(*find_template("application-rejected"), attack, surroundings());

    EXPECT_THAT(mail.text, HasSubstr("<script>alert(\"1\")</script> & more"));
    EXPECT_THAT(mail.html,
                HasSubstr("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; more"));
    EXPECT_THAT(mail.html, Not(HasSubstr("<script")));
}

TEST(Templates, ShowTheWholeFirstCharacterOfTheName) {
    for (const std::string letter : {"Ö", "運", "🚚"}) {
        Surroundings around = surroundings();
        around.branding.company = letter + "stlund";

        const Rendered mail = render(*find_template("test"), values(), around);

        EXPECT_THAT(mail.html, HasSubstr('>' + letter + "</td>"));
        EXPECT_TRUE(is_utf8(mail.html)) << letter;
    }
}

TEST(Templates, TakeNoTagsFromValues) {
    json::object attack = values();
    attack["reason"] = "{{link}} {{>layout}} {{{company}}}";

    const Rendered mail = render(*find_template("application-rejected"), attack, surroundings());

    EXPECT_THAT(mail.text, HasSubstr("{{link}} {{>layout}} {{{company}}}"));
    EXPECT_THAT(mail.html, HasSubstr("{{link}}"));
}

TEST(Templates, AreLaidOutAsThisOne) {
    const Rendered mail = render(*find_template("verify-email"), values(), surroundings());

    EXPECT_EQ(mail.text, R"(Acme & Söhne
Referral program

Hello Ada O'Neil,

Thank you for signing up for the referral program of Acme & Söhne. Please
confirm that ada@example.com is your address, so that we can reach you about your links
and your earnings.

Confirm my address:
https://go.acme.example/verify?token=abc&to=1

The link works for 24 hours. If it has run out, you can ask for another
one where you sign in.

You did not sign up? Then somebody typed your address by mistake. Ignore this
message and nothing happens.

--
Sent by Acme & Söhne from https://go.acme.example to ada@example.com.
Questions? Write to help@acme.example.
We never ask for your password by mail. Links of ours begin with https://go.acme.example/.
)");
    EXPECT_THAT(mail.html, HasSubstr("href=\"https://go.acme.example/verify?token=abc&amp;to=1\""));
    EXPECT_THAT(mail.html, HasSubstr("bgcolor=\"#f0bc74\""));
    EXPECT_THAT(mail.html, HasSubstr("color-scheme"));
}

/// For looking at them: MAIL_PREVIEW=FOLDER platform_mail_test writes every mail there.
TEST(Templates, CanBeLookedAt) {
    const char* const folder = std::getenv("MAIL_PREVIEW");
    if (!folder) GTEST_SKIP() << "MAIL_PREVIEW names no folder";
    for (const Row& row : rows) {
        const Rendered mail = render(*find_template(row.name), values(), surroundings());
        std::ofstream(std::string(folder) + '/' + std::string(row.name) + ".html") << mail.html;
        std::ofstream(std::string(folder) + '/' + std::string(row.name) + ".txt") << mail.text;
    }
}

TEST(Greetable, TakesNamesAndNoLinks) {
    for (const std::string_view name : {"Ada", "Jean-Luc O'Neil", "Dr. J. R. Zoë", "李 明"})
        EXPECT_EQ(greetable(name), name);
    for (const std::string_view link :
         {"evil.example", "http://evil", "See evil.example/win", "win@evil", "a\\b"})
        EXPECT_EQ(greetable(link), "") << link;
    EXPECT_EQ(greetable(std::string(101, 'a')), "");
}

TEST(InkOn, CanBeRead) {
    EXPECT_EQ(ink_on("#1f2937"), "#ffffff");
    EXPECT_EQ(ink_on("#f0bc74"), "#000000");
    EXPECT_EQ(ink_on("#ffffff"), "#000000");
    EXPECT_EQ(ink_on("red;background:url(x)"), "#ffffff");
}

}  // namespace
}  // namespace referral::mail

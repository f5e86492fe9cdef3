#include "platform/mail/message.hpp"

#include <gmock/gmock.h>

#include <sstream>

namespace referral::mail {
namespace {

using ::testing::HasSubstr, ::testing::Not, ::testing::StartsWith;

Message message() {
    return {.from = MailSender::parse("Acme Referrals <no-reply@acme.example>").value(),
            .to = MailAddress::parse("ada@example.com").value(),
            .subject = "Confirm your address",
            .text = "Hello\n",
            .html = "<p>Hello</p>\n",
            .id = "mal_1.1772366400000000",
            .date = parse_instant("2026-03-01T12:00:00Z").value()};
}

/// The header lines, unfolded.
std::vector<std::string> headers_of(const std::string& mime) {
    std::vector<std::string> lines;
    std::istringstream stream(mime.substr(0, mime.find("\r\n\r\n")));
    for (std::string line; std::getline(stream, line);) {
        if (line.ends_with('\r')) line.pop_back();
        if (line.starts_with(' '))
            lines.back() += line;
        else
            lines.push_back(line);
    }
    return lines;
}

TEST(Mime, HasTheHeadersThatMailNeeds) {
    EXPECT_THAT(
        headers_of(mime(message())),
        ::testing::ElementsAre(
            "Date: Sun, 01 Mar 2026 12:00:00 +0000",
            "From: \"Acme Referrals\" <no-reply@acme.example>", "To: <ada@example.com>",
            "Subject: Confirm your address", "Message-ID: <mal_1.1772366400000000@acme.example>",
            "Auto-Submitted: auto-generated", "X-Auto-Response-Suppress: All", "MIME-Version: 1.0",
            "Content-Type: multipart/alternative; boundary=\"=_mal_1.1772366400000000\""));
}

TEST(Mime, HasTextBeforeHtml) {
    const std::string mail = mime(message());

    EXPECT_LT(mail.find("text/plain"), mail.find("text/html"));
    EXPECT_THAT(mail, HasSubstr("\r\n\r\nHello\r\n\r\n--=_mal_1.1772366400000000\r\n"));
    EXPECT_TRUE(mail.ends_with("--=_mal_1.1772366400000000--\r\n"));
}

TEST(Mime, TakesNoHeaderLineFromATextOrAName) {
    Message attack = message();
    attack.subject = "Hello\r\nBcc: everybody@example.com\r\n\r\n<b>body</b>";
    attack.from.name = "Acme\r\nBcc: everybody@example.com";

    const auto headers = headers_of(mime(attack));

    EXPECT_EQ(headers.size(), 9u);
    for (const std::string& line : headers) EXPECT_THAT(line, Not(StartsWith("Bcc")));
}

TEST(Mime, IsAsciiInShortLines) {
    Message wide = message();
    wide.subject =
        "Überweisung für Zoë – " + std::string(200, 'x') + " 日本語日本語日本語日本語日本語";
    wide.from.name = "Żółć \"quoted\"";
    wide.text = std::string(500, 'a') + " ü \n.\nFrom me\n";
    wide.html = "<p>" + std::string(300, '=') + "</p>";

    std::istringstream lines(mime(wide));
    for (std::string line; std::getline(lines, line);) {
        EXPECT_LE(line.size(), 79u) << line;
        EXPECT_TRUE(line.ends_with('\r')) << line;
        for (const char c : line) EXPECT_TRUE(static_cast<unsigned char>(c) < 0x7f) << line;
    }
}

TEST(HeaderLine, EncodesWhatIsNotPlain) {
    struct {
        std::string text, line;
    } const rows[] = {
        {"Plain", "Subject: Plain\r\n"},
        {"Zoë", "Subject: =?utf-8?Q?Zo=C3=AB?=\r\n"},
        {"=?utf-8?Q?fake?=", "Subject: =?utf-8?Q?=3D=3Futf-8=3FQ=3Ffake=3F=3D?=\r\n"},
        {"a\tb\x7f", "Subject: a b\r\n"},
        {"", "Subject: \r\n"},
    };
    for (const auto& [text, line] : rows) EXPECT_EQ(header_line("Subject", text), line);
}

TEST(HeaderLine, CutsNoCodePointInTwo) {
    std::string snowmen;
    for (int i = 0; i < 40; ++i) snowmen += "☃";

    std::istringstream lines(header_line("Subject", snowmen));
    for (std::string line; std::getline(lines, line);) {
        const auto begin = line.find("?Q?") + 3;
        EXPECT_EQ((line.find("?=", begin) - begin) % 9, 0u) << line;
    }
}

TEST(QuotedPrintable, FollowsTheRfc) {
    struct {
        std::string text, encoded;
    } const rows[] = {
        {"plain", "plain"},
        {"1 = 1", "1 =3D 1"},
        {"space at the end \nnext", "space at the end=20\r\nnext"},
        {"ü", "=C3=BC"},
        {"a\r\nb\nc", "a\r\nb\r\nc"},
        {std::string(76, 'x'), std::string(76, 'x')},
        {std::string(77, 'x'), std::string(75, 'x') + "=\r\nxx"},
        {std::string(74, 'x') + "=y", std::string(74, 'x') + "=\r\n=3Dy"},
    };
    for (const auto& [text, encoded] : rows) EXPECT_EQ(quoted_printable(text), encoded);
}

}  // namespace
}  // namespace referral::mail

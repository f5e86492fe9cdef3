#include "base/mail_address.hpp"

#include <gtest/gtest.h>

namespace referral {
namespace {

TEST(MailAddresses, TakeNothingThatMeansSomethingElsewhere) {
    for (const std::string_view good :
         {"a@b.example", "first.last+tag@mail.example.com", "root@localhost", "o'neil@example.com"})
        EXPECT_TRUE(MailAddress::parse(good)) << good;
    for (const std::string_view bad :
         {"", "@example.com", "a@", "a@.", "a b@example.com", "a@example.com\r\nRCPT TO:<x@y.z>",
          "a@example.com>", "<a@example.com>", "a@b@c", "a@example.com,b@example.com",
          "\"a\"@example.com", "zoë@example.com", "a@[127.0.0.1]"})
        EXPECT_FALSE(MailAddress::parse(bad)) << bad;
}

TEST(MailSenders, HaveANameOrNot) {
    EXPECT_EQ(MailSender::parse("a@b.example")->name, "");
    EXPECT_EQ(MailSender::parse("<a@b.example>")->address.text(), "a@b.example");
    EXPECT_EQ(MailSender::parse(" \"Acme, Inc.\" <a@b.example>")->name, "Acme, Inc.");
    EXPECT_EQ(MailSender::parse("Zoë <a@b.example>")->name, "Zoë");
    EXPECT_FALSE(MailSender::parse("Acme <a>"));
    EXPECT_FALSE(MailSender::parse("A\nB <a@b.example>"));
}

}  // namespace
}  // namespace referral

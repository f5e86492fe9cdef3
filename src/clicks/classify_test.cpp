#include "clicks/classify.hpp"

#include <gtest/gtest.h>

namespace referral::clicks {
namespace {

constexpr Facts person{.leads_somewhere = true, .is_get = true};

struct Case {
    const char* what;
    Facts facts;
    std::optional<Class> expected;
};

Facts with(auto change) {
    Facts facts = person;
    change(facts);
    return facts;
}

class Classify : public ::testing::TestWithParam<Case> {};

TEST_P(Classify, GivesTheFirstClassThatFits) {
    EXPECT_EQ(classify(GetParam().facts), GetParam().expected) << GetParam().what;
}

INSTANTIATE_TEST_SUITE_P(
    Table, Classify,
    ::testing::Values(
        Case{"a person", person, std::nullopt},
        Case{"a page load", with([](Facts& f) { f.sec_fetch_dest = "document"; }), std::nullopt},
        Case{"a dead link", with([](Facts& f) { f.leads_somewhere = false; }), Class::orphan},
        Case{"HEAD", with([](Facts& f) { f.is_get = false; }), Class::non_get},
        Case{"Sec-Purpose", with([](Facts& f) { f.sec_purpose = "prefetch"; }), Class::prefetch},
        Case{"prerender", with([](Facts& f) { f.sec_purpose = "prefetch;prerender"; }),
             Class::prefetch},
        Case{"Purpose", with([](Facts& f) { f.purpose = "Prefetch"; }), Class::prefetch},
        Case{"X-Moz", with([](Facts& f) { f.moz = "prefetch"; }), Class::prefetch},
        Case{"another purpose", with([](Facts& f) { f.sec_purpose = "prefetching"; }),
             std::nullopt},
        Case{"a crawler", with([](Facts& f) { f.declared_crawler = true; }), Class::bot},
        Case{"an image", with([](Facts& f) { f.sec_fetch_dest = "image"; }), Class::embedded},
        Case{"an iframe", with([](Facts& f) { f.sec_fetch_dest = "iframe"; }), Class::embedded},
        Case{"a fetch", with([](Facts& f) { f.sec_fetch_dest = "empty"; }), Class::embedded},
        Case{"blocked", with([](Facts& f) { f.blocked = true; }), Class::blocked},
        Case{"self", with([](Facts& f) { f.self = true; }), Class::self}));

TEST(Classify, FollowsTheContractsOrder) {
    Facts facts{.leads_somewhere = false,
                .is_get = false,
                .sec_purpose = "prefetch",
                .purpose = {},
                .moz = {},
                .declared_crawler = true,
                .sec_fetch_dest = "image",
                .blocked = true,
                .self = true};

    EXPECT_EQ(classify(facts), Class::orphan);
    facts.leads_somewhere = true;
    EXPECT_EQ(classify(facts), Class::non_get);
    facts.is_get = true;
    EXPECT_EQ(classify(facts), Class::prefetch);
    facts.sec_purpose = {};
    EXPECT_EQ(classify(facts), Class::bot);
    facts.declared_crawler = false;
    EXPECT_EQ(classify(facts), Class::embedded);
    facts.sec_fetch_dest = {};
    EXPECT_EQ(classify(facts), Class::blocked);
    facts.blocked = false;
    EXPECT_EQ(classify(facts), Class::self);
}

TEST(ClassifyPeople, PutsDuplicateBeforeSuspect) {
    EXPECT_EQ(classify_people(true, true), Class::duplicate);
    EXPECT_EQ(classify_people(false, true), Class::suspect);
    EXPECT_EQ(classify_people(false, false), Class::human);
}

TEST(Class, HasAWordForEveryNumber) {
    for (std::int64_t number = 1; number <= class_number_max; ++number) {
        const auto value = class_of(number);
        ASSERT_TRUE(value.has_value());
        EXPECT_EQ(named<Class>(name_of(*value)), value);
    }
    EXPECT_FALSE(class_of(0).has_value());
    EXPECT_FALSE(class_of(class_number_max + 1).has_value());
}

}  // namespace
}  // namespace referral::clicks

#include "platform/schema/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "base/url.hpp"

namespace referral::schema {
namespace {

enum class Colour { red, blue };

struct Inner {
    std::optional<Line<10>> note;
};

struct Thing {
    Url url;
    Colour colour = Colour::red;
    Whole<1, 9> size;
    std::optional<Inner> inner;
    std::optional<std::optional<Line<5>>> name;
    std::vector<std::int64_t> numbers;
};

}  // namespace
}  // namespace referral::schema

template <>
struct referral::Names<referral::schema::Colour> {
    static constexpr std::array list{std::pair{schema::Colour::red, std::string_view("red")},
                                     std::pair{schema::Colour::blue, std::string_view("blue")}};
};
template <>
struct referral::schema::Fields<referral::schema::Inner> {
    static constexpr std::string_view name = "Inner";
    static constexpr auto list = FieldList{field("note", &Inner::note, "A note.")};
};
template <>
struct referral::schema::Fields<referral::schema::Thing> {
    static constexpr std::string_view name = "Thing";
    static constexpr auto list = FieldList{
        field("url", &Thing::url, "Where."),     field("colour", &Thing::colour, "Which."),
        field("size", &Thing::size, "How big."), field("inner", &Thing::inner, "Within."),
        field("name", &Thing::name, "A name."),  field("numbers", &Thing::numbers, "Some."),
    };
};

namespace referral::schema {
namespace {

std::vector<std::string> refused(const char* text) {
    std::vector<std::string> fields;
    try {
        read<Thing>(parse(text));
    } catch (const Problem& problem) {
        for (const FieldError& error : problem.errors()) fields.push_back(error.field);
    }
    return fields;
}

constexpr const char* good = R"({"url":"https://a.example/","colour":"blue","size":3,
                                 "inner":{"note":"x"},"numbers":[1,2]})";

TEST(Json, ReadsWhatItWrites) {
    const Thing thing = read<Thing>(parse(good));

    EXPECT_EQ(thing.colour, Colour::blue);
    EXPECT_EQ(thing.inner->note->text(), "x");
    EXPECT_EQ(text_of(thing),
              R"({"url":"https://a.example/","colour":"blue","size":3,"inner":{"note":"x"},)"
              R"("name":null,"numbers":[1,2]})");
}

TEST(Json, NamesEveryBadFieldAtOnce) {
    EXPECT_THAT(
        refused(R"({"url":"ftp://x","size":10,"inner":{"note":"01234567890"},"other":1,
                            "numbers":[1,"2"]})"),
        ::testing::ElementsAre("url", "colour", "size", "inner.note", "numbers.1", "other"));
}

TEST(Json, TellsNullFromAbsent) {
    std::string text = good;
    EXPECT_FALSE(read<Thing>(parse(text)).name.has_value());
    text.insert(1, R"("name":null,)");
    ASSERT_TRUE(read<Thing>(parse(text)).name.has_value());
    EXPECT_FALSE(read<Thing>(parse(text)).name->has_value());
}

TEST(Json, RefusesTextThatIsNone) {
    for (const char* text : {"", "{", "{}x", "{\"a\":\"\xff\"}", "nul", "{\"a\":1,}"})
        EXPECT_THROW(parse(text), Problem) << text;
    EXPECT_THROW(parse(std::string(10'000, '[')), Problem);
}

TEST(Json, DescribesNamedObjectsOnce) {
    Components components;
    Json<Thing>::describe(components);

    EXPECT_TRUE(components.contains("Thing"));
    EXPECT_TRUE(components.contains("Inner"));
    EXPECT_EQ(json::serialize(components["Thing"].at("required")),
              R"(["url","colour","size","numbers"])");
}

}  // namespace
}  // namespace referral::schema

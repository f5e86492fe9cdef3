#include "customers/customers.hpp"

#include <thread>

#include "testing/database_test.hpp"

namespace referral::customers {
namespace {

using testing::at, testing::refused;

const Instant noon = at("2026-08-01T12:00:00Z");

Contact contact(const char* external_id, const char* email = nullptr) {
    Contact contact;
    if (external_id) contact.external_id = Line<200>::parse(external_id);
    if (email) contact.email = Email::parse(email);
    return contact;
}

class CustomersTest : public testing::DatabaseTest {
protected:
    Identified seen(const Contact& contact, Instant when = noon) {
        return identify(tx, contact, when, noon);
    }
};

TEST_F(CustomersTest, AreFoundByNumberOrElseByMailbox) {
    const auto form = seen(contact(nullptr, "Jane.Doe+x@gmail.com"));
    EXPECT_TRUE(form.is_new);
    EXPECT_EQ(seen(contact(nullptr, "janedoe@googlemail.com")).customer.id, form.customer.id);

    const auto numbered = seen(contact("C1", "janedoe@gmail.com"));
    EXPECT_EQ(numbered.customer.id, form.customer.id) << "the form's customer gets its number";
    EXPECT_EQ(numbered.customer.external_id, "C1");
    EXPECT_EQ(seen(contact("C1")).customer.id, form.customer.id);
    EXPECT_NE(seen(contact("C2", "janedoe@gmail.com")).customer.id, form.customer.id);
    EXPECT_EQ(seen(contact(nullptr, "janedoe@gmail.com")).customer.id, form.customer.id);
}

TEST_F(CustomersTest, RememberTheEarliestTime) {
    seen(contact("C1"), noon);
    const auto earlier = seen(contact("C1"), noon - std::chrono::hours(1));
    EXPECT_TRUE(earlier.known_earlier);
    EXPECT_EQ(earlier.known_at(), noon - std::chrono::hours(1));
    EXPECT_FALSE(seen(contact("C1"), noon).known_earlier);
}

TEST_F(CustomersTest, KeepWhatIsKnownAndAddWhatIsNot) {
    Contact first = contact("C1", "jane@acme.example");
    first.name = Line<100>::parse("Jane");
    seen(first);
    Contact second = contact("C1", "joe@acme.example");
    second.name = Line<100>::parse("Joe");
    second.phone = Line<40>::parse("+1 555 0100");

    const Customer customer = seen(second).customer;
    EXPECT_EQ(customer.name, "Jane");
    EXPECT_EQ(customer.email, "jane@acme.example");
    EXPECT_EQ(customer.phone, "+1 555 0100");
}

TEST_F(CustomersTest, OfOneDomainShareAnAccountUnlessItIsFreeMail) {
    const auto jane = seen(contact("C1", "jane@acme.example"));
    const auto joe = seen(contact("C2", "joe@ACME.example"));
    ASSERT_TRUE(jane.account && joe.account);
    EXPECT_EQ(jane.account->id, joe.account->id);
    EXPECT_EQ(jane.account->name, "acme.example");
    EXPECT_FALSE(seen(contact("C3", "jim@gmail.com")).account);
}

TEST_F(CustomersTest, TellTheirCompanyByItsNumbers) {
    Contact carrier = contact("C1");
    carrier.mc_number = CarrierNumber::parse("123456");
    carrier.company = Line<200>::parse("Acme Trucking");
    const auto first = seen(carrier);
    Contact other = contact("C2", "x@acme-trucking.example");
    other.mc_number = CarrierNumber::parse("123456");
    const auto second = seen(other);

    EXPECT_EQ(first.account->id, second.account->id);
    EXPECT_EQ(second.account->domains, std::vector<std::string>{"acme-trucking.example"});
    EXPECT_EQ(find_account(tx, contact(nullptr, "y@acme-trucking.example")), first.account->id);
}

TEST_F(CustomersTest, AreSomebody) {
    EXPECT_THAT([&] { seen({}); }, refused(Refusal::invalid, "customer"));
}

TEST(CustomersAtOnce, AreOneCustomerAndOneAccount) {
    testing::Database database;
    constexpr int threads = 8;
    std::vector<std::jthread> all;
    for (int i = 0; i < threads; ++i)
        all.emplace_back([&, i] {
            for (int round = 0; round < 10; ++round) {
                db::Transaction tx(database.pool());
                Contact one = contact(i % 2 ? "C1" : nullptr, "jane@acme.example");
                identify(tx, one, noon, noon);
                tx.commit();
            }
        });
    all.clear();

    constexpr db::Query<std::int64_t()> customers{"select count(*) from customers"};
    constexpr db::Query<std::int64_t()> accounts{"select count(*) from accounts"};
    db::Transaction tx(database.pool());
    EXPECT_EQ(tx.one(customers), 1);
    EXPECT_EQ(tx.one(accounts), 1);
}

TEST(Domain, IsReadFromAddressesToo) {
    for (const char* text : {"acme.com", "https://www.acme.com/x?y", "@ACME.com", "www.acme.com."})
        EXPECT_EQ(Domain::parse(text).value().text(), "acme.com") << text;
    for (const char* text : {"", "acme", "10.0.0.1", "a_b.com", "-a.com", "a..com", "acme.com/x"})
        EXPECT_FALSE(Domain::parse(text)) << text;
}

TEST(Masked, HidesAllButInitials) {
    EXPECT_EQ(masked("Jane Doe"), "J… D…");
    EXPECT_EQ(masked("jane@acme.com"), "j…@a…");
    EXPECT_EQ(masked("Å"), "Å");
}

}  // namespace
}  // namespace referral::customers

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "platform/crypto/encoding.hpp"
#include "platform/crypto/hash.hpp"
#include "platform/crypto/key_file.hpp"
#include "platform/crypto/password.hpp"
#include "platform/crypto/random.hpp"

namespace referral::crypto {

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr PasswordCost cheap{.memory_kib = 64, .passes = 1};

}  // namespace

TEST(Random, TokensNeverRepeat) {
    std::set<std::string> seen;
    for (int i = 0; i < 1'000; ++i) seen.insert(random_token());

    EXPECT_EQ(seen.size(), 1'000u);
    EXPECT_EQ(seen.begin()->size(), 22u);
}

TEST(Random, CodesUseEveryDigitOfTheAlphabet) {
    const std::string code = random_code(4'000);

    EXPECT_EQ(std::set<char>(code.begin(), code.end()).size(), 32u);
    EXPECT_EQ(code.find_first_not_of(crockford_digits), std::string::npos);
}

TEST(Random, NumbersStayBelowTheirBound) {
    for (int i = 0; i < 1'000; ++i) EXPECT_LT(random_below(7), 7u);
    EXPECT_EQ(random_below(1), 0u);
    EXPECT_EQ(random_below(0), 0u);
}

TEST(Encoding, Base64urlGoesBothWays) {
    for (const auto& [bytes, text] : std::vector<std::pair<Bytes, std::string>>{
             {{}, ""}, {{0xff}, "_w"}, {{0xfb, 0xff}, "-_8"}, {{1, 2, 3}, "AQID"}}) {
        EXPECT_EQ(to_base64url(bytes), text);
        EXPECT_EQ(from_base64url(text), bytes);
    }
}

TEST(Encoding, Base64urlRefusesWhatItNeverWrites) {
    for (const auto* text : {"_w==", "_", "+/8", "a b", "AQ\n", "_x"})
        EXPECT_EQ(from_base64url(text), std::nullopt) << text;
}

TEST(Encoding, HexGoesBothWays) {
    EXPECT_EQ(to_hex(Bytes{}), "");
    EXPECT_EQ(from_hex(""), Bytes{});
    EXPECT_EQ(to_hex(Bytes{0, 0xab}), "00ab");
    EXPECT_EQ(from_hex("00AB"), (Bytes{0, 0xab}));
    for (const auto* text : {"0", "0g", "00 ab", "00a"}) EXPECT_EQ(from_hex(text), std::nullopt);
}

TEST(Encoding, CrockfordFillsTheLastDigitWithZeros) {
    EXPECT_EQ(to_crockford(Bytes{}), "");
    EXPECT_EQ(to_crockford(Bytes{0xff}), "zw");
    EXPECT_EQ(to_crockford(Bytes{0, 0, 0, 0, 1}), "00000001");
    EXPECT_EQ(to_crockford(Bytes(10, 0xff)), std::string(16, 'z'));
}

// The vectors are those of FIPS 180-4, RFC 4231 (case 2), RFC 7693 and the SipHash paper.
TEST(Hash, AgreesWithThePublishedVectors) {
    const std::string sha = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    const std::string hmac = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    const std::string blake = "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319";
    Bytes counting(15);
    for (std::uint8_t i = 0; i < 15; ++i) counting[i] = i;
    SipKey key;
    for (std::uint8_t i = 0; i < 16; ++i) key[i] = i;

    EXPECT_EQ(to_hex(sha256("abc")), sha);
    EXPECT_EQ(to_hex(hmac_sha256(bytes_of("Jefe"), bytes_of("what do ya want for nothing?"))),
              hmac);
    EXPECT_EQ(to_hex(blake2b(bytes_of("abc"))), blake);
    EXPECT_EQ(siphash64(key, counting), 0xa129ca6149be45e5u);
}

TEST(Hash, TakesNothingToo) {
    const std::string sha = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    EXPECT_EQ(to_hex(sha256(Bytes{})), sha);
    EXPECT_EQ(to_hex(Sha256().digest()), sha);
    EXPECT_EQ(blake2b(Bytes{}), blake2b(Bytes{}));
    EXPECT_EQ(hmac_sha256(Bytes{}, Bytes{}), hmac_sha256(bytes_of(""), bytes_of("")));
    EXPECT_EQ(siphash64(SipKey{}, Bytes{}), siphash64(SipKey{}, bytes_of("")));
}

TEST(Hash, OfPiecesIsTheHashOfTheWhole) {
    Sha256 pieces;
    pieces.add("a");
    const Sha256 branch = pieces;
    pieces.add("");
    pieces.add("bc");

    EXPECT_EQ(pieces.digest(), sha256("abc"));
    EXPECT_EQ(pieces.digest(), sha256("abc"));
    EXPECT_EQ(branch.digest(), sha256("a"));
}

TEST(Hash, DependsOnKeyAndPurpose) {
    const Key one = key_from_text(Secret("one"));
    const Key two = key_from_text(Secret("two"));

    EXPECT_NE(derived(one, "cookie"), derived(one, "visitor"));
    EXPECT_NE(derived(one, "cookie"), derived(two, "cookie"));
    EXPECT_EQ(derived(one, "cookie"), derived(one, "cookie"));
    EXPECT_NE(siphash64(derived_sip(one, "a"), bytes_of("x")),
              siphash64(derived_sip(one, "b"), bytes_of("x")));
    EXPECT_NE(siphash128(derived_sip(one, "a"), bytes_of("x")),
              siphash128(derived_sip(one, "a"), bytes_of("y")));
}

TEST(Equal, ComparesContentAndLength) {
    EXPECT_TRUE(equal("", ""));
    EXPECT_TRUE(equal("token", "token"));
    EXPECT_FALSE(equal("token", "tokem"));
    EXPECT_FALSE(equal("token", "toke"));
}

TEST(Password, MatchesItsOwnHashOnly) {
    const std::string hash = hash_password(Secret("correct horse"), cheap);

    EXPECT_TRUE(matches(hash, Secret("correct horse")));
    EXPECT_FALSE(matches(hash, Secret("correct horsf")));
    EXPECT_FALSE(matches(hash, Secret("")));
    EXPECT_NE(hash, hash_password(Secret("correct horse"), cheap));
}

TEST(Password, TellsZeroBytesApart) {
    const std::string hash = hash_password(Secret(std::string_view("a\0b", 3)), cheap);

    EXPECT_FALSE(matches(hash, Secret("a")));
}

TEST(Password, IsHashedAsOwaspAsksByDefault) {
    const std::string hash = hash_password(Secret("x"));

    EXPECT_THAT(hash, ::testing::StartsWith("$argon2id$v=19$m=19456,t=2,p=1$"));
    EXPECT_FALSE(needs_rehash(hash));
}

TEST(Password, AsksForANewHashWhenTheCostChanged) {
    const std::string hash = hash_password(Secret("x"), cheap);

    EXPECT_TRUE(needs_rehash(hash));
    EXPECT_FALSE(needs_rehash(hash, cheap));
    EXPECT_TRUE(needs_rehash("$2b$12$abc", cheap));
    EXPECT_TRUE(needs_rehash("", cheap));
}

TEST(Password, RefusesWhatIsTooLongOrNoHash) {
    const Secret long_one(std::string(password_bytes_max + 1, 'a'));

    EXPECT_THROW(hash_password(long_one, cheap), std::length_error);
    EXPECT_FALSE(matches(hash_password(Secret("a"), cheap), long_one));
    EXPECT_FALSE(matches("", Secret("")));
    EXPECT_FALSE(matches(std::string(5'000, '$'), Secret("a")));
}

TEST(Secrets, AreGoneFromWhereTheyWereMovedFrom) {
    Secret first("short");

    const Secret second = std::move(first);

    EXPECT_TRUE(first.empty());
    EXPECT_EQ(second.reveal(), "short");
}

class KeyFile : public testing::Test {
protected:
    void SetUp() override { std::filesystem::create_directories(folder); }
    void TearDown() override { std::filesystem::remove_all(folder); }

    void write(const std::string& text, mode_t mode) const {
        std::ofstream(file) << text;
        chmod(file.c_str(), mode);
    }

    const std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("key-file-" + std::to_string(getpid()));
    const std::filesystem::path file = folder / "secret";
};

TEST_F(KeyFile, IsMadeOnceAndReadEverAfter) {
    const Key key = load_or_create_key(file);

    EXPECT_EQ(load_or_create_key(file), key);
    struct stat status {};
    stat(file.c_str(), &status);
    EXPECT_EQ(status.st_mode & 07777, 0400u);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1);
}

TEST_F(KeyFile, IsOneKeyForProgramsThatStartTogether) {
    std::vector<Key> keys(8);
    std::vector<std::thread> threads;
    for (Key& key : keys) threads.emplace_back([&] { key = load_or_create_key(file); });
    for (auto& thread : threads) thread.join();

    EXPECT_THAT(keys, ::testing::Each(keys[0]));
}

TEST_F(KeyFile, IsRefusedWhenOthersCanReadIt) {
    write(std::string(64, 'a'), 0440);

    EXPECT_THROW(load_or_create_key(file), std::runtime_error);
}

TEST_F(KeyFile, IsRefusedWhenItIsNoKey) {
    for (const std::string& text :
         {std::string(), std::string(63, 'a'), std::string(64, 'g'), std::string(66, 'a')}) {
        std::filesystem::remove(file);
        write(text, 0400);
        EXPECT_THROW(load_or_create_key(file), std::runtime_error) << text;
    }
}

TEST_F(KeyFile, SaysWhatIsWrongWhenItCannotBeWritten) {
    try {
        load_or_create_key(folder / "missing" / "secret");
        FAIL();
    } catch (const std::runtime_error& broken) {
        EXPECT_THAT(broken.what(), ::testing::EndsWith("missing/secret cannot be written: "
                                                       "No such file or directory"));
    }
}

}  // namespace referral::crypto

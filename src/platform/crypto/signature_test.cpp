#include "platform/crypto/signature.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "platform/crypto/encoding.hpp"

namespace referral::crypto {
namespace {

template <class Array>
Array bytes(std::string_view hex) {
    Array array{};
    std::ranges::copy(from_hex(hex).value(), array.begin());
    return array;
}

// RFC 8032, section 7.1, tests 1 and 2.
TEST(SigningKey, SignsAsTheStandardSays) {
    const SigningKey empty(
        bytes<Key>("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
    EXPECT_EQ(to_hex(empty.public_key()),
              "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    EXPECT_EQ(
        to_hex(empty.sign({})),
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39"
        "701cf9b46bd25bf5f0595bbe24655141438e7a100b");
    const SigningKey one(
        bytes<Key>("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
    EXPECT_EQ(
        to_hex(one.sign(bytes_of("r"))),
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f36"
        "13d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
}

TEST(IsSignedBy, RefusesOtherBytesKeysAndSignatures) {
    const SigningKey key(Key{1}), other(Key{2});
    Signature signature = key.sign(bytes_of("head"));
    EXPECT_TRUE(is_signed_by(key.public_key(), bytes_of("head"), signature));

    EXPECT_FALSE(is_signed_by(key.public_key(), bytes_of("tail"), signature));
    EXPECT_FALSE(is_signed_by(other.public_key(), bytes_of("head"), signature));
    signature[0] ^= 1;
    EXPECT_FALSE(is_signed_by(key.public_key(), bytes_of("head"), signature));
}

}  // namespace
}  // namespace referral::crypto

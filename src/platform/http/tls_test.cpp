#include "platform/http/tls.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstdio>
#include <filesystem>

#include "platform/http/server_under_test.hpp"

namespace referral::http {
namespace {

using std::chrono::milliseconds, std::chrono::seconds;

const std::string click = "GET /r/a HTTP/1.1\r\nHost: a\r\n\r\n";
const std::string instant = "GET /instant HTTP/1.1\r\nHost: a\r\n\r\n";

template <class T>
using Owned = std::unique_ptr<T, void (*)(T*)>;

/// A self-signed certificate for `name` and its key, in the files.
void write_certificate(const TlsFiles& files, const std::string& name) {
    const Owned<EVP_PKEY> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const Owned<X509> certificate(X509_new(), X509_free);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 24 * 3600);
    X509_set_pubkey(certificate.get(), key.get());
    X509_NAME* const subject = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(certificate.get(), subject);
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    const Owned<FILE> chain(std::fopen(files.certificate_chain.c_str(), "w"),
                            [](FILE* file) { std::fclose(file); });
    PEM_write_X509(chain.get(), certificate.get());
    const Owned<FILE> secret(std::fopen(files.private_key.c_str(), "w"),
                             [](FILE* file) { std::fclose(file); });
    PEM_write_PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
}

/// A TLS connection to 127.0.0.1 that trusts anybody.
class TlsClient {
public:
    explicit TlsClient(std::uint16_t port, std::string_view protocols = {},
                       int version_max = TLS1_3_VERSION)
        : context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free),
          ssl_(SSL_new(context_.get()), SSL_free),
          socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        SSL_set_max_proto_version(ssl_.get(), version_max);
        SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(protocols.data()),
                            static_cast<unsigned>(protocols.size()));
        const timeval patience{.tv_sec = 10, .tv_usec = 0};
        ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        ::connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address);
        SSL_set_fd(ssl_.get(), socket_.get());
        connected_ = SSL_connect(ssl_.get()) == 1;
    }

    bool connected() const { return connected_; }

    std::string protocol() const {
        const unsigned char* name = nullptr;
        unsigned int size = 0;
        SSL_get0_alpn_selected(ssl_.get(), &name, &size);
        return {reinterpret_cast<const char*>(name), size};
    }

    std::string server_name() const {
        const Owned<X509> certificate(SSL_get1_peer_certificate(ssl_.get()), X509_free);
        char name[64] = "";
        X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, name,
                                  sizeof name);
        return name;
    }

    void send(std::string_view bytes) {
        SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
    }

    /// Reads until `wanted` has come, or until the end.
    std::string read_until(std::string_view wanted) {
        std::string bytes;
        char buffer[16384];
        while (bytes.find(wanted) == bytes.npos) {
            const int count = SSL_read(ssl_.get(), buffer, sizeof buffer);
            if (count <= 0) break;
            bytes.append(buffer, static_cast<std::size_t>(count));
        }
        return bytes;
    }

    /// Whether the server has said goodbye, as against just gone.
    bool ended_properly() const {
        return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
    }

private:
    Owned<SSL_CTX> context_;
    Owned<SSL> ssl_;
    Descriptor socket_;
    bool connected_ = false;
};

class Tls : public testing::Test {
protected:
    Tls() {
        std::filesystem::create_directories(folder_);
        write_certificate(files_, "first.example");
    }
    ~Tls() override { std::filesystem::remove_all(folder_); }

    std::unique_ptr<TestServer> serve(Limits limits = {}) {
        Settings settings;
        settings.listen = {{*IpAddress::parse("127.0.0.1"), 0, true}};
        settings.tls = files_;
        settings.limits = limits;
        return std::make_unique<TestServer>(std::move(settings));
    }

    const std::filesystem::path folder_ =
        std::filesystem::temp_directory_path() / ("http_tls_test_" + std::to_string(::getpid()));
    const TlsFiles files_{folder_ / "chain.pem", folder_ / "key.pem"};
};

TEST_F(Tls, ServesAllKindsOfRequests) {
    const auto site = serve();
    TlsClient client(site->port(), "\x02h2\x08http/1.1");
    ASSERT_TRUE(client.connected());
    EXPECT_EQ(client.protocol(), "http/1.1");

    client.send(instant);
    EXPECT_NE(client.read_until("instant").find("HTTP/1.1 200 OK"), std::string::npos);
    client.send(click);
    EXPECT_NE(client.read_until("\r\n\r\n").find(TestClicks::click_id), std::string::npos);
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab");
    EXPECT_TRUE(client.read_until(" ab").ends_with("POST /echo a 127.0.0.1 tls ab"));
    client.send("POST /r/a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab");
    EXPECT_NE(client.read_until("\r\n\r\n").find(TestClicks::click_id), std::string::npos);
    client.send("GET /shared HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(client.read_until("never").ends_with(*site->handler.shared));
    EXPECT_TRUE(client.ended_properly());

    EXPECT_EQ(site->server->stats().clicks_relayed, 2u);
    EXPECT_EQ(site->server->stats().handed_over, 0u);
    EXPECT_EQ(site->clicks[0].answered, 2u);
}

TEST_F(Tls, CutsTheClickIdOutWhenTheCommitFails) {
    const auto site = serve();
    site->clicks[0].durable = false;
    TlsClient client(site->port());

    client.send(click);
    const std::string answer = client.read_until("\r\n\r\n");

    EXPECT_TRUE(answer.starts_with("HTTP/1.1 302"));
    EXPECT_EQ(answer.find(TestClicks::click_id), std::string::npos);
    EXPECT_EQ(site->clicks[0].lost, 1u);
}

TEST_F(Tls, AnswersClicksUnrecordedWhileAllClickLoopsAreStuck) {
    const auto site = serve({.commit_time_max = milliseconds(100)});
    site->clicks[0].gate.set(false);
    TlsClient stuck(site->port()), waiting(site->port()), after(site->port());
    stuck.send(click);
    site->clicks[0].gate.await_waiting(1);

    waiting.send(click);
    EXPECT_TRUE(waiting.read_until("\r\n\r\n").starts_with("HTTP/1.1 302"));
    after.send(click);
    EXPECT_EQ(after.read_until("\r\n\r\n").find(TestClicks::click_id), std::string::npos);
    site->clicks[0].gate.set(true);

    EXPECT_NE(stuck.read_until("\r\n\r\n").find(TestClicks::click_id), std::string::npos);
    EXPECT_EQ(site->server->stats().clicks_unrecorded, 2u);
}

TEST_F(Tls, TakesUpANewCertificateAndKeepsTheOldWhenThatIsNoGood) {
    const auto site = serve();
    TlsClient before(site->port());
    EXPECT_EQ(before.server_name(), "first.example");

    write_certificate(files_, "second.example");
    site->server->reload_tls();
    EXPECT_EQ(TlsClient(site->port()).server_name(), "second.example");
    before.send(instant);
    EXPECT_NE(before.read_until("instant").find("200 OK"), std::string::npos);

    std::filesystem::remove(files_.private_key);
    EXPECT_THROW(site->server->reload_tls(), std::runtime_error);
    EXPECT_EQ(TlsClient(site->port()).server_name(), "second.example");
}

TEST_F(Tls, TurnsOldVersionsAndOtherProtocolsAway) {
    const auto site = serve();

    EXPECT_FALSE(TlsClient(site->port(), {}, TLS1_1_VERSION).connected());
    EXPECT_FALSE(TlsClient(site->port(), "\x02h2").connected());
    EXPECT_TRUE(TlsClient(site->port(), {}, TLS1_2_VERSION).connected());
    Client(site->port()).ask(instant);

    EXPECT_TRUE(eventually([&] { return site->server->stats().tls_failed == 3; }));
}

TEST_F(Tls, EndsAHandshakeThatNeverBegins) {
    const auto site = serve({.header_time_max = seconds(1)});

    EXPECT_EQ(Client(site->port()).read_all().bytes, "");
    EXPECT_EQ(site->server->stats().tls_failed, 1u);
}

TEST_F(Tls, DrainsProperly) {
    const auto site = serve();
    TlsClient idle(site->port());
    idle.send(instant);
    idle.read_until("instant");

    site->server->drain(milliseconds(20));

    EXPECT_EQ(idle.read_until("never"), "");
    EXPECT_TRUE(idle.ended_properly());
}

TEST_F(Tls, NeedsACertificate) {
    Settings settings;
    settings.listen = {{*IpAddress::parse("127.0.0.1"), 0, true}};
    EXPECT_THROW(TestServer(std::move(settings)), std::runtime_error);
}

}  // namespace
}  // namespace referral::http

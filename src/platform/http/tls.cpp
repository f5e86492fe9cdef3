#include "platform/http/tls.hpp"

#include <array>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <stdexcept>

namespace referral::http {

namespace {

using Code = boost::system::error_code;
using SslContext = asio::ssl::context;

constexpr const char* ciphers_tls_1_2 =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

/// HTTP/1.1 when the client offers it; a client that offers only others is turned away (RFC 7301).
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_size,
                    const unsigned char* offered, unsigned int offered_size, void*) {
    static constexpr std::string_view ours("\x08http/1.1", 9);
    unsigned char* found = nullptr;
    const int answer = SSL_select_next_proto(
        &found, chosen_size, reinterpret_cast<const unsigned char*>(ours.data()),
        static_cast<unsigned int>(ours.size()), offered, offered_size);
    *chosen = found;
    return answer == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

void load(SslContext& context, const TlsFiles& files) {
    SSL_CTX* const native = context.native_handle();
    SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
    SSL_CTX_set_options(
        native, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_cipher_list(native, ciphers_tls_1_2);
    SSL_CTX_set_alpn_select_cb(native, choose_protocol, nullptr);
    context.use_certificate_chain_file(files.certificate_chain);
    context.use_private_key_file(files.private_key, SslContext::pem);
    if (SSL_CTX_check_private_key(native) != 1)
        throw std::runtime_error("the TLS certificate and key do not belong together");
}

}  // namespace

struct TlsContext::Loaded {
    SslContext context{SslContext::tls_server};
};

namespace {

class TlsTransport final : public Transport {
public:
    TlsTransport(Context& context, int descriptor, std::shared_ptr<void> keeps, SslContext& ssl)
        : keeps_(std::move(keeps)),
          stream_(Socket(context, asio::ip::tcp::v4(), descriptor), ssl) {}

    bool secure() const override { return true; }

    void handshake(Done done) override {
        stream_.async_handshake(asio::ssl::stream_base::server, Result{std::move(done)});
    }

    void read_some(std::span<char> into, Done done) override {
        stream_.async_read_some(asio::buffer(into.data(), into.size()), Result{std::move(done)});
    }

    void write_some(std::string_view first, std::string_view second, Done done) override {
        // TLS writes one buffer at a time.
        const std::string_view part = first.empty() ? second : first;
        stream_.async_write_some(asio::buffer(part.data(), part.size()), Result{std::move(done)});
    }

    void finish(Done done) override {
        // Says goodbye and reads until the client does or has gone; nothing is left to read then.
        stream_.async_shutdown([done = std::move(done)](const Code&) { done(false, 0); });
    }

    void close() noexcept override {
        Code ignored;
        stream_.next_layer().close(ignored);
    }

    int release() override { return -1; }

private:
    struct Result {
        void operator()(const Code& error) const { done(!error, 0); }
        void operator()(const Code& error, std::size_t bytes) const { done(!error, bytes); }
        Done done;
    };

    const std::shared_ptr<void> keeps_;  // The context the stream was made with.
    asio::ssl::stream<Socket> stream_;
};

}  // namespace

TlsContext::TlsContext(TlsFiles files) : files_(std::move(files)) { reload(); }

TlsContext::~TlsContext() = default;

void TlsContext::reload() {
    auto loaded = std::make_shared<Loaded>();
    load(loaded->context, files_);
    const std::lock_guard lock(mutex_);
    loaded_ = std::move(loaded);
}

std::unique_ptr<Transport> TlsContext::transport(Context& context, int descriptor) const {
    std::shared_ptr<Loaded> loaded;
    {
        const std::lock_guard lock(mutex_);
        loaded = loaded_;
    }
    SslContext& ssl = loaded->context;
    return std::make_unique<TlsTransport>(context, descriptor, std::move(loaded), ssl);
}

}  // namespace referral::http

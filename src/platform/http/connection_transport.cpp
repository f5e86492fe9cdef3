#include "platform/http/connection_transport.hpp"

#include <array>

namespace referral::http {

namespace {

using Code = boost::system::error_code;

class PlainTransport final : public Transport {
public:
    PlainTransport(Context& context, int descriptor)
        : socket_(context, asio::ip::tcp::v4(), descriptor) {}

    bool secure() const override { return false; }

    void handshake(Done done) override {
        asio::post(socket_.get_executor(), [done = std::move(done)] { done(true, 0); });
    }

    void read_some(std::span<char> into, Done done) override {
        socket_.async_read_some(asio::buffer(into.data(), into.size()), result_to(std::move(done)));
    }

    void write_some(std::string_view first, std::string_view second, Done done) override {
        const std::array<asio::const_buffer, 2> buffers{asio::buffer(first.data(), first.size()),
                                                        asio::buffer(second.data(), second.size())};
        socket_.async_write_some(buffers, result_to(std::move(done)));
    }

    void finish(Done done) override {
        Code error;
        socket_.shutdown(Socket::shutdown_send, error);
        asio::post(socket_.get_executor(),
                   [good = !error, done = std::move(done)] { done(good, 0); });
    }

    void close() noexcept override {
        Code ignored;
        socket_.close(ignored);
    }

    int release() override { return socket_.release(); }

private:
    struct Result {
        void operator()(const Code& error, std::size_t bytes) const { done(!error, bytes); }
        Done done;
    };
    static Result result_to(Done done) { return {std::move(done)}; }

    Socket socket_;
};

}  // namespace

std::unique_ptr<Transport> plain_transport(Context& context, int descriptor) {
    return std::make_unique<PlainTransport>(context, descriptor);
}

}  // namespace referral::http

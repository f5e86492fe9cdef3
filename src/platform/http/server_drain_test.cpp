#include <fcntl.h>
#include <gtest/gtest.h>

#include "platform/http/listener.hpp"
#include "platform/http/server_under_test.hpp"

namespace referral::http {
namespace {

using std::chrono::milliseconds, std::chrono::seconds;

const std::string click = "GET /r/a HTTP/1.1\r\nHost: a\r\n\r\n";
const std::string instant = "GET /instant HTTP/1.1\r\nHost: a\r\n\r\n";
const std::string slow = "GET /gate HTTP/1.1\r\nHost: a\r\n\r\n";

bool closes(const Received& answer) {
    return answer.bytes.find("Connection: close\r\n") != std::string::npos;
}

TEST(Drain, AnswersWhatComesAndClosesBehindIt) {
    TestServer site;
    Client front(site.port()), clicks(site.port());
    front.ask(instant);
    clicks.ask(click);

    site.server->drain(seconds(10));
    // Each loop learns of the drain by itself; the last answer says so.
    for (Client* client : {&front, &clicks}) {
        Received answer;
        do {
            answer = client->ask(client == &front ? instant : click);
            ASSERT_FALSE(answer.statuses().empty());
        } while (!closes(answer));
        const Received rest = client->read_all();
        EXPECT_EQ(rest.bytes, "");
        EXPECT_FALSE(rest.reset);
    }

    EXPECT_TRUE(site.server->wait());
}

TEST(Drain, WaitsForARequestAtWork) {
    TestServer site;
    site.handler.gate.set(false);
    Client client(site.port());
    client.send(slow);
    site.handler.gate.await_waiting(1);

    site.server->drain(seconds(10));
    site.handler.gate.set(true);
    const Received received = client.read_all();

    EXPECT_EQ(received.statuses(), "200");
    EXPECT_TRUE(closes(received));
    EXPECT_TRUE(site.server->wait());
}

TEST(Drain, ClosesIdleConnectionsWhenItsTimeIsOver) {
    TestServer site;
    Client fresh(site.port()), after_click(site.port()), half(site.port());
    after_click.ask(click);
    half.send("GET /insta");
    ASSERT_TRUE(eventually([&] { return site.server->stats().open == 3; }));

    site.server->drain(milliseconds(50));

    for (Client* client : {&fresh, &after_click, &half}) {
        const Received received = client->read_all();
        EXPECT_EQ(received.bytes, "");
        EXPECT_FALSE(received.reset);
        client->end_sending();
    }
}

TEST(Drain, SaysWhenItCutARequestShort) {
    Settings settings;
    settings.limits.linger_time_max = seconds(0);
    TestServer site(std::move(settings));
    site.handler.gate.set(false);
    Client client(site.port());
    client.send(slow);
    site.handler.gate.await_waiting(1);

    site.server->drain(milliseconds(10));

    EXPECT_FALSE(site.server->wait());
    EXPECT_EQ(client.read_all().statuses(), "");
}

TEST(Drain, EndsStreams) {
    TestServer site;
    Client client(site.port());
    client.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
    client.read_until("\r\n\r\n");

    site.server->drain(seconds(10));
    const Received rest = client.read_all();
    client.end_sending();

    EXPECT_EQ(rest.bytes, "0\r\n\r\n");
    EXPECT_FALSE(rest.reset);
    EXPECT_TRUE(site.server->wait());
}

TEST(Drain, CommitsALastTime) {
    TestServer site;
    Client(site.port()).ask(click);
    const std::uint64_t before = site.clicks[0].commits;

    site.server->drain(seconds(1));
    site.server->wait();

    EXPECT_GT(site.clicks[0].commits, before);
}

/// Asks with clicks and others until told to stop, anew whenever the server has closed properly.
class Load {
public:
    explicit Load(std::uint16_t port) : thread_([this, port] { run(port); }) {}
    ~Load() { stop(); }
    void stop() {
        stopping_ = true;
        if (thread_.joinable()) thread_.join();
    }

    std::atomic<std::uint64_t> answered = 0, failed = 0;

private:
    void run(std::uint16_t port) {
        while (!stopping_) {
            Client client(port);
            if (!client.connected()) {
                ++failed;
                continue;
            }
            for (int i = 0; !stopping_; ++i) {
                const Received answer = client.ask(i % 3 == 0 ? instant : click);
                if (answer.statuses().empty())
                    ++failed;
                else
                    ++answered;
                if (answer.statuses().empty() || closes(answer)) break;
            }
        }
    }

    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

TEST(Drain, LosesNoRequestWhenAnotherServerTakesOverTheSocket) {
    const Descriptor held(open_listener({*IpAddress::parse("127.0.0.1"), 0, false}));
    const auto inheriting = [&] {
        Settings settings;
        settings.inherited = {{held.get(), "http", false}};
        return std::make_unique<TestServer>(std::move(settings), 2);
    };
    auto serving = inheriting();
    std::vector<std::unique_ptr<Load>> load;
    for (int i = 0; i < 4; ++i) load.push_back(std::make_unique<Load>(serving->port()));

    for (int restart = 0; restart < 3; ++restart) {
        const auto answered = [&] {
            std::uint64_t sum = 0;
            for (const auto& each : load) sum += each->answered;
            return sum;
        };
        const std::uint64_t before = answered();
        ASSERT_TRUE(eventually([&] { return answered() > before + 500; }));
        auto next = inheriting();
        serving->server->drain(seconds(10));
        EXPECT_TRUE(serving->server->wait());
        serving = std::move(next);
    }
    for (const auto& each : load) each->stop();

    for (const auto& each : load) EXPECT_EQ(each->failed, 0u);
}

TEST(Drain, TakesWhatHasConnectedBeforeItClosesTheDoor) {
    for (int round = 0; round < 20; ++round) {
        TestServer site;
        std::vector<std::unique_ptr<Client>> clients;
        for (int i = 0; i < 50; ++i) {
            clients.push_back(std::make_unique<Client>(site.port()));
            clients.back()->send(i % 2 == 0 ? instant : click);
        }

        site.server->drain(seconds(10));

        for (const auto& client : clients) EXPECT_FALSE(client->read_answer().reset);
        clients.clear();
        EXPECT_TRUE(site.server->wait());
    }
}

TEST(InheritedSockets, AreThoseMeantForThisProcess) {
    const Descriptor listener(open_listener({*IpAddress::parse("127.0.0.1"), 0, false}));
    // The first is always descriptor 3; another may live there in this process.
    const int kept = ::fcntl(3, F_DUPFD_CLOEXEC, 10);
    ASSERT_EQ(::dup2(listener.get(), 3), 3);
    ::setenv("LISTEN_FDS", "1", 1);
    ::setenv("LISTEN_FDNAMES", "https", 1);

    ::setenv("LISTEN_PID", "1", 1);
    EXPECT_TRUE(inherited_sockets().empty());
    ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
    const auto sockets = inherited_sockets();

    ASSERT_EQ(sockets.size(), 1u);
    EXPECT_EQ(sockets[0].descriptor, 3);
    EXPECT_EQ(sockets[0].name, "https");
    EXPECT_TRUE(sockets[0].tls);
    EXPECT_EQ(bound_port(sockets[0].descriptor), bound_port(listener.get()));
    for (const char* name : {"LISTEN_FDS", "LISTEN_FDNAMES", "LISTEN_PID"}) ::unsetenv(name);
    ::close(3);
    if (kept >= 0) {
        ::dup2(kept, 3);
        ::close(kept);
    }
}

}  // namespace
}  // namespace referral::http

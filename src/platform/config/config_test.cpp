#include "platform/config/config.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>
#include <type_traits>

#include "platform/config/env_file.hpp"
#include "platform/config/setting.hpp"

namespace referral::config {

namespace {

using std::chrono::hours, std::chrono::minutes;
using ::testing::Contains, ::testing::ElementsAre, ::testing::HasSubstr, ::testing::IsEmpty,
    ::testing::Not, ::testing::Pair, ::testing::StartsWith;

Sources environment(std::map<std::string, std::string> values) {
    Sources sources;
    sources.environment = std::move(values);
    return sources;
}

Sources toml(std::string text) {
    Sources sources;
    sources.toml_file = {"referral.toml", std::move(text)};
    return sources;
}

std::vector<std::string> errors_of(const Sources& sources) {
    try {
        load(sources);
    } catch (const BadSettings& bad) {
        return bad.errors();
    }
    return {};
}

}  // namespace

TEST(Settings, StandWithoutAnySource) {
    const Settings settings = load({.cores = 4}).settings;

    EXPECT_EQ(settings.data_dir, "var");
    EXPECT_THAT(settings.listen, ElementsAre(*Endpoint::parse("127.0.0.1:8080")));
    EXPECT_EQ(settings.base_url, "http://127.0.0.1:8080");
    EXPECT_TRUE(settings.database_url.empty());
    EXPECT_TRUE(settings.database_prepare);
    EXPECT_EQ(settings.click_loops, 4);
    EXPECT_EQ(settings.front_loops, 2);
    EXPECT_EQ(settings.workers, 16);
    EXPECT_EQ(settings.click_durability, Durability::strict);
    EXPECT_EQ(settings.journal_segment_bytes, 64 << 20);
    EXPECT_EQ(settings.journal_keep_hours, hours(72));
    EXPECT_EQ(settings.session_idle_minutes, minutes(120));
    EXPECT_EQ(settings.run_as_user, "postgres");
    EXPECT_FALSE(settings.development);
}

TEST(Settings, HaveADefaultAndAnExampleThatFit) {
    for (const Setting& setting : all_settings()) {
        Settings settings;
        const bool is_path = std::holds_alternative<Path>(setting.kind) ||
                             std::holds_alternative<Paths>(setting.kind);
        if (!setting.fallback.empty() || takes_empty(setting)) {
            EXPECT_EQ(assign(settings, setting, setting.fallback), std::nullopt) << setting.name;
        }
        if (!is_path && !setting.example.starts_with('(')) {
            EXPECT_EQ(assign(settings, setting, setting.example), std::nullopt) << setting.name;
        }
        EXPECT_THAT(setting.description, ::testing::EndsWith(".")) << setting.name;
    }
}

TEST(Settings, AreWrittenAsTheyAreRead) {
    for (const Setting& setting : all_settings()) {
        const bool is_path = std::holds_alternative<Path>(setting.kind) ||
                             std::holds_alternative<Paths>(setting.kind);
        if (is_path) continue;
        Settings first;
        Settings second;
        assign(first, setting, setting.example);

        assign(second, setting, text_of(first, setting));

        EXPECT_EQ(text_of(first, setting), text_of(second, setting));
        EXPECT_EQ(text_of(first, setting).empty(), setting.name == "SECRET_KEY") << setting.name;
    }
}

TEST(Settings, AreTakenFromTheStrongestSource) {
    Sources sources = toml("workers = 9\n");
    EXPECT_EQ(load(sources).settings.workers, 9);

    sources.env_file = {".env", "WORKERS=10\n"};
    EXPECT_EQ(load(sources).settings.workers, 10);

    sources.environment["WORKERS"] = "11";
    EXPECT_EQ(load(sources).settings.workers, 11);

    sources.environment["REFERRAL_WORKERS"] = "12";
    EXPECT_EQ(load(sources).settings.workers, 12);

    sources.overrides["WORKERS"] = "13";
    EXPECT_EQ(load(sources).settings.workers, 13);
}

TEST(Settings, ReadTomlOfEveryType) {
    const Settings settings = load(toml(R"(
listen = ["127.0.0.1:80", "[::1]:81"]
database_prepare = false
journal_bytes_max = "1GiB"
drain_seconds = 5
trusted_proxies = "10.0.0.0/8, 192.0.2.7"
click_durability = "relaxed"
)"))
                                  .settings;

    EXPECT_THAT(settings.listen,
                ElementsAre(*Endpoint::parse("127.0.0.1:80"), *Endpoint::parse("[::1]:81")));
    EXPECT_FALSE(settings.database_prepare);
    EXPECT_EQ(settings.journal_bytes_max, 1 << 30);
    EXPECT_EQ(settings.drain_seconds, std::chrono::seconds(5));
    EXPECT_EQ(settings.trusted_proxies.size(), 2u);
    EXPECT_TRUE(contains(settings.trusted_proxies, *IpAddress::parse("10.9.9.9")));
    EXPECT_EQ(settings.click_durability, Durability::relaxed);
}

TEST(Settings, TellAllErrorsAtOnceWithTheirSource) {
    Sources sources = toml("workers = \"many\"\nlistne = 1\n");
    sources.environment = {{"LISTEN", "localhost"}, {"CLICK_DURABILITY", "maybe"}};
    sources.env_file = {".env", "WORKERS\nDRAIN_SECONDS=601\n"};
    sources.overrides = {{"NOTHING_LIKE_IT", "1"}};

    EXPECT_THAT(
        errors_of(sources),
        ::testing::UnorderedElementsAre(
            ".env line 1: is not NAME=value", "NOTHING_LIKE_IT (command line): is not a setting",
            "LISTNE (referral.toml line 2): is not a setting; did you mean LISTEN?",
            "LISTEN (environment): must be ADDRESS:PORT such as 127.0.0.1:8080, [::1]:8080 or "
            "*:8080, several separated by commas, not \"localhost\"",
            "WORKERS (referral.toml line 1): must be a number of threads from 0 to 1000, not "
            "\"many\"",
            "DRAIN_SECONDS (.env): must be a number of seconds from 0 to 600, not \"601\"",
            "CLICK_DURABILITY (environment): must be one of strict, relaxed, not \"maybe\""));
}

TEST(Settings, RefuseWhatTomlCannotMean) {
    EXPECT_THAT(errors_of(toml("listen = 1.5")),
                ElementsAre(StartsWith("referral.toml line 1: listen: must be a text")));
    EXPECT_THAT(errors_of(toml("[server]\nlisten = \"\"")), ElementsAre(HasSubstr("no sections")));
    EXPECT_THAT(errors_of(toml("LISTEN = \"*:1\"")), ElementsAre(HasSubstr("lower case")));
    EXPECT_THAT(errors_of(toml("listen = ")), ElementsAre(StartsWith("referral.toml line 1: ")));
}

TEST(Settings, AreRefusedOutsideTheirBounds) {
    const std::vector<std::pair<std::string, std::string>> bad{
        {"WORKERS", "-1"},
        {"WORKERS", "1001"},
        {"WORKERS", "1 000"},
        {"WORKERS", "0x10"},
        {"DEVELOPMENT", "perhaps"},
        {"JOURNAL_BYTES_MAX", "1MB"},
        {"JOURNAL_BYTES_MAX", "9999999999TiB"},
        {"JOURNAL_BYTES_MAX", "1KiB"},
        {"LISTEN", "127.0.0.1"},
        {"LISTEN", "::1:80"},
        {"LISTEN", "127.0.0.1:65536"},
        {"LISTEN", "[127.0.0.1]:80"},
        {"LISTEN", "example.com:80"},
        {"BASE_URL", "ftp://x"},
        {"BASE_URL", "https://x/y"},
        {"BASE_URL", "https://x?y"},
        {"CORS_ORIGINS", "app.example.com"},
        {"CORS_ORIGINS", "https://a.example,https://b.example/path"},
        {"SECRET_KEY", "short"},
        {"TRUSTED_PROXIES", "10.0.0.0/33"},
        {"TLS_KEY", "/no/file"},
        {"GEOIP_DATABASE", "/no/file"},
        {"ADMIN_EMAIL", "a\nb"},
        {"MAIL_DEFAULT_SENDER", "nobody"},
        {"MAIL_DEFAULT_SENDER", "Acme\r\nBcc: x@y.example <a@b.example>"},
        {"CLICK_IP_DAYS", "99999999999999999999"}};
    for (const auto& [name, value] : bad)
        EXPECT_THAT(errors_of(environment({{name, value}})), ElementsAre(StartsWith(name + " ")))
            << value;
}

TEST(Settings, AreRefusedWhenTheyContradictEachOther) {
    EXPECT_THAT(errors_of(environment({{"TLS_KEY", "/dev/null"}})),
                ElementsAre(HasSubstr("together")));
    EXPECT_THAT(errors_of(environment({{"TLS_LISTEN", "*:443"}})), ElementsAre(HasSubstr("needs")));
    EXPECT_THAT(errors_of(environment(
                    {{"JOURNAL_SEGMENT_BYTES", "32MiB"}, {"JOURNAL_BYTES_MAX", "64MiB"}})),
                ElementsAre(HasSubstr("quarter")));
    EXPECT_THAT(errors_of(environment({{"SESSION_IDLE_MINUTES", "90"}, {"SESSION_HOURS", "1"}})),
                ElementsAre(HasSubstr("SESSION_HOURS")));
}

TEST(Settings, TakeAnEmptyValueAsNotSetWhereItCannotBeEmpty) {
    const Settings settings =
        load(environment({{"WORKERS", ""}, {"LISTEN", ""}, {"METRICS_LISTEN", ""}})).settings;

    EXPECT_EQ(settings.workers, 8);
    EXPECT_EQ(settings.listen.size(), 1u);
    EXPECT_THAT(settings.metrics_listen, IsEmpty());
}

TEST(Settings, MakeTheirAddressFromWhereTheyListen) {
    const auto base_url = [](std::map<std::string, std::string> values) {
        return load(environment(std::move(values))).settings.base_url;
    };

    EXPECT_EQ(base_url({{"LISTEN", "*:80"}}), "http://localhost");
    EXPECT_EQ(base_url({{"LISTEN", "0.0.0.0:8000"}}), "http://localhost:8000");
    EXPECT_EQ(base_url({{"LISTEN", "[::1]:8000"}}), "http://[::1]:8000");
    EXPECT_EQ(base_url({{"TLS_LISTEN", "192.0.2.1:443"},
                        {"TLS_KEY", "/dev/null"},
                        {"TLS_CERTIFICATE", "/dev/null"}}),
              "https://192.0.2.1");
    EXPECT_EQ(base_url({{"BASE_URL", "https://go.example.com/"}}), "https://go.example.com");
}

TEST(Settings, ChooseThePortOfMailByItsEncryption) {
    const auto port = [](std::map<std::string, std::string> values) {
        return load(environment(std::move(values))).settings.mail_port;
    };

    EXPECT_EQ(port({}), 587);
    EXPECT_EQ(port({{"MAIL_USE_TLS", "false"}}), 25);
    EXPECT_EQ(port({{"MAIL_USE_SSL", "true"}}), 465);
    EXPECT_EQ(port({{"MAIL_PORT", "2525"}}), 2525);
}

TEST(Settings, NameAMailServerAndNothingElse) {
    for (const char* bad :
         {"mail.example.com/x", "mail.example.com:25", "smtp://mail.example.com",
          "a@mail.example.com", "mail.example.com?x", "mail.example.com#x", "[::1]",
          "mail example.com", "mail.example.com%0d%0a", "mail\\example.com"})
        EXPECT_THAT(errors_of(environment({{"MAIL_SERVER", bad}})),
                    ElementsAre(HasSubstr("MAIL_SERVER: must be a host name")))
            << bad;
    for (const char* good : {"mail.example.com", "localhost", "192.0.2.1", "2001:db8::1", "mail_1"})
        EXPECT_THAT(errors_of(environment({{"MAIL_SERVER", good}})), IsEmpty()) << good;
}

TEST(Settings, SendNoMailPasswordInTheClear) {
    const auto errors = [](std::map<std::string, std::string> values) {
        values.merge(std::map<std::string, std::string>{
            {"MAIL_SERVER", "mail.example.com"}, {"MAIL_USERNAME", "a"}, {"MAIL_PASSWORD", "b"}});
        return errors_of(environment(std::move(values)));
    };

    EXPECT_THAT(errors({}), IsEmpty());
    EXPECT_THAT(errors({{"MAIL_USE_TLS", "false"}, {"MAIL_USE_SSL", "true"}}), IsEmpty());
    EXPECT_THAT(errors({{"MAIL_USE_TLS", "false"}, {"MAIL_SERVER", "localhost"}}), IsEmpty());
    EXPECT_THAT(errors({{"MAIL_USE_TLS", "false"}}),
                ElementsAre("MAIL_PASSWORD: needs MAIL_USE_TLS or MAIL_USE_SSL"));
    EXPECT_THAT(errors({{"MAIL_PASSWORD", ""}}),
                ElementsAre("MAIL_USERNAME, MAIL_PASSWORD: must be given together"));
}

TEST(Settings, FindDataBelowTheProgramsFolder) {
    const auto root =
        std::filesystem::temp_directory_path() / ("config-root-" + std::to_string(getpid()));
    std::filesystem::create_directories(root / "node_modules" / "uap-core");
    std::filesystem::create_directories(root / "build" / "web");
    std::ofstream(root / "node_modules" / "uap-core" / "regexes.yaml") << "x";

    const Settings settings = load({.root = root}).settings;

    EXPECT_EQ(settings.user_agent_rules, root / "node_modules" / "uap-core" / "regexes.yaml");
    EXPECT_EQ(settings.web_dir, root / "build" / "web");
    EXPECT_THAT(settings.geoip_database, IsEmpty());
    EXPECT_TRUE(settings.crawler_rules.empty());
    std::filesystem::remove_all(root);
}

TEST(Settings, WarnOfVariablesThatLookLikeASlip) {
    const Loaded loaded = load(environment({{"REFERRAL_WORKRES", "1"},
                                            {"REFERRAL_SOMETHING_ELSE", "1"},
                                            {"WORKRES", "1"},
                                            {"PATH", "/bin"}}));

    EXPECT_THAT(loaded.warnings,
                ElementsAre("REFERRAL_SOMETHING_ELSE (environment): is not a setting",
                            "REFERRAL_WORKRES (environment): is not a setting; did you mean "
                            "WORKERS?"));
}

TEST(Settings, KeepSecretsOutOfErrorsAndDescriptions) {
    const std::string key(40, 'k');
    const Settings settings = load(environment({{"SECRET_KEY", key}})).settings;

    EXPECT_THAT(describe(settings), Contains(Pair("SECRET_KEY", "(set)")));
    EXPECT_THAT(describe(settings), Contains(Pair("ADMIN_PASSWORD", "")));
    EXPECT_THAT(describe(settings), Contains(Pair("JOURNAL_BYTES_MAX", "8GiB")));
    EXPECT_THAT(errors_of(environment({{"SECRET_KEY", "hunter2"}})),
                ElementsAre(Not(HasSubstr("hunter2"))));
    EXPECT_EQ(settings.secret_key.reveal(), key);
}

TEST(Settings, ReloadOnlyWhatMayChangeWhileRunning) {
    const Settings now = load({}).settings;
    const Settings fresh =
        load(environment(
                 {{"LOG_LEVEL", "debug"}, {"WORKERS", "99"}, {"SECRET_KEY", std::string(40, 'k')}}))
            .settings;

    const Reload reloaded = reload(now, fresh);

    EXPECT_THAT(reloaded.changed, ElementsAre("LOG_LEVEL"));
    EXPECT_THAT(reloaded.needs_restart, ElementsAre("WORKERS", "SECRET_KEY"));
    EXPECT_EQ(reloaded.settings.log_level, log::Level::debug);
    EXPECT_EQ(reloaded.settings.workers, now.workers);
}

TEST(Settings, AreAllDocumented) {
    const std::string page = documentation();

    for (const Setting& setting : all_settings())
        EXPECT_THAT(page, HasSubstr("\n## " + std::string(setting.name) + "\n"));
    EXPECT_THAT(page, HasSubstr("- value: a number of threads from 0 to 64\n- default: `0`\n"));
}

TEST(EnvFile, ReadsTheFormsPeopleWrite) {
    const EnvFile file = parse_env_file(
        "# comment\n\n"
        "A=bare value  # comment\n"
        "export B = 'as $it \\n is' # comment\r\n"
        "C=\"two\\nlines \\\"quoted\\\" \\\\ #no comment\"\n"
        "D=\n"
        "E=a#b\n"
        "A_2=x=y");

    EXPECT_THAT(file.errors, IsEmpty());
    EXPECT_THAT(file.values,
                ElementsAre(Pair("A", "bare value"), Pair("A_2", "x=y"), Pair("B", "as $it \\n is"),
                            Pair("C", "two\nlines \"quoted\" \\ #no comment"), Pair("D", ""),
                            Pair("E", "a#b")));
}

TEST(EnvFile, RefusesWhatItCannotRead) {
    const EnvFile file = parse_env_file("A\n1B=2\nC=\"open\nD='open\nE=\"a\" b\n=x");

    EXPECT_THAT(file.errors,
                ElementsAre("line 1: is not NAME=value", "line 2: is not NAME=value",
                            "line 3: a quote is not closed", "line 4: a quote is not closed",
                            "line 5: a quote is not closed", "line 6: is not NAME=value"));
}

TEST(Endpoints, AreReadAndWritten) {
    EXPECT_EQ(Endpoint::parse("localhost:1")->text(), "127.0.0.1:1");
    EXPECT_EQ(Endpoint::parse("*:0")->text(), "[::]:0");
    EXPECT_EQ(Endpoint::parse("[2001:db8::1]:65535")->text(), "[2001:db8::1]:65535");
    for (const auto* bad : {"", ":", ":80", "[::1]", "[::1]:", "1.2.3.4:-1", "1.2.3.4:80x"})
        EXPECT_EQ(Endpoint::parse(bad), std::nullopt) << bad;
}

}  // namespace referral::config

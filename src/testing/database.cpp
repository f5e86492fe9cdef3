#include <atomic>
#include <filesystem>

#include "platform/db/migrations.hpp"
#include "platform/db/run_as.hpp"
#include "platform/db/serving_role.hpp"
#include "testing/database_test.hpp"

namespace referral::testing {

namespace {

/// Tests wait for a busy machine.
db::ConnectionSettings patient(std::string url) {
    return {.url = std::move(url),
            .connect_timeout = std::chrono::minutes(1),
            .statement_timeout = std::chrono::minutes(1)};
}

/// Migrates a database of the cluster and gives the role that serves its rights.
void prepare(const db::Cluster& cluster, const std::string& database) {
    const std::string conninfo = cluster.conninfo() + " dbname=" + database;
    db::Pool owner(patient(conninfo), 2);
    db::Pool serving(patient(db::as_private_serving_role(conninfo)), 1);
    db::migrate(owner);
    db::grant_to_serving_role(owner, serving);
}

/// The cluster and its folder, for as long as the program runs.
class Server {
public:
    Server() {
        std::string pattern = (std::filesystem::temp_directory_path() / "referral-XXXXXX").string();
        if (!mkdtemp(pattern.data())) throw std::runtime_error("no temporary folder");
        folder_ = pattern;
        db::run_as({.user = "postgres", .owns = {folder_}});
        cluster_ = std::make_unique<db::Cluster>(db::ClusterSettings{.data_dir = folder_});
        cluster_->wait_until_ready(std::chrono::seconds(60));
        db::Pool owner(patient(cluster_->conninfo()), 1);
        db::make_private_serving_role(owner);
        prepare(*cluster_, "referral");
    }
    ~Server() {
        cluster_.reset();
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    db::Cluster& cluster() { return *cluster_; }

private:
    std::filesystem::path folder_;
    std::unique_ptr<db::Cluster> cluster_;
};

Server& server() {
    static Server value;
    return value;
}

/// A session apart from all databases that tests use.
std::unique_ptr<db::Connection> administration() {
    return std::make_unique<db::Connection>(
        patient(server().cluster().conninfo() + " dbname=postgres"));
}

std::atomic<int> databases_made = 0;

}  // namespace

db::Cluster& cluster() { return server().cluster(); }

db::Pool& shared_pool() {
    static db::Pool pool(patient(db::as_private_serving_role(server().cluster().conninfo())), 4);
    return pool;
}

Database::Database() {
    // A copy of a template that nobody is connected to.
    const auto admin = administration();
    static const bool template_made = [&] {
        admin->run_script("create database migrated");
        prepare(server().cluster(), "migrated");
        return true;
    }();
    if (!template_made) return;
    name_ = "test_" + std::to_string(++databases_made);
    admin->run_script("create database " + name_ + " template migrated");
    const std::string owner = server().cluster().conninfo() + " dbname=" + name_;
    conninfo_ = db::as_private_serving_role(owner);
    pool_ = std::make_unique<db::Pool>(patient(conninfo_), 8);
    owner_pool_ = std::make_unique<db::Pool>(patient(owner), 2);
}

Database::~Database() {
    pool_.reset();
    owner_pool_.reset();
    administration()->run_script("drop database if exists " + name_ + " with (force)");
}

}  // namespace referral::testing

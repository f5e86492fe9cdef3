#include "platform/jobs/runner.hpp"

#include <stdexcept>

#include "platform/log/log.hpp"

namespace referral::jobs {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds listen_wait{250};
constexpr milliseconds reconnect_wait{1'000};

}  // namespace

Runner::Runner(JobTable kinds, const std::vector<Schedule>& schedules, db::Pool& pool,
               Settings settings)
    : kinds_(std::move(kinds)),
      pool_(pool),
      settings_(std::move(settings)),
      tally_(kinds_),
      mean_ms_(kinds_.size()) {
    for (auto& mean : mean_ms_) mean = -1;
    for (const JobKind& kind : kinds_) names_.push_back(kind.name);
    for (const Schedule& schedule : schedules) {
        const auto cron = Cron::parse(schedule.cron);
        const auto zone = Timezone::parse(schedule.timezone);
        if (!cron || !zone || !find(schedule.kind))
            throw std::invalid_argument("the schedule " + schedule.name + " cannot be");
        timetables_.push_back({schedule, *cron, Zone(*zone)});
    }
}

Runner::~Runner() { stop(milliseconds(0)); }

void Runner::start() {
    for (std::size_t i = 0; i < settings_.workers; ++i) add_hand();
    keeping_ = std::thread([this] { keep(); });
    listening_ = std::thread([this] { listen(); });
}

void Runner::add_hand() {
    const Lock lock(mutex_);
    if (stopping_) return;
    Hand& hand = *hands_.emplace_back(std::make_unique<Hand>());
    hand.thread = std::thread([this, &hand] {
        work(hand);
        const Lock ending(mutex_);
        hand.ended = true;
        news_.notify_all();
    });
}

void Runner::stop(milliseconds patience) {
    if (stopping_.exchange(true)) return;
    std::vector<std::int64_t> left;
    {
        Lock lock(mutex_);
        news_.notify_all();
        news_.wait_for(lock, patience, [this] { return all_ended(); });
        for (const auto& hand : hands_)
            if (hand->lease != 0) left.push_back(hand->lease);
    }
    for (const std::int64_t lease : left) {
        log::warn("jobs_given_back", "a job was still at work when the time was over");
        try {
            give_back(pool_, lease, {}, settings_.clock());
        } catch (const db::Error& error) {
            outage_.begin(error.what());  // Others take the jobs when the lease is over.
        }
    }
    for (const auto& hand : hands_) hand->thread.join();
    {
        const Lock lock(mutex_);
        keeping_ends_ = true;
        news_.notify_all();
    }
    if (listening_.joinable()) listening_.join();
    if (keeping_.joinable()) keeping_.join();
}

bool Runner::all_ended() const {
    return std::ranges::all_of(hands_, [](const auto& hand) { return hand->ended; });
}

void Runner::wake() {
    const Lock lock(mutex_);
    ++wakes_;
    news_.notify_all();
}

std::optional<Queue> Runner::queue(std::string_view kind) const {
    const Lock lock(mutex_);
    const auto found = std::ranges::find(queues_, kind, &Queue::kind);
    return found == queues_.end() ? std::nullopt : std::optional(*found);
}

const JobKind* Runner::find(std::string_view name) const {
    const auto found = std::ranges::find(kinds_, name, &JobKind::name);
    return found == kinds_.end() ? nullptr : &*found;
}

void Runner::wait_for_news(std::uint64_t seen, milliseconds limit) {
    Lock lock(mutex_);
    news_.wait_for(lock, limit, [&] { return stopping_ || wakes_ != seen; });
}

void Runner::listen() {
    while (!stopping_) {
        try {
            const auto connection = pool_.connect(reconnect_wait);
            connection->run_script("listen jobs");
            wake();  // For what came before.
            while (!stopping_)
                if (connection->wait_for_notification(listen_wait)) wake();
        } catch (const db::Error& error) {
            outage_.begin(error.what());
            Lock lock(mutex_);
            news_.wait_for(lock, reconnect_wait, [this] { return stopping_.load(); });
        }
    }
}

void Runner::Outage::begin(const std::string& why) {
    if (!on_.exchange(true))
        log::warn("jobs_wait", "jobs wait for the database", {{"reason", why}});
}

void Runner::Outage::end() {
    if (on_.exchange(false)) log::info("jobs_go_on", "the database is back, and jobs go on");
}

}  // namespace referral::jobs

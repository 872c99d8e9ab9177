#include "realtime/hub.hpp"

#include <array>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <mutex>
#include <thread>

#include "realtime/switchboard.hpp"

namespace stoa::core::realtime {
namespace {

namespace net = boost::asio;

// For peers that do not answer the close frame.
constexpr std::chrono::milliseconds kStopLinger{500};

class ThreadedHub final : public Hub, private Alarms {
 public:
  ThreadedHub(HubOptions options, Backend& backend)
      : options_(options),
        backend_(backend),
        work_(net::make_work_guard(io_)),
        inbox_(
            std::make_shared<Inbox>([this] { net::post(io_, [this] { board_.handle(inbox_->take()); }); })),
        board_(options_, backend_, inbox_, *this, [this](Descriptor socket) {
          return make_link(io_, std::move(socket), options_.frame_limit);
        }) {
    timers_.reserve(kAlarms);
    for (std::size_t i = 0; i < kAlarms; ++i) timers_.emplace_back(io_);
  }

  ~ThreadedHub() override { stop(1012); }

  void start() override {
    const std::lock_guard lock(lifecycle_);
    if (stopped_ || thread_.joinable()) return;
    thread_ = std::thread([this, head = backend_.head()] { run(head); });
  }

  void stop(std::uint16_t close_code) override {
    const std::lock_guard lock(lifecycle_);
    if (std::exchange(stopped_, true)) return;
    if (!thread_.joinable()) return inbox_->close();
    net::post(io_, [this, close_code] {
      board_.handle(inbox_->take());
      inbox_->close();
      stopping_ = true;
      board_.close_all(close_code);
      for (auto& timer : timers_) timer.cancel();
      io_.stop();
    });
    thread_.join();
  }

  void accept(int fd, std::string request, std::string leftover, std::optional<Member> member) override {
    inbox_->push(Accept{Descriptor(fd), std::move(request), std::move(leftover), std::move(member)});
  }
  void publish(std::vector<EventPtr> events) override { inbox_->push(Publish{std::move(events)}); }
  void ephemeral(std::string channel, std::string type, std::string data,
                 std::string except_connection) override {
    inbox_->push(
        Ephemeral{std::move(channel), std::move(type), std::move(data), std::move(except_connection)});
  }
  void revoke(std::string channel, std::int64_t user_id) override {
    inbox_->push(Revoke{std::move(channel), user_id});
  }
  void withdraw(std::string prefix, std::string reason) override {
    inbox_->push(Withdraw{std::move(prefix), std::move(reason)});
  }
  void end_session(std::string session_id) override { inbox_->push(EndSession{std::move(session_id)}); }
  void recheck_user(std::int64_t user_id) override { inbox_->push(RecheckUser{user_id}); }
  Presence presence(std::int64_t user_id) const override { return board_.presence(user_id); }
  HubStats stats() const override { return board_.stats(); }
  std::size_t connections() const override { return board_.connections(); }

 private:
  void run(std::uint64_t head) {
    board_.begin(head);
    io_.run();
    work_.reset();
    io_.restart();
    // Ends early when the last link is gone.
    io_.run_for(kStopLinger);
    board_.abort_links();
    io_.restart();
    io_.poll();
  }

  void arm(Alarm alarm, std::chrono::milliseconds delay) override {
    const auto index = static_cast<std::size_t>(alarm);
    if (stopping_ || std::exchange(armed_[index], true)) return;
    timers_[index].expires_after(delay);
    timers_[index].async_wait([this, alarm, index](boost::system::error_code cancelled) {
      armed_[index] = false;
      if (!cancelled && !stopping_) board_.ring(alarm);
    });
  }

  const HubOptions options_;
  Backend& backend_;
  // One thread runs it; others only post.
  net::io_context io_{1};
  net::executor_work_guard<net::io_context::executor_type> work_;
  const std::shared_ptr<Inbox> inbox_;
  std::vector<net::steady_timer> timers_;
  std::array<bool, kAlarms> armed_{};
  bool stopping_ = false;  // [hub]
  Switchboard board_;

  std::mutex lifecycle_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<Hub> Hub::create(HubOptions options, Backend& backend) {
  return std::make_unique<ThreadedHub>(options, backend);
}

}  // namespace stoa::core::realtime

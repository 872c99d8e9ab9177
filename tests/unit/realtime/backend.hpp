// A host for the hub under test: the log in memory, answers from another thread, each kind of them to be held
// back.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "client.hpp"
#include "realtime/hub.hpp"

namespace stoa::core::realtime::testing {

class FakeBackend final : public Backend {
 public:
  enum Kind { kAuthenticate, kAuthorize, kOperate, kReplay, kKinds };

  FakeBackend();
  ~FakeBackend() override;

  // Appends to the log and publishes, as one step for all threads.
  std::uint64_t emit(std::vector<std::string> channels, std::string data = "{}",
                     std::string type = "test.event");
  // Appends without publishing: what is in the log before the hub starts.
  std::uint64_t append(std::vector<std::string> channels, std::string data = "{}");
  void trim(std::uint64_t until);
  std::vector<EventPtr> log();

  void set_verdict(const std::string& channel, Verdict verdict);
  void hold(Kind kind);
  // Waits until that many answers of the kind are held.
  void await_held(Kind kind, std::size_t count);
  // Gives the answers that are held, as they stand, and holds no more.
  void release(Kind kind);

  std::vector<std::pair<std::int64_t, Presence>> presence_log();
  std::vector<ClientOperation> operations();

  Hub* hub = nullptr;
  std::map<std::string, Member> tokens;  // set before the hub starts
  std::atomic<bool> replay_fails = false;
  std::atomic<std::size_t> replay_calls = 0;
  std::atomic<std::size_t> page_limit = 1'000'000;  // as of a storage that gives no more at once
  std::function<void()> before_replay_answer;       // set before the hub starts

  void authenticate(std::string token, std::function<void(std::optional<Member>)> done) override;
  void authorize(std::optional<Member> member, std::vector<std::string> channels,
                 std::function<void(std::vector<Verdict>)> done) override;
  void operate(ClientOperation operation, std::function<void(std::string problem)> done) override;
  void replay(std::vector<std::string> channels, std::uint64_t since, std::uint64_t until, std::size_t limit,
              std::function<void(Replay)> done) override;
  std::uint64_t head() override { return head_; }
  void presence_changed(std::int64_t user_id, Presence presence) override;
  std::string problem(std::string_view type, std::string_view detail) override;

 private:
  EventPtr add(std::vector<std::string> channels, std::string data, std::string type);
  void run(Kind kind, std::function<void()> job);
  void work();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<EventPtr> log_;
  std::atomic<std::uint64_t> head_ = 0;
  std::uint64_t trimmed_ = 0;
  std::map<std::string, Verdict> verdicts_;
  std::vector<std::pair<std::int64_t, Presence>> presences_;
  std::vector<ClientOperation> operations_;
  std::deque<std::function<void()>> jobs_;
  std::vector<std::function<void()>> held_[kKinds];
  bool holding_[kKinds] = {};
  bool over_ = false;
  std::mutex order_;  // of emit: log and hub see the same
  std::thread worker_;
};

inline Member member(std::int64_t user_id) {
  return {.user_id = user_id,
          .nickname = "user" + std::to_string(user_id),
          .role = "member",
          .session_id = "session" + std::to_string(user_id)};
}

// Waits at most 20 s.
inline bool eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

class HubTest : public ::testing::Test {
 protected:
  void start() {
    hub = Hub::create(options, backend);
    backend.hub = hub.get();
    hub->start();
  }
  void TearDown() override {
    if (hub) hub->stop(1012);
  }
  // Connected, welcome read.
  Client client(std::optional<Member> who = std::nullopt) {
    Client connected(*hub, std::move(who));
    connected.next("welcome");
    return connected;
  }
  Client client(std::int64_t user_id) { return client(member(user_id)); }
  // Connected and subscribed.
  Client subscriber(std::optional<Member> who, const std::string& channel) {
    Client connected = client(std::move(who));
    connected.send(R"({"id":1,"op":"subscribe","channels":[")" + channel + "\"]}");
    EXPECT_EQ(connected.next().op(), "ok");
    return connected;
  }

  HubOptions options;
  FakeBackend backend;
  std::unique_ptr<Hub> hub;
};

}  // namespace stoa::core::realtime::testing

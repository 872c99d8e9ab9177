// The hub without sockets: clients are numbers, their frames are kept until they are taken. The frames are
// those that browsers get.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "realtime/hub.hpp"

namespace stoa::core::testing {

class TestHub final : public realtime::Hub {
 public:
  explicit TestHub(realtime::Backend& backend) : backend_(backend) {}

  // ---- For the test [any-thread]
  int connect(std::optional<realtime::Member> member);
  void disconnect(int client);
  // The type of the problem that stands in the way ("forbidden"), or empty. With `since`, what the log holds
  // after it comes first.
  std::string subscribe(int client, const std::string& channel, std::optional<std::uint64_t> since);
  // The problem document of a refusal, or empty.
  std::string operate(int client, std::string op, const std::string& channel, std::string message);
  std::vector<std::string> take_frames(int client);
  std::vector<EventPtr> events() const;  // all that were emitted, in order

  // ---- For the host
  void start() override {}
  void stop(std::uint16_t close_code) override;
  void accept(int fd, std::string request, std::string leftover,
              std::optional<realtime::Member> member) override;
  void publish(std::vector<EventPtr> events) override;
  void ephemeral(std::string channel, std::string type, std::string data,
                 std::string except_connection) override;
  void revoke(std::string channel, std::int64_t user_id) override;
  void withdraw(std::string prefix, std::string reason) override;
  void end_session(std::string session_id) override;
  void recheck_user(std::int64_t user_id) override;
  realtime::Presence presence(std::int64_t user_id) const override;
  realtime::HubStats stats() const override;

 private:
  struct Client {
    std::optional<realtime::Member> member;
    std::set<std::string> channels;
    std::vector<std::string> frames;
  };
  static std::string connection_of(int client) { return "test-" + std::to_string(client); }
  void leave(Client& client, const std::string& channel, std::string_view reason);
  void deliver(Client& client, const Event& event, bool replay) const;

  realtime::Backend& backend_;
  mutable std::mutex mutex_;
  std::map<int, Client> clients_;
  std::vector<EventPtr> events_;
  int next_ = 1;
};

}  // namespace stoa::core::testing

#include "testing/test_hub.hpp"

#include <unistd.h>

#include <algorithm>
#include <future>

#include "realtime/frames.hpp"

namespace stoa::core::testing {

using realtime::Member;
using realtime::Verdict;

namespace {

constexpr std::size_t kReplay = 1'000;

std::string problem_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::allowed: return {};
    case Verdict::unauthenticated: return "unauthenticated";
    case Verdict::forbidden: return "forbidden";
    case Verdict::not_found: return "not-found";
    case Verdict::plugin_disabled: return "plugin-disabled";
  }
  return "forbidden";
}

// Waits for an answer that the backend gives on another thread.
template <class T, class F>
T answer_of(F&& ask) {
  auto promise = std::make_shared<std::promise<T>>();
  auto future = promise->get_future();
  ask([promise](T answer) { promise->set_value(std::move(answer)); });
  return future.get();
}

}  // namespace

int TestHub::connect(std::optional<Member> member) {
  std::lock_guard lock(mutex_);
  const int id = next_++;
  clients_[id].member = std::move(member);
  return id;
}

void TestHub::disconnect(int client) {
  std::lock_guard lock(mutex_);
  clients_.erase(client);
}

std::string TestHub::subscribe(int id, const std::string& channel, std::optional<std::uint64_t> since) {
  std::optional<Member> member;
  {
    std::lock_guard lock(mutex_);
    const auto client = clients_.find(id);
    if (client == clients_.end()) return "closed";
    member = client->second.member;
  }
  const auto verdicts = answer_of<std::vector<Verdict>>(
      [&](auto done) { backend_.authorize(member, {channel}, std::move(done)); });
  if (verdicts.at(0) != Verdict::allowed) return problem_of(verdicts[0]);
  realtime::Backend::Replay replay;
  if (since) {
    replay = answer_of<realtime::Backend::Replay>(
        [&](auto done) { backend_.replay({channel}, *since, backend_.head(), kReplay, std::move(done)); });
  }
  std::lock_guard lock(mutex_);
  const auto client = clients_.find(id);
  if (client == clients_.end()) return "closed";
  for (const EventPtr& event : replay.events) {
    const std::string_view shown[] = {channel};
    client->second.frames.push_back(realtime::event_frame(*event, shown, true));
  }
  client->second.channels.insert(channel);
  return {};
}

std::string TestHub::operate(int id, std::string op, const std::string& channel, std::string message) {
  realtime::ClientOperation operation;
  {
    std::lock_guard lock(mutex_);
    const auto client = clients_.find(id);
    if (client == clients_.end() || !client->second.channels.count(channel))
      return backend_.problem("malformed", "Join the channel first.");
    operation = {connection_of(id), client->second.member, std::move(op), channel, std::move(message)};
  }
  return answer_of<std::string>([&](auto done) { backend_.operate(std::move(operation), std::move(done)); });
}

std::vector<std::string> TestHub::take_frames(int client) {
  std::lock_guard lock(mutex_);
  const auto found = clients_.find(client);
  return found == clients_.end() ? std::vector<std::string>() : std::exchange(found->second.frames, {});
}

std::vector<EventPtr> TestHub::events() const {
  std::lock_guard lock(mutex_);
  return events_;
}

void TestHub::stop(std::uint16_t) {
  std::lock_guard lock(mutex_);
  clients_.clear();
}

void TestHub::accept(int fd, std::string, std::string, std::optional<Member>) {
  ::close(fd);
}

void TestHub::deliver(Client& client, const Event& event, bool replay) const {
  std::vector<std::string_view> shown;
  for (const std::string& channel : event.channels) {
    if (client.channels.count(channel)) shown.push_back(channel);
  }
  if (!shown.empty()) client.frames.push_back(realtime::event_frame(event, shown, replay));
}

void TestHub::publish(std::vector<EventPtr> events) {
  std::lock_guard lock(mutex_);
  for (const EventPtr& event : events) {
    events_.push_back(event);
    for (auto& [id, client] : clients_) deliver(client, *event, false);
  }
}

void TestHub::ephemeral(std::string channel, std::string type, std::string data, std::string except) {
  std::lock_guard lock(mutex_);
  for (auto& [id, client] : clients_) {
    if (connection_of(id) == except || !client.channels.count(channel)) continue;
    client.frames.push_back(realtime::ephemeral_frame(channel, type, data));
  }
}

void TestHub::leave(Client& client, const std::string& channel, std::string_view reason) {
  if (!client.channels.erase(channel)) return;
  const std::string gone[] = {channel};
  client.frames.push_back(realtime::unsubscribed_frame(gone, reason));
}

void TestHub::revoke(std::string channel, std::int64_t user_id) {
  std::lock_guard lock(mutex_);
  for (auto& [id, client] : clients_) {
    if (client.member && client.member->user_id == user_id) leave(client, channel, "forbidden");
  }
}

void TestHub::withdraw(std::string prefix, std::string reason) {
  std::lock_guard lock(mutex_);
  for (auto& [id, client] : clients_) {
    const std::set<std::string> joined = client.channels;
    for (const std::string& channel : joined) {
      if (channel.rfind(prefix, 0) == 0) leave(client, channel, reason);
    }
  }
}

void TestHub::end_session(std::string session_id) {
  std::lock_guard lock(mutex_);
  for (auto client = clients_.begin(); client != clients_.end();) {
    const bool ends = client->second.member && client->second.member->session_id == session_id;
    client = ends ? clients_.erase(client) : std::next(client);
  }
}

void TestHub::recheck_user(std::int64_t user_id) {
  std::map<int, Client> affected;
  {
    std::lock_guard lock(mutex_);
    for (const auto& [id, client] : clients_) {
      if (client.member && client.member->user_id == user_id) affected.emplace(id, client);
    }
  }
  for (const auto& [id, client] : affected) {
    const std::vector<std::string> joined(client.channels.begin(), client.channels.end());
    backend_.authorize(client.member, joined, [this, id = id, joined](std::vector<Verdict> verdicts) {
      std::lock_guard lock(mutex_);
      const auto again = clients_.find(id);
      for (std::size_t i = 0; again != clients_.end() && i < joined.size(); ++i) {
        if (verdicts[i] != Verdict::allowed) leave(again->second, joined[i], problem_of(verdicts[i]));
      }
    });
  }
}

realtime::Presence TestHub::presence(std::int64_t user_id) const {
  std::lock_guard lock(mutex_);
  const bool here = std::any_of(clients_.begin(), clients_.end(), [&](const auto& entry) {
    return entry.second.member && entry.second.member->user_id == user_id;
  });
  return here ? realtime::Presence::online : realtime::Presence::offline;
}

realtime::HubStats TestHub::stats() const {
  std::lock_guard lock(mutex_);
  realtime::HubStats stats;
  stats.connections = clients_.size();
  return stats;
}

}  // namespace stoa::core::testing

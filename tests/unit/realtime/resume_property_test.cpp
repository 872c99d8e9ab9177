// Clients that come and go at random while events are published see each event of their channels exactly
// once.
#include <map>
#include <random>

#include "backend.hpp"

namespace stoa::core::realtime::testing {
namespace {

using Resume = HubTest;

constexpr int kEvents = 1500;
constexpr std::uint64_t kEnd = kEvents + 1;

std::vector<std::string> channels_of(std::uint64_t user) {
  return {"posts", "chat:" + std::to_string(user % 3), "user:" + std::to_string(user)};
}

using Sightings = std::map<std::string, std::vector<std::uint64_t>>;

// One member's life; what it has seen, in order.
class Life {
 public:
  Life(Hub& hub, std::uint64_t user, std::uint32_t seed) : hub_(hub), user_(user), random_(seed) {}

  void run() {
    while (cursor_ < kEnd) connection();
  }
  const Sightings& seen() const { return seen_; }
  int connections() const { return connections_; }

 private:
  // Reads for a while from a new connection, resuming at the cursor. What comes before the ok may come in any
  // order between replayed and live ones; behind it everything rises.
  void connection() {
    ++connections_;
    Client client(hub_, member(static_cast<std::int64_t>(user_)));
    std::string names;
    for (const std::string& channel : channels_of(user_))
      names += (names.empty() ? "\"" : ",\"") + channel + '"';
    client.send(R"({"id":1,"op":"subscribe","channels":[)" + names + R"(],"since":)" +
                std::to_string(cursor_) + "}");
    Sightings early;
    std::uint64_t replayed = 0;
    std::uint64_t live = 0;
    bool joined = false;
    const bool patient = std::uniform_int_distribution(0, 2)(random_) == 0;
    int reads = patient ? 5000 : std::uniform_int_distribution(1, 400)(random_);
    // Without an ok what came counts for nothing, as for a client that stores nothing until then.
    while (reads-- > 0 && (!joined || cursor_ < kEnd)) {
      const Message message = client.next();
      if (message.op() == "ok") {
        joined = true;
        ASSERT_GE(message.seq(), replayed);
        cursor_ = std::max({cursor_, message.seq(), live});
        for (auto& [channel, numbers] : early) {
          std::sort(numbers.begin(), numbers.end());
          seen_[channel].insert(seen_[channel].end(), numbers.begin(), numbers.end());
        }
      }
      ASSERT_NE(message.op(), "resync");
      if (message.op() != "event") continue;
      const std::uint64_t seq = message.seq();
      auto& order = message.replayed() ? replayed : live;
      ASSERT_GT(seq, order);
      order = seq;
      for (const std::string& channel : message.channels()) (joined ? seen_ : early)[channel].push_back(seq);
      if (!joined) continue;
      ASSERT_FALSE(message.replayed());
      cursor_ = std::max(cursor_, seq);
    }
  }

  Hub& hub_;
  const std::uint64_t user_;
  std::mt19937 random_;
  std::uint64_t cursor_ = 0;
  Sightings seen_;
  int connections_ = 0;
};

TEST_F(Resume, NothingIsLostAndNothingComesTwice) {
  const auto seed = std::random_device{}();
  RecordProperty("seed", std::to_string(seed));
  SCOPED_TRACE("seed " + std::to_string(seed));
  options.replay_limit = 10 * kEvents;
  options.backlog_messages = 100'000;
  options.backlog_bytes = 100'000'000;
  options.frames_per_10s = 0;
  backend.page_limit = 50;
  start();
  std::vector<Life> lives;
  for (std::uint32_t user = 1; user <= 6; ++user) lives.emplace_back(*hub, user, seed + user);
  std::vector<std::thread> threads;
  for (Life& life : lives) threads.emplace_back([&life] { life.run(); });
  std::mt19937 random(seed);
  for (int i = 0; i < kEvents; ++i) {
    std::vector<std::string> channels;
    const auto pick = [&](int below) { return std::uniform_int_distribution(0, below - 1)(random); };
    if (pick(3) == 0) channels.push_back("posts");
    if (pick(2) == 0) channels.push_back("chat:" + std::to_string(pick(3)));
    if (pick(3) == 0) channels.push_back("user:" + std::to_string(1 + pick(6)));
    backend.emit(std::move(channels), R"({"n":)" + std::to_string(i) + "}");
    if (pick(20) == 0) std::this_thread::sleep_for(std::chrono::milliseconds(pick(5)));
  }
  ASSERT_EQ(backend.emit({"posts"}), kEnd);
  for (std::thread& thread : threads) thread.join();
  const auto log = backend.log();
  int connections = 0;
  for (std::uint64_t user = 1; user <= lives.size(); ++user) {
    Sightings expected;
    for (const std::string& own : channels_of(user)) {
      for (const EventPtr& event : log) {
        const auto& channels = event->channels;
        if (std::find(channels.begin(), channels.end(), own) != channels.end())
          expected[own].push_back(event->seq);
      }
    }
    EXPECT_EQ(lives[user - 1].seen(), expected) << "user " << user;
    connections += lives[user - 1].connections();
  }
  EXPECT_GT(connections, 6);
}

// The same with so little room that live events are forgotten and replayed, over and over.
TEST_F(Resume, SoIsItWithoutRoomToHold) {
  options.replay_limit = 10 * kEvents;
  options.backlog_messages = 3;
  backend.page_limit = 20;
  for (int i = 0; i < 300; ++i) backend.append({"posts", "user:1"});
  backend.before_replay_answer = [this] {
    for (int i = 0; i < 5 && backend.head() < 700; ++i) backend.emit({"posts", "user:1"});
  };
  start();
  Client client(*hub, member(1));
  client.next("welcome");
  client.send(R"({"id":1,"op":"subscribe","channels":["posts","user:1"],"since":0})");
  std::uint64_t last = 0;
  bool joined = false;
  while (last < 700 || !joined) {
    const Message message = client.next();
    ASSERT_NE(message.op(), "resync");
    if (message.op() == "ok") {
      joined = true;
      while (backend.head() < 700) backend.emit({"posts", "user:1"});
    }
    if (message.op() != "event") continue;
    ASSERT_EQ(message.seq(), last + 1);
    last = message.seq();
  }
  EXPECT_TRUE(client.quiet());
}

}  // namespace
}  // namespace stoa::core::realtime::testing

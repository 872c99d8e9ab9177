#include "backend.hpp"

namespace stoa::core::realtime::testing {
namespace {

class Replays : public HubTest {
 protected:
  void fill(int events, const std::string& channel) {
    for (int i = 0; i < events; ++i) backend.append({channel});
  }
  static std::string subscribe(const std::string& channels, std::uint64_t since) {
    return R"({"id":7,"op":"subscribe","channels":[)" + channels + R"(],"since":)" + std::to_string(since) +
           "}";
  }
  // Replayed events from `from` to `to`, then the ok.
  void expect_replay(Client& open, std::uint64_t from, std::uint64_t to) {
    for (auto seq = from; seq <= to; ++seq) {
      const Message event = open.next();
      ASSERT_EQ(event.op(), "event");
      EXPECT_EQ(event.seq(), seq);
      EXPECT_TRUE(event.replayed());
    }
    const Message ok = open.next();
    EXPECT_EQ(ok.op(), "ok");
    EXPECT_EQ(ok.number("id"), 7);
    EXPECT_GE(ok.seq(), to);
  }
};

TEST_F(Replays, WhatCameSinceThenComesBeforeTheOk) {
  fill(5, "posts");
  fill(3, "other");
  start();
  Client open = client();
  open.send(subscribe(R"("posts")", 2));
  expect_replay(open, 3, 5);
  const auto seq = backend.emit({"posts"});
  const Message live = open.next();
  EXPECT_EQ(live.seq(), seq);
  EXPECT_FALSE(live.replayed());
  open.send(subscribe(R"("posts")", seq));
  expect_replay(open, 1, 0);
  open.send(subscribe(R"("posts")", 4));
  EXPECT_EQ(open.next().seq(), 5U);
  expect_replay(open, seq, seq);
}

TEST_F(Replays, ReplayedEventsCarryTheirJoinedChannels) {
  backend.append({"a", "b", "c"});
  start();
  Client open = client();
  open.send(subscribe(R"("a","c")", 0));
  EXPECT_EQ(open.next().channels(), (std::vector<std::string>{"a", "c"}));
}

TEST_F(Replays, PagesFollowOneAnother) {
  options.replay_limit = 300;
  backend.page_limit = 7;
  fill(300, "posts");
  start();
  Client open = client();
  open.send(subscribe(R"("posts")", 0));
  expect_replay(open, 1, 300);
  EXPECT_GE(backend.replay_calls, 300U / 7);
}

TEST_F(Replays, TooMuchIsAResync) {
  fill(1001, "posts");
  start();
  for (const std::size_t page : {1'000'000, 100}) {
    backend.page_limit = page;
    Client open = client();
    open.send(subscribe(R"("posts")", 0));
    const Message resync = open.next("resync");
    EXPECT_EQ(resync.channels(), std::vector<std::string>{"posts"});
    const Message ok = open.next();
    EXPECT_EQ(ok.op(), "ok");
    EXPECT_EQ(ok.seq(), 1001U);
    EXPECT_TRUE(open.quiet());
    open.send(subscribe(R"("posts")", 1));
    expect_replay(open, 2, 1001);
  }
}

TEST_F(Replays, TrimmedIsAResync) {
  fill(10, "posts");
  backend.trim(5);
  start();
  Client open = client();
  open.send(subscribe(R"("posts")", 4));
  EXPECT_EQ(open.next().op(), "resync");
  EXPECT_EQ(open.next().op(), "ok");
  const auto seq = backend.emit({"posts"});
  EXPECT_EQ(open.next().seq(), seq);
}

TEST_F(Replays, FailedIsAnErrorAndNothingIsJoined) {
  fill(3, "posts");
  start();
  Client open = subscriber(std::nullopt, "category:1");
  backend.replay_fails = true;
  backend.hold(FakeBackend::kReplay);
  open.send(subscribe(R"("posts")", 0));
  backend.await_held(FakeBackend::kReplay, 1);
  const auto seq = backend.emit({"category:1", "posts"});
  backend.release(FakeBackend::kReplay);
  EXPECT_EQ(open.next().problem(), "overloaded");
  const Message held = open.next();
  EXPECT_EQ(held.seq(), seq);
  EXPECT_EQ(held.channels(), std::vector<std::string>{"category:1"});
  backend.emit({"posts"});
  EXPECT_TRUE(open.quiet());
}

TEST_F(Replays, LiveEventsWaitForTheReplay) {
  fill(3, "posts");
  start();
  Client open = subscriber(member(1), "category:1");
  backend.hold(FakeBackend::kReplay);
  open.send(subscribe(R"("posts")", 0));
  backend.await_held(FakeBackend::kReplay, 1);
  backend.emit({"posts"});
  backend.emit({"category:1"});
  backend.emit({"category:1", "posts", "user:1"});
  backend.release(FakeBackend::kReplay);
  expect_replay(open, 1, 3);
  for (std::uint64_t seq = 4; seq <= 6; ++seq) {
    const Message live = open.next();
    EXPECT_EQ(live.seq(), seq);
    EXPECT_FALSE(live.replayed());
  }
  EXPECT_TRUE(open.quiet());
}

TEST_F(Replays, WhatIsTooMuchToHoldIsReplayedToo) {
  options.backlog_messages = 10;
  fill(3, "posts");
  start();
  Client open = subscriber(member(1), "category:1");
  backend.hold(FakeBackend::kReplay);
  open.send(subscribe(R"("posts")", 0));
  backend.await_held(FakeBackend::kReplay, 1);
  for (int i = 0; i < 50; ++i) backend.emit({i % 2 ? "posts" : "category:1"});
  Client bystander = subscriber(std::nullopt, "posts");
  backend.release(FakeBackend::kReplay);
  expect_replay(open, 1, 53);
  const auto seq = backend.emit({"posts"});
  EXPECT_EQ(open.next().seq(), seq);
}

TEST_F(Replays, AutomaticChannelsAreReplayedUpToTheirBeginning) {
  backend.append({"user:1"});
  backend.append({"system"});
  start();
  Client open = client(1);
  const auto live = backend.emit({"user:1"});
  EXPECT_EQ(open.next().seq(), live);
  open.send(subscribe(R"("user:1","system")", 0));
  expect_replay(open, 1, 2);
  // Asked for again, it is all of it.
  open.send(subscribe(R"("user:1","system")", 0));
  expect_replay(open, 1, 3);
}

TEST_F(Replays, ACursorSlightlyAheadIsNoGap) {
  fill(3, "posts");
  start();
  Client open = client();
  const auto next = backend.append({"posts"});
  // The head is known to the backend, the hub has not been told.
  open.send(subscribe(R"("posts")", next));
  EXPECT_EQ(open.next().op(), "ok");
  hub->publish({backend.log().back()});
  const auto seq = backend.emit({"posts"});
  EXPECT_EQ(open.next().seq(), seq);
}

TEST_F(Replays, ACursorAheadOfTheLogWaitsForIt) {
  fill(3, "posts");
  start();
  Client open = subscriber(std::nullopt, "other");
  open.send(subscribe(R"("posts")", 5));
  EXPECT_TRUE(eventually([&] { return hub->stats().channels == 3; }));
  backend.append({"posts", "other"});
  backend.append({"posts"});
  backend.append({"posts"});
  const auto log = backend.log();
  hub->publish({log.begin() + 3, log.end()});
  EXPECT_EQ(open.next().op(), "ok");
  const Message known = open.next();
  EXPECT_EQ(known.seq(), 4U);
  EXPECT_EQ(known.channels(), std::vector<std::string>{"other"});
  EXPECT_EQ(open.next().seq(), 6U);
}

TEST_F(Replays, ACursorOfAnotherLogIsAResync) {
  options.heartbeat = std::chrono::milliseconds(1000);
  fill(3, "posts");
  start();
  Client open = client();
  open.send(subscribe(R"("posts")", 500));
  EXPECT_EQ(open.next().op(), "resync");
  EXPECT_EQ(open.next().op(), "ok");
  const auto seq = backend.emit({"posts"});
  EXPECT_EQ(open.next().seq(), seq);
}

TEST_F(Replays, ASlowReaderOfAReplayIsNotDropped) {
  options.backlog_messages = 20;
  options.backlog_bytes = 20'000;
  const std::string data = R"({"text":")" + std::string(5000, 'x') + "\"}";
  for (int i = 0; i < 900; ++i) backend.append({"posts"}, data);
  start();
  const auto [server, peer] = make_sockets(8192, 8192);
  Client slow(peer);
  hub->accept(server, upgrade_request(), {}, std::nullopt);
  slow.read_head();
  slow.next("welcome");
  slow.send(subscribe(R"("posts")", 0));
  EXPECT_TRUE(eventually([&] { return backend.replay_calls > 0; }));
  Client quick = client();
  for (int i = 0; i < 60; ++i) backend.emit({"posts"});
  EXPECT_TRUE(quick.quiet());
  std::uint64_t last = 0;
  while (last < 960) {
    const Message event = slow.next();
    if (event.op() == "ok") continue;
    ASSERT_EQ(event.seq(), last + 1);
    last = event.seq();
  }
  EXPECT_EQ(hub->stats().dropped_slow, 0U);
}

}  // namespace
}  // namespace stoa::core::realtime::testing

// What the hub does to clients that break the rules, are too fast, too slow or gone.
#include <sys/socket.h>

#include "backend.hpp"

namespace stoa::core::realtime::testing {
namespace {

using Limits = HubTest;

TEST_F(Limits, UnreadableMessagesCloseWith4400) {
  start();
  for (const std::string& bytes :
       {text_frame("{"), text_frame("[]"), text_frame("1"), text_frame(R"({"id":1})"), text_frame(""),
        text_frame(R"({"op":"ping","op":"ping"})"), client_frame(2, R"({"op":"ping"})")}) {
    Client open = client();
    open.send_bytes(bytes);
    EXPECT_EQ(open.close_code(), 4400);
    open.read_all();
  }
}

TEST_F(Limits, BrokenFramesCloseAsTheProtocolSays) {
  start();
  const auto code_of = [this](const std::string& bytes) {
    Client open = client();
    open.send_bytes(bytes);
    return open.close_code();
  };
  EXPECT_EQ(code_of(client_frame(1, R"({"op":"ping"})", true, false)), 1002);
  EXPECT_EQ(code_of(client_frame(3, "x")), 1002);
  EXPECT_EQ(code_of(client_frame(0, "x")), 1002);
  EXPECT_EQ(code_of(client_frame(9, std::string(126, 'x'))), 1002);
  EXPECT_EQ(code_of(client_frame(9, "x", false)), 1002);
  EXPECT_EQ(code_of(text_frame("{\"op\":\"\xff\"}")), 1007);
  EXPECT_EQ(code_of(client_frame(8, "\x03\xe8")), 1000);
  EXPECT_EQ(code_of(client_frame(8, "")), 1000);
  EXPECT_TRUE(eventually([&] { return hub->stats().connections == 0; }));
}

TEST_F(Limits, FragmentsMayHaveControlFramesBetween) {
  start();
  Client open = client();
  open.send_bytes(client_frame(1, R"({"id":8,)", false) + client_frame(9, "abc") +
                  client_frame(0, R"("op":)", false) + client_frame(10, "") + client_frame(0, "", false) +
                  client_frame(0, R"("ping"})"));
  EXPECT_EQ(open.next().number("id"), 8);
  EXPECT_EQ(open.pongs(), std::vector<std::string>{"abc"});
  std::string slowly = text_frame(R"({"id":9,"op":"ping"})");
  for (const char byte : slowly) open.send_bytes({&byte, 1});
  EXPECT_EQ(open.next().number("id"), 9);
}

TEST_F(Limits, LongMessagesCloseWith4413) {
  options.frame_limit = 1000;
  start();
  const auto padded = [](std::size_t size) {
    std::string text = R"({"id":1,"op":"ping","x":")";
    return text + std::string(size - text.size() - 2, 'x') + "\"}";
  };
  Client fitting = client();
  fitting.send(padded(1000));
  EXPECT_EQ(fitting.next().number("id"), 1);
  Client open = client();
  open.send(padded(1001));
  EXPECT_EQ(open.close_code(), 4413);
  Client fragments = client();
  fragments.send_bytes(client_frame(1, padded(600), false));
  fragments.send_bytes(client_frame(0, padded(600), false));
  EXPECT_EQ(fragments.close_code(), 4413);
  Client huge = client();
  huge.send(padded(300'000));
  EXPECT_EQ(huge.close_code(), 4413);
}

TEST_F(Limits, TooManyFramesCloseWith4429) {
  options.frames_per_10s = 10;
  start();
  Client open = client();
  for (int i = 0; i < 10; ++i) open.send(R"({"op":"ping"})");
  for (int i = 0; i < 10; ++i) EXPECT_EQ(open.next().op(), "ok");
  open.send(R"({"op":"ping"})");
  EXPECT_EQ(open.close_code(), 4429);
  Client pinging = client();
  for (int i = 0; i < 11; ++i) pinging.send_bytes(client_frame(9, "x"));
  EXPECT_EQ(pinging.close_code(), 4429);
}

TEST_F(Limits, ZeroFramesMeansNoLimit) {
  options.frames_per_10s = 0;
  start();
  Client open = client();
  for (int i = 0; i < 1000; ++i) open.send(R"({"op":"ping"})");
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(open.next().op(), "ok");
}

TEST_F(Limits, SilentPeersAreClosedWith4408) {
  options.heartbeat = std::chrono::milliseconds(60);
  start();
  Client silent = client();
  silent.mute();
  EXPECT_EQ(silent.close_code(), 4408);
  EXPECT_GE(silent.pings(), 1);
}

TEST_F(Limits, AnsweringPeersStay) {
  options.heartbeat = std::chrono::milliseconds(1000);
  start();
  Client open = client();
  EXPECT_TRUE(eventually([&] {
    EXPECT_FALSE(open.poll());
    return open.pings() >= 2;
  }));
  EXPECT_TRUE(open.quiet());
}

TEST_F(Limits, ASlowReaderIsDroppedAlone) {
  start();
  const auto [server, peer] = make_sockets(8192, 8192);
  Client slow(peer);
  hub->accept(server, upgrade_request(), {}, std::nullopt);
  slow.read_head();
  slow.next("welcome");
  slow.send(R"({"id":1,"op":"subscribe","channels":["posts"]})");
  EXPECT_EQ(slow.next().op(), "ok");
  Client quick = subscriber(std::nullopt, "posts");
  std::uint64_t last = 0;
  const std::string data = R"({"text":")" + std::string(2000, 'x') + "\"}";
  EXPECT_TRUE(eventually([&] {
    last = backend.emit({"posts"}, data);
    EXPECT_EQ(quick.next().seq(), last);
    return hub->stats().dropped_slow > 0;
  }));
  EXPECT_EQ(hub->stats().dropped_slow, 1U);
  EXPECT_TRUE(quick.quiet());
  EXPECT_TRUE(eventually([&] { return hub->stats().connections == 1; }));
  // What it does read is whole, in order, and ends with the code, if with anything.
  std::uint64_t before = 0;
  try {
    for (;;) {
      const auto seq = slow.next("event").seq();
      EXPECT_EQ(seq, before + 1);
      before = seq;
    }
  } catch (const std::exception&) {
  }
  EXPECT_GT(before, 0U);
  const int code = slow.close_code();
  EXPECT_TRUE(code == 4429 || code == 0) << code;
}

TEST_F(Limits, EphemeralMessagesAreLostFirst) {
  options.backlog_messages = 50;
  start();
  const auto [server, peer] = make_sockets(8192, 8192);
  Client slow(peer);
  hub->accept(server, upgrade_request(), {}, std::nullopt);
  slow.read_head();
  slow.send(R"({"id":1,"op":"subscribe","channels":["posts"]})");
  slow.next("ok");
  const std::string data = R"({"text":")" + std::string(2000, 'x') + "\"}";
  constexpr int kMany = 20'000;
  for (int i = 0; i < kMany; ++i) hub->ephemeral("posts", "test.noise", data, "");
  const auto seq = backend.emit({"posts"});
  EXPECT_TRUE(eventually([&] { return hub->stats().delivered == kMany + 1; }));
  int noise = 0;
  for (;;) {
    const Message message = slow.next();
    if (message.op() == "event") {
      EXPECT_EQ(message.seq(), seq);
      break;
    }
    ++noise;
  }
  EXPECT_LT(noise, kMany);
  EXPECT_TRUE(slow.quiet());
  EXPECT_EQ(hub->stats().dropped_slow, 0U);
}

TEST_F(Limits, PongsEnterBetweenFrames) {
  options.frames_per_10s = 0;
  options.backlog_messages = 1'000'000;
  options.backlog_bytes = 1'000'000'000;
  start();
  const auto [server, peer] = make_sockets(8192, 8192);
  Client open(peer);
  hub->accept(server, upgrade_request(), {}, std::nullopt);
  open.read_head();
  open.send(R"({"id":1,"op":"subscribe","channels":["posts"]})");
  open.next("ok");
  const std::string data = R"({"text":")" + std::string(5000, 'x') + "\"}";
  for (int i = 0; i < 200; ++i) {
    backend.emit({"posts"}, data);
    if (i % 2 == 0) open.send_bytes(client_frame(9, std::to_string(i)));
  }
  for (std::uint64_t i = 1; i <= 200; ++i) EXPECT_EQ(open.next("event").seq(), i);
  EXPECT_TRUE(open.quiet());
  ASSERT_EQ(open.pongs().size(), 100U);
  EXPECT_EQ(open.pongs()[99], "198");
}

TEST_F(Limits, ResetsAreForgotten) {
  start();
  for (int i = 0; i < 20; ++i) {
    Client open = subscriber(member(i), "posts");
    const linger now{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(open.fd(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
    open.disconnect();
    backend.emit({"posts"});
  }
  EXPECT_TRUE(eventually([&] { return hub->stats().connections == 0 && hub->stats().channels == 0; }));
}

}  // namespace
}  // namespace stoa::core::realtime::testing

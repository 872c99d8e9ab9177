// What a well-behaved client sees.
#include <fcntl.h>

#include "edge.hpp"

namespace stoa::core::http::testing {

TEST_F(EdgeTest, AnswersWithItsFields) {
  start();
  Client client(port());
  client.send(get("/a?b"));
  const auto answer = client.answer();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "/a?b");
  EXPECT_EQ(answer.field("Connection"), "keep-alive");
  EXPECT_EQ(answer.field("X-Request-Id").size(), 16u);
  EXPECT_TRUE(answer.field("Server-Timing").starts_with("total;dur="));
  EXPECT_TRUE(answer.field("Date").ends_with(" GMT"));
  EXPECT_EQ(answer.field("Server"), "");
  client.send(get("/b"));
  const auto second = client.answer();
  EXPECT_EQ(second.body, "/b");
  EXPECT_NE(second.field("X-Request-Id"), answer.field("X-Request-Id"));
  client.send(get("/peer"));
  EXPECT_EQ(client.answer().body, "127.0.0.1");
  EXPECT_EQ(server_->stats().requests, 3u);
  EXPECT_EQ(server_->stats().connections, 1u);
}

TEST_F(EdgeTest, LeavesOutBodiesThatDoNotBelong) {
  start();
  Client client(port());
  client.send("HEAD /abc HTTP/1.1\r\nHost: test\r\n\r\n" + get("/nothing") + get("/end"));
  const auto head = client.answer(true);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.field("Content-Length"), "4");
  const auto nothing = client.answer();
  EXPECT_EQ(nothing.status, 204);
  EXPECT_EQ(nothing.field("Content-Length"), "");
  EXPECT_EQ(client.answer().body, "/end");
}

TEST_F(EdgeTest, FollowsConnectionSemantics) {
  start();
  const auto connection_of = [this](const std::string& request, bool closes) {
    Client client(port());
    client.send(request);
    const auto answer = client.answer();
    EXPECT_EQ(answer.status, 200) << request;
    if (closes) {
      EXPECT_TRUE(client.at_end()) << request;
    } else {
      client.send(get("/next"));
      EXPECT_EQ(client.answer().body, "/next") << request;
    }
    return answer.field("Connection");
  };
  EXPECT_EQ(connection_of(get("/"), false), "keep-alive");
  EXPECT_EQ(connection_of(get("/", "Connection: close\r\n"), true), "close");
  EXPECT_EQ(connection_of(get("/close"), true), "close");
  EXPECT_EQ(connection_of("GET / HTTP/1.0\r\n\r\n", true), "close");
  EXPECT_EQ(connection_of("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", false), "keep-alive");
}

TEST_F(EdgeTest, KeepsOrderOfPipelinedRequests) {
  start();
  Client client(port());
  std::string requests;
  std::vector<std::string> expected;
  for (int i = 0; i < 200; ++i) {
    const auto path = (i % 7 == 3 ? "/late?" : "/now?") + std::to_string(i);
    requests += i % 5 == 4 ? post("/echo", path) : get(path);
    expected.push_back(path);
  }
  client.send(requests);
  for (const auto& path : expected) ASSERT_EQ(client.answer().body, path);
  EXPECT_TRUE(eventually([&] { return server_->stats().pending == 0; }));
}

TEST_F(EdgeTest, StopsReadingWhileAnAnswerIsDue) {
  start();
  Client client(port());
  client.send(get("/hold") + get("/after"));
  ASSERT_TRUE(eventually([&] { return application_.held() == 1; }));
  EXPECT_EQ(application_.handled, 1);
  EXPECT_EQ(server_->stats().pending, 1u);
  client.send(get("/later"));
  EXPECT_EQ(ask(get("/other")).body, "/other");
  application_.release();
  EXPECT_EQ(client.answer().body, "/hold");
  EXPECT_EQ(client.answer().body, "/after");
  EXPECT_EQ(client.answer().body, "/later");
}

TEST_F(EdgeTest, ReadsBodies) {
  start();
  Client client(port());
  const std::string large(5'000'000, 'x');
  client.send(post("/size", large) + post("/echo", "small") + post("/echo", ""));
  EXPECT_EQ(client.answer().body, "5000000");
  EXPECT_EQ(client.answer().body, "small");
  EXPECT_EQ(client.answer().body, "");
  client.send("POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nspli");
  client.send("t\r\n5;x=y\r\n ting");
  client.send("\r\n0\r\nTrailer: 1\r\n\r\n" + get("/end"));
  EXPECT_EQ(client.answer().body, "split ting");
  EXPECT_EQ(client.answer().body, "/end");
}

TEST_F(EdgeTest, SendsLargeAnswers) {
  start();
  Client client(port());
  client.send(get("/big?3000000") + get("/big?5000") + get("/end"));
  EXPECT_EQ(client.answer().body, std::string(3'000'000, 'b'));
  EXPECT_EQ(client.answer().body, std::string(5'000, 'b'));
  EXPECT_EQ(client.answer().body, "/end");
}

TEST_F(EdgeTest, InvitesTheBodyOnlyWhenItWillBeRead) {
  start();
  Client client(port());
  const std::string expect = "Expect: 100-continue\r\n";
  client.send("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n" + expect + "\r\n");
  EXPECT_EQ(client.answer().status, 100);
  client.send("hello");
  EXPECT_EQ(client.answer().body, "hello");
  client.send(post("/echo", "at once", expect));
  EXPECT_EQ(client.answer().body, "at once");
  client.send("POST /small HTTP/1.1\r\nHost: test\r\nContent-Length: 17\r\n" + expect + "\r\n");
  const auto refused = client.answer();
  EXPECT_EQ(refused.status, 413);
  EXPECT_EQ(refused.field("Connection"), "close");
  EXPECT_EQ(ask(post("/echo", "x", "Expect: miracles\r\n")).status, 417);
}

TEST_F(EdgeTest, HandsOverWhatIsTooLarge) {
  start();
  EXPECT_EQ(ask(post("/small", std::string(16, 'a'))).body, std::string(16, 'a'));
  {
    Client client(port());
    client.send(post("/small", std::string(4'000'000, 'a')) + get("/smuggled"));
    const auto answer = client.answer();
    EXPECT_EQ(answer.status, 413);
    EXPECT_EQ(answer.body, "too large");
    EXPECT_EQ(answer.field("Connection"), "close");
    EXPECT_TRUE(client.at_end());
    EXPECT_FALSE(client.closed_by_reset());
  }
  Client client(port());
  client.send(
      "POST /small HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: "
      "chunked\r\n\r\n8\r\n12345678\r\n9\r\n123456789\r\n0\r\n\r\n" +
      get("/smuggled"));
  EXPECT_EQ(client.answer().status, 413);
  EXPECT_TRUE(client.at_end());
  EXPECT_EQ(application_.handled, 3);
}

TEST_F(EdgeTest, ContainsTheFaultsOfTheApplication) {
  start();
  Client client(port());
  client.send(get("/throw") + get("/drop") + get("/bad") + get("/fine"));
  for (int i = 0; i < 3; ++i) {
    const auto answer = client.answer();
    EXPECT_EQ(answer.status, 500);
    EXPECT_EQ(answer.body, "refused 500 " + answer.field("X-Request-Id"));
    EXPECT_EQ(answer.field("Set-Cookie"), "");
  }
  EXPECT_EQ(client.answer().body, "/fine");
  EXPECT_EQ(ask(post("/admit-throws", "x")).status, 500);
  EXPECT_EQ(server_->stats().pending, 0u);
}

TEST_F(EdgeTest, DetachesWebSockets) {
  start();
  const auto descriptors = [] {
    int open = 0;
    for (int i = 0; i < 1024; ++i) open += ::fcntl(i, F_GETFD) != -1;
    return open;
  };
  const int before = descriptors();
  const std::string upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n";
  for (int round = 0; round < 20; ++round) {
    Client client(port());
    client.send(get("/late") + get("/first") + get("/ws", upgrade) + "left");
    EXPECT_EQ(client.answer().body, "/late");
    EXPECT_EQ(client.answer().body, "/first");
    EXPECT_EQ(client.read(4), "left");
    for (int i = 0; i < 50; ++i) {
      const auto text = "echo " + std::to_string(i);
      client.send(text);
      ASSERT_EQ(client.read(text.size()), text);
    }
  }
  EXPECT_EQ(server_->stats().connections, 0u);
  EXPECT_EQ(server_->stats().pending, 0u);
  EXPECT_TRUE(eventually([&] { return descriptors() == before; }));
  EXPECT_EQ(ask(get("/ws")).status, 500) << "not asked for, so let go of";
}

}  // namespace stoa::core::http::testing

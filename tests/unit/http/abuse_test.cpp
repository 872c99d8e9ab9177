// What the edge makes of clients that are broken, slow or hostile.
#include "edge.hpp"

namespace stoa::core::http::testing {

TEST_F(EdgeTest, RefusesAndCloses) {
  start();
  const std::vector<std::pair<int, std::string>> cases = {
      {400, "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello"},
      {400, "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nhello"},
      {400, "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5abc\r\n\r\nhello"},
      {400, "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello"},
      {400,
       "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {400, "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x, chunked\r\n\r\n0\r\n\r\n"},
      {400, "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n"},
      {400, "GET /a H\r\nHost: a\r\n\r\n"},
      {400, "GET /a HTTP/1.1\r\nHost: a\r\nno colon\r\nX: y\r\n\r\n"},
      {400, "GET /a HTTP/1.1\r\nHost: a\r\nX: y\r\n folded\r\n\r\n"},
      {400, "GET /a HTTP/1.1\r\n\r\n"},
      {400, "GET /a HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"},
      {400, "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n"},
      {400, std::string("\x16\x03\x01\x02\x00\x01\x00", 7)},
      {414, "GET " + std::string(14'600, '/') + " HTTP/1.1\r\nHost: a\r\n\r\n"},
      {414, "GET " + std::string(200'000, '/')},
      {417, "GET /a HTTP/1.1\r\nHost: a\r\nExpect: b\r\n\r\n"},
      {431, "GET /a HTTP/1.1\r\nHost: a\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n"},
      {501, "TRACE /a HTTP/1.1\r\nHost: a\r\n\r\n"},
      {505, "GET /a HTTP/2.0\r\nHost: a\r\n\r\n"},
  };
  for (const auto& [status, request] : cases) {
    const auto shown = request.substr(0, 200);
    Client client(port());
    client.send(get("/before") + request + get("/smuggled"));
    EXPECT_EQ(client.answer().body, "/before") << shown;
    const auto answer = client.answer();
    EXPECT_EQ(answer.status, status) << shown;
    EXPECT_EQ(answer.field("Connection"), "close") << shown;
    EXPECT_EQ(answer.body, "refused " + std::to_string(status) + " " + answer.field("X-Request-Id"));
    EXPECT_TRUE(client.at_end()) << shown;
    EXPECT_FALSE(client.closed_by_reset()) << shown;
  }
  EXPECT_EQ(application_.handled, static_cast<int>(cases.size()));
}

// RFC 9110, 9.3.2: not even a refusal may have one.
TEST_F(EdgeTest, RefusesAHeadWithoutABody) {
  options_.header_timeout = options_.body_timeout = milliseconds(150);
  start();
  const std::vector<std::pair<int, std::string>> cases = {
      {400, "HEAD /a HTTP/1.1\r\n\r\n"},
      {408, "HEAD /a HTTP/1.1\r\nHost"},
      {408, "HEAD /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"},
      {400, "HEAD /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nnone\r\n\r\n"},
      {414, "HEAD /" + std::string(20'000, 'a')},
      {431, "\r\nHEAD /a HTTP/1.1\r\nX: " + std::string(20'000, 'a')},
  };
  for (const auto& [status, request] : cases) {
    const auto shown = request.substr(0, 80);
    Client client(port());
    client.send(request);
    const auto answer = client.answer(true);
    EXPECT_EQ(answer.status, status) << shown;
    EXPECT_NE(answer.field("Content-Length"), "0") << shown;
    EXPECT_EQ(client.read_to_end(), "") << shown;
  }
}

TEST_F(EdgeTest, LetsARefusedSenderReadTheAnswer) {
  start();
  Client client(port());
  client.send("POST /a HTTP/9.9\r\nHost: a\r\n\r\n");
  const std::string more(1 << 20, 'x');
  for (int i = 0; i < 8; ++i) EXPECT_TRUE(client.send(more));
  EXPECT_EQ(client.answer().status, 505);
}

TEST_F(EdgeTest, NeverGivesOneClientTheAnswerOfAnother) {
  start();
  constexpr int kClients = 4, kRounds = 600;
  std::atomic<int> foreign{0}, answered{0};
  std::vector<std::thread> clients;
  for (int c = 0; c < kClients; ++c) {
    clients.emplace_back([&, c] {
      for (int i = 0; i < kRounds; ++i) {
        const auto target = (i % 2 ? "/late?" : "/now?") + std::to_string(c) + "-" + std::to_string(i);
        Client client(port());
        client.send(get(target));
        if (i % 3 == 0) continue;  // gone before its answer
        if (i % 3 == 1) {
          client.reset();
          continue;
        }
        const auto answer = client.answer();
        answered += answer.status == 200;
        foreign += answer.body != target;
      }
    });
  }
  for (auto& client : clients) client.join();
  EXPECT_EQ(foreign, 0);
  EXPECT_EQ(answered, kClients * kRounds / 3);
  EXPECT_TRUE(eventually([&] { return server_->stats().connections == 0 && server_->stats().pending == 0; }));
}

TEST_F(EdgeTest, ServesOthersBesideASlowReader) {
  options_.io_threads = 1;
  start();
  Client slow(port(), 4096);
  slow.send(get("/big?8000000") + get("/big?8000000") + get("/after"));
  ASSERT_TRUE(eventually([&] { return application_.handled >= 1; }));
  Client other(port());
  for (int i = 0; i < 200; ++i) {
    other.send(get("/fast"));
    ASSERT_EQ(other.answer().body, "/fast");
  }
  EXPECT_LE(application_.handled, 202) << "no further answers are made for a reader that is behind";
  EXPECT_EQ(slow.answer().body.size(), 8'000'000u);
  EXPECT_EQ(slow.answer().body.size(), 8'000'000u);
  EXPECT_EQ(slow.answer().body, "/after");
}

TEST_F(EdgeTest, ASlowReaderDoesNotSpin) {
  options_.io_threads = 1;
  start();
  Client slow(port(), 4096);
  slow.send(get("/big?8000000"));
  ASSERT_TRUE(eventually([&] { return application_.handled == 1; }));
  const auto cpu = [] {
    timespec time{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  };
  const auto before = cpu();
  std::this_thread::sleep_for(milliseconds(400));
  EXPECT_LT(cpu() - before, milliseconds(200));
}

TEST_F(EdgeTest, ResetsAReaderThatHasStopped) {
  options_.write_timeout = milliseconds(150);
  start();
  Client client(port(), 4096);
  client.send(get("/big?8000000"));
  EXPECT_TRUE(eventually([&] { return application_.handled == 1 && server_->stats().connections == 0; }));
  client.read_to_end();
  EXPECT_TRUE(client.closed_by_reset());
}

TEST_F(EdgeTest, TimesOutSlowSenders) {
  options_.header_timeout = milliseconds(150);
  options_.body_timeout = milliseconds(150);
  start();
  Client silent(port()), drip(port()), head(port()), body(port()), chunked(port());
  head.send(get("/before") + "GET / HT");
  body.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf");
  chunked.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel");
  std::atomic<bool> refused{false};
  std::thread dripping([&] {
    drip.send("GET / HTTP/1.1\r\nX: ");
    while (!refused && drip.send("x")) std::this_thread::sleep_for(milliseconds(10));
  });
  EXPECT_EQ(head.answer().body, "/before");
  for (auto* client : {&head, &body, &chunked}) {
    const auto answer = client->answer();
    EXPECT_EQ(answer.status, 408);
    EXPECT_EQ(answer.field("Connection"), "close");
    EXPECT_TRUE(client->at_end());
  }
  EXPECT_EQ(drip.answer().status, 408);
  refused = true;
  EXPECT_TRUE(silent.at_end()) << "no answer to somebody who asked nothing";
  dripping.join();
}

TEST_F(EdgeTest, ClosesIdleConnectionsSilently) {
  options_.idle_timeout = milliseconds(150);
  start();
  Client client(port());
  client.send(get("/a"));
  EXPECT_EQ(client.answer().body, "/a");
  EXPECT_TRUE(client.at_end());
  EXPECT_FALSE(client.closed_by_reset());
}

TEST_F(EdgeTest, DoesNotTimeOutAnAnswer) {
  options_.header_timeout = options_.body_timeout = options_.idle_timeout = options_.write_timeout =
      milliseconds(40);
  start();
  Client client(port());
  client.send(get("/hold"));
  ASSERT_TRUE(eventually([&] { return application_.held() == 1; }));
  std::this_thread::sleep_for(milliseconds(200));
  application_.release();
  EXPECT_EQ(client.answer().body, "/hold");
}

TEST_F(EdgeTest, AnswersAHalfClosedClient) {
  start();
  Client client(port());
  client.send(get("/late") + get("/now") + get("/hold"));
  client.half_close();
  EXPECT_EQ(client.answer().body, "/late");
  EXPECT_EQ(client.answer().body, "/now");
  ASSERT_TRUE(eventually([&] { return application_.held() == 1; }));
  application_.release();
  EXPECT_EQ(client.answer().body, "/hold");
  EXPECT_TRUE(client.at_end());
  Client partial(port());
  partial.send("GET / HTTP/1.1\r\nHo");
  partial.half_close();
  EXPECT_TRUE(partial.at_end());
}

TEST_F(EdgeTest, NoticesAResetWhileAnAnswerIsDue) {
  start();
  Client client(port());
  client.send(get("/hold"));
  ASSERT_TRUE(eventually([&] { return application_.held() == 1; }));
  client.reset();
  EXPECT_TRUE(eventually([&] { return server_->stats().connections == 0 && server_->stats().pending == 0; }));
  application_.release();
  EXPECT_EQ(ask(get("/a")).body, "/a");
}

TEST_F(EdgeTest, SurvivesPipelinesLargerThanItsBuffers) {
  options_.io_threads = 1;
  start();
  Client client(port());
  constexpr int kRequests = 6'000;
  std::thread sender([&] {
    std::string requests;
    for (int i = 0; i < kRequests; ++i)
      requests += get("/" + std::to_string(i) + "?" + std::string(100, 'q'));
    EXPECT_TRUE(client.send(requests));
  });
  for (int i = 0; i < kRequests; ++i)
    ASSERT_EQ(client.answer().body, "/" + std::to_string(i) + "?" + std::string(100, 'q'));
  sender.join();
}

TEST_F(EdgeTest, RefusesConnectionsBeyondItsLimit) {
  options_.max_connections = 3;
  start();
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(std::make_unique<Client>(port()));
    clients.back()->send(get("/a"));
    EXPECT_EQ(clients.back()->answer().status, 200);
  }
  {
    Client fourth(port());
    EXPECT_EQ(fourth.answer().status, 503);
    EXPECT_TRUE(fourth.at_end());
  }
  clients.pop_back();
  ASSERT_TRUE(eventually([&] { return server_->stats().connections == 2; }));
  EXPECT_EQ(ask(get("/b")).status, 200);
}

}  // namespace stoa::core::http::testing

// Starting and stopping.
#include <csignal>

#include "edge.hpp"

namespace stoa::core::http::testing {

TEST_F(EdgeTest, NamesAnAddressThatIsTaken) {
  start();
  auto options = options_;
  options.port = port();
  const auto second = Server::create(options, application_);
  const auto started = second->start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, ErrorCode::unavailable);
  EXPECT_NE(started.error().message.find("127.0.0.1:" + std::to_string(port())), std::string::npos);
  second->stop(milliseconds(0));
  EXPECT_EQ(ask(get("/a")).body, "/a");
}

TEST_F(EdgeTest, NamesAHostThatIsNotThere) {
  for (const std::string host : {"192.0.2.1", "no such host", ""}) {
    auto options = options_;
    options.host = host;
    options.port = 8080;
    const auto started = Server::create(options, application_)->start();
    ASSERT_FALSE(started) << host;
    EXPECT_EQ(started.error().code, ErrorCode::unavailable);
    EXPECT_NE(started.error().message.find(host + ":8080"), std::string::npos) << started.error().message;
  }
}

TEST_F(EdgeTest, StartsAgainOnAFreshServer) {
  for (int i = 0; i < 3; ++i) {
    start();
    EXPECT_EQ(ask(get("/a")).body, "/a");
    server_->stop(seconds(1));
    server_->stop(seconds(1));
  }
}

TEST_F(EdgeTest, FinishesWhatIsPendingWhenStopped) {
  start();
  Client pending(port()), upload(port()), idle(port()), half(port());
  idle.send(get("/a"));
  EXPECT_EQ(idle.answer().body, "/a");
  half.send("GET / HT");
  upload.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(upload.answer().status, 100);
  pending.send(get("/hold"));
  ASSERT_TRUE(eventually([&] { return application_.held() == 1; }));

  std::thread stopping([&] { server_->stop(kPatience); });
  EXPECT_TRUE(idle.at_end());
  EXPECT_TRUE(half.at_end());
  const auto port_of_stopped = port();
  EXPECT_TRUE(eventually([&] { return Client(port_of_stopped).descriptor() < 0; }));
  upload.send("hello");
  const auto uploaded = upload.answer();
  EXPECT_EQ(uploaded.body, "hello");
  EXPECT_EQ(uploaded.field("Connection"), "close");
  application_.release();
  const auto answer = pending.answer();
  EXPECT_EQ(answer.body, "/hold");
  EXPECT_EQ(answer.field("Connection"), "close");
  EXPECT_TRUE(pending.at_end());
  stopping.join();
  EXPECT_EQ(server_->stats().connections, 0u);
}

TEST_F(EdgeTest, GivesUpAtTheDeadline) {
  start();
  Client pending(port());
  pending.send(get("/hold"));
  ASSERT_TRUE(eventually([&] { return application_.held() == 1; }));
  server_->stop(milliseconds(50));
  EXPECT_EQ(pending.answer().status, 0);
  server_.reset();
  application_.release();  // to nobody
}

TEST_F(EdgeTest, IgnoresSigpipe) {
  start();
  struct sigaction action {};
  ::sigaction(SIGPIPE, nullptr, &action);
  EXPECT_EQ(action.sa_handler, SIG_IGN);
}

TEST_F(EdgeTest, ListensOnIpv6) {
  options_.host = "::1";
  server_ = Server::create(options_, application_);
  const auto started = server_->start();
  if (!started) GTEST_SKIP() << started.error().message;
  EXPECT_NE(port(), 0);
}

}  // namespace stoa::core::http::testing

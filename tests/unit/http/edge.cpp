#include "edge.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace stoa::core::http::testing {

::testing::AssertionResult eventually(const std::function<bool()>& holds) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < end) {
    if (holds()) return ::testing::AssertionSuccess();
    std::this_thread::sleep_for(milliseconds(2));
  }
  return ::testing::AssertionFailure() << "never came true";
}

SharedBytes bytes(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

std::string get(const std::string& target, const std::string& fields) {
  return "GET " + target + " HTTP/1.1\r\nHost: test\r\n" + fields + "\r\n";
}

std::string post(const std::string& target, const std::string& body, const std::string& fields) {
  return "POST " + target + " HTTP/1.1\r\nHost: test\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n" + fields + "\r\n" + body;
}

std::string Client::Answer::field(const std::string& name) const {
  const auto line = head.find("\r\n" + name + ": ");
  if (line == std::string::npos) return {};
  const auto begin = line + name.size() + 4;
  return head.substr(begin, head.find("\r\n", begin) - begin);
}

Client::Client(std::uint16_t port, int receive_buffer)
    : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (receive_buffer > 0)
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  const int yes = 1;
  ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  const timeval patience{.tv_sec = kPatience.count(), .tv_usec = 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) close();
}

bool Client::send(std::string_view text) {
  while (!text.empty()) {
    const auto sent = ::send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void Client::half_close() {
  ::shutdown(descriptor_, SHUT_WR);
}

void Client::reset() {
  const linger none{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &none, sizeof none);
  close();
}

void Client::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

bool Client::fill() {
  char chunk[16 * 1024];
  const auto count = ::recv(descriptor_, chunk, sizeof chunk, 0);
  if (count < 0) {
    EXPECT_TRUE(errno == ECONNRESET || errno == EPIPE || errno == EBADF) << "no answer in time: " << errno;
    reset_ = true;
  }
  if (count <= 0) return false;
  buffer_.append(chunk, static_cast<std::size_t>(count));
  return true;
}

Client::Answer Client::answer(bool to_head) {
  std::size_t end;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos)
    if (!fill()) return {};
  Answer answer;
  answer.head = buffer_.substr(0, end + 4);
  buffer_.erase(0, end + 4);
  answer.status = std::stoi(answer.head.substr(9, 3));
  const auto length = answer.field("Content-Length");
  if (!to_head && !length.empty()) answer.body = read(std::stoul(length));
  return answer;
}

std::string Client::read(std::size_t size) {
  while (buffer_.size() < size && fill()) {
  }
  const auto text = buffer_.substr(0, size);
  buffer_.erase(0, text.size());
  return text;
}

std::string Client::read_to_end() {
  while (fill()) {
  }
  return std::exchange(buffer_, {});
}

bool Client::at_end() {
  return buffer_.empty() && !fill();
}

TestApplication::~TestApplication() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  wake_.notify_all();
  worker_.join();
  for (auto& socket : sockets_) socket.join();
}

Application::Admission TestApplication::admit(const RequestHead& head) {
  if (head.path == "/admit-throws") throw 42;
  return {.body_limit = head.path == "/small" ? 16u : 8u << 20};
}

Response TestApplication::refuse(int status, const std::string& request_id) {
  return {.status = status,
          .fields = {{"Content-Type", "application/problem+json"}},
          .body = bytes("refused " + std::to_string(status) + " " + request_id)};
}

void TestApplication::handle(std::shared_ptr<Exchange> exchange) {
  ++handled;
  const auto path = exchange->head().path;
  if (path == "/hold" || path == "/late") {
    const std::lock_guard lock(mutex_);
    (path == "/hold" ? held_ : late_).push_back(std::move(exchange));
    wake_.notify_all();
    return;
  }
  if (path == "/drop") return;
  if (path == "/throw") throw 42;
  if (path == "/ws") {
    exchange->detach(
        [this](int descriptor, std::string leftover) { echo_socket(descriptor, std::move(leftover)); });
    return;
  }
  Response response;
  if (exchange->body_too_large()) {
    response.status = 413;
    response.body = bytes("too large");
  } else if (path == "/echo" || path == "/small") {
    response.body = bytes(exchange->body());
  } else if (path == "/size") {
    response.body = bytes(std::to_string(exchange->body().size()));
  } else if (path == "/big") {
    response.body = bytes(std::string(std::stoul(std::string(exchange->head().query)), 'b'));
  } else if (path == "/bad") {
    response.fields.emplace_back("X-Bad", "a\r\nSet-Cookie: b");
  } else if (path == "/peer") {
    response.body = bytes(exchange->peer());
  } else if (path == "/nothing") {
    response.status = 204;
  } else {
    response.body = bytes(std::string(exchange->head().target));
    response.close = path == "/close";
  }
  EXPECT_FALSE(exchange->answered());
  EXPECT_TRUE(exchange->respond(std::move(response)));
  EXPECT_TRUE(exchange->answered());
  EXPECT_FALSE(exchange->respond({}));
}

std::size_t TestApplication::held() {
  const std::lock_guard lock(mutex_);
  return held_.size();
}

void TestApplication::release() {
  std::vector<std::shared_ptr<Exchange>> held;
  {
    const std::lock_guard lock(mutex_);
    held.swap(held_);
  }
  for (const auto& exchange : held) exchange->respond({.body = bytes(std::string(exchange->head().target))});
}

void TestApplication::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return over_ || !late_.empty(); });
    if (late_.empty()) return;
    auto late = std::exchange(late_, {});
    lock.unlock();
    for (const auto& exchange : late)
      exchange->respond({.body = bytes(std::string(exchange->head().target))});
    late.clear();
    lock.lock();
  }
}

void TestApplication::echo_socket(int descriptor, std::string leftover) {
  const std::lock_guard lock(mutex_);
  sockets_.emplace_back([descriptor, text = std::move(leftover)]() mutable {
    char chunk[4096];
    pollfd ready{.fd = descriptor, .events = POLLIN, .revents = 0};
    while (true) {
      ::send(descriptor, text.data(), text.size(), MSG_NOSIGNAL);
      if (::poll(&ready, 1, static_cast<int>(milliseconds(kPatience).count())) <= 0) break;
      const auto count = ::recv(descriptor, chunk, sizeof chunk, 0);
      if (count <= 0) break;
      text.assign(chunk, static_cast<std::size_t>(count));
    }
    ::close(descriptor);
  });
}

void EdgeTest::start() {
  server_ = Server::create(options_, application_);
  const auto started = server_->start();
  ASSERT_TRUE(started) << started.error().message;
}

void EdgeTest::TearDown() {
  if (server_) server_->stop(milliseconds(0));
}

Client::Answer EdgeTest::ask(std::string_view request) {
  Client client(port());
  client.send(request);
  return client.answer();
}

}  // namespace stoa::core::http::testing

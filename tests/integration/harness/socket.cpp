#include "harness/socket.hpp"

#include <atomic>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket.hpp>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

namespace stoa::harness {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using boost::system::error_code;

struct Socket::Impl {
  asio::io_context io;
  websocket::stream<beast::tcp_stream> stream{io};
  beast::flat_buffer buffer;
  std::thread thread;

  // Of the io thread.
  bool reading = false;
  bool paused = false;

  mutable std::mutex mutex;
  std::condition_variable changed;
  std::deque<Json> inbox;
  bool closed = false;
  int close_code = 0;
  std::atomic<int> next_id{1'000'000};

  void keep_reading() {
    if (reading || paused) return;
    reading = true;
    stream.async_read(buffer, [this](error_code error, std::size_t) {
      reading = false;
      if (error) return finish();
      take(beast::buffers_to_string(buffer.data()));
      buffer.consume(buffer.size());
      keep_reading();
    });
  }

  void take(const std::string& text) {
    std::vector<Json> messages;
    try {
      const Json frame = Json::parse(text);
      messages = frame.is_array() ? frame.items() : std::vector<Json>{frame};
    } catch (const std::exception&) {
      messages.push_back(Json::parse(object({{"op", "unreadable"}, {"text", text}})));
    }
    std::lock_guard lock(mutex);
    for (Json& message : messages) inbox.push_back(std::move(message));
    changed.notify_all();
  }

  void finish() {
    std::lock_guard lock(mutex);
    closed = true;
    close_code = stream.reason().code;
    changed.notify_all();
  }

  // Runs on the io thread and waits for it.
  void on_io(const std::function<void()>& work) {
    std::promise<void> done;
    asio::post(io, [&] {
      try {
        work();
        done.set_value();
      } catch (...) {
        done.set_exception(std::current_exception());
      }
    });
    done.get_future().get();
  }

  void write(std::string_view bytes, bool binary) {
    auto done = std::make_shared<std::promise<error_code>>();
    auto held = std::make_shared<std::string>(bytes);
    asio::post(io, [this, done, held, binary] {
      stream.binary(binary);
      stream.async_write(asio::buffer(*held),
                         [done, held](error_code error, std::size_t) { done->set_value(error); });
    });
    auto outcome = done->get_future();
    if (outcome.wait_for(kPatience) != std::future_status::ready)
      throw std::runtime_error("the socket did not take a frame in time");
    if (const error_code error = outcome.get()) throw std::runtime_error("send: " + error.message());
  }

  std::string seen() const {
    std::string out;
    for (const Json& message : inbox) out += "\n  " + message.dump();
    return inbox.empty() ? "nothing" : out;
  }
};

Socket::Socket(const Address& address, const Headers& headers) : impl_(std::make_unique<Impl>()) {
  Impl& impl = *impl_;
  beast::get_lowest_layer(impl.stream)
      .socket()
      .connect({asio::ip::make_address(address.host), static_cast<unsigned short>(address.port)});
  impl.stream.read_message_max(16 * 1024 * 1024);
  impl.stream.set_option(websocket::stream_base::decorator([&](websocket::request_type& request) {
    for (const auto& [name, value] : headers) request.set(name, value);
  }));
  websocket::response_type response;
  const std::string host = address.host + ":" + std::to_string(address.port);
  // The handshake alone is awaited here; the thread starts afterwards.
  std::optional<error_code> outcome;
  impl.stream.async_handshake(response, host, "/api/v1/realtime", [&](error_code error) { outcome = error; });
  impl.io.run_for(kPatience);
  if (!outcome) throw std::runtime_error("the upgrade was not answered in time");
  if (*outcome) throw HandshakeRefused(static_cast<int>(response.result_int()), response.body());
  impl.io.restart();
  impl.keep_reading();
  impl.thread = std::thread([&impl] {
    auto work = asio::make_work_guard(impl.io);
    impl.io.run();
  });
}

std::unique_ptr<Socket> Socket::open(const Client& client) {
  if (client.shows() == Client::Shows::cookies) {
    return std::make_unique<Socket>(
        client.address(),
        Headers{{"Cookie", client.cookie_header("/api/v1/realtime")}, {"Origin", client.address().url()}});
  }
  auto socket = std::make_unique<Socket>(client.address());
  if (client.shows() == Client::Shows::bearer) {
    const Json answer = socket->ask(object({{"op", "auth"}, {"token", client.token()}}));
    if (!(answer["op"] == "ok")) throw std::runtime_error("the token was refused: " + answer.dump());
  }
  return socket;
}

Socket::~Socket() {
  if (impl_->thread.joinable()) {
    impl_->io.stop();
    impl_->thread.join();
  }
}

void Socket::send(std::string_view text) {
  impl_->write(text, false);
}

void Socket::send_binary(std::string_view bytes) {
  impl_->write(bytes, true);
}

void Socket::ping(std::string_view payload) {
  impl_->on_io([&] {
    impl_->stream.async_ping(websocket::ping_data(payload.data(), payload.size()), [](error_code) {});
  });
}

void Socket::close(std::uint16_t code) {
  impl_->on_io([&] { impl_->stream.async_close(websocket::close_reason(code), [](error_code) {}); });
}

void Socket::drop() {
  impl_->on_io([&] { beast::get_lowest_layer(impl_->stream).close(); });
}

void Socket::pause_reading() {
  impl_->on_io([&] { impl_->paused = true; });
}

void Socket::resume_reading() {
  impl_->on_io([&] {
    impl_->paused = false;
    impl_->keep_reading();
  });
}

Json Socket::wait(const Match& match, std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  std::unique_lock lock(impl_->mutex);
  for (;;) {
    for (auto message = impl_->inbox.begin(); message != impl_->inbox.end(); ++message) {
      if (!match(*message)) continue;
      Json found = *message;
      impl_->inbox.erase(message);
      return found;
    }
    if (impl_->closed)
      throw std::runtime_error("the socket closed with " + std::to_string(impl_->close_code) +
                               " before the message came; there was " + impl_->seen());
    if (impl_->changed.wait_until(lock, deadline) == std::cv_status::timeout)
      throw std::runtime_error("the message did not come in time; there was " + impl_->seen());
  }
}

Json Socket::wait_op(std::string_view op) {
  return wait([op = std::string(op)](const Json& message) { return message["op"] == op; });
}

Json Socket::wait_event(std::string_view type) {
  return wait(event_is(std::string(type)));
}

Json Socket::wait_ephemeral(std::string_view type) {
  return wait([type = std::string(type)](const Json& message) {
    return message["op"] == "ephemeral" && message["type"] == type;
  });
}

Json Socket::ask(std::string_view operation) {
  const int id = impl_->next_id++;
  std::string text(operation);
  const auto brace = text.find('{');
  const bool empty = text.find_first_not_of(" \n", brace + 1) == text.rfind('}');
  text.insert(brace + 1, "\"id\":" + std::to_string(id) + (empty ? "" : ","));
  send(text);
  return wait([id](const Json& message) {
    return message.has("id") && message["id"] == id && (message["op"] == "ok" || message["op"] == "error");
  });
}

std::int64_t Socket::subscribe(const std::vector<std::string>& channels, std::optional<std::int64_t> since) {
  std::vector<Literal> names;
  for (const std::string& channel : channels) names.emplace_back(channel);
  const Json answer = since
                          ? ask(object({{"op", "subscribe"}, {"channels", array(names)}, {"since", *since}}))
                          : ask(object({{"op", "subscribe"}, {"channels", array(names)}}));
  if (!(answer["op"] == "ok")) throw std::runtime_error("the subscription was refused: " + answer.dump());
  return answer["seq"].integer();
}

std::vector<Json> Socket::settle() {
  ask(R"({"op":"ping"})");
  return taken_now();
}

std::vector<Json> Socket::taken_now() {
  std::lock_guard lock(impl_->mutex);
  std::vector<Json> out(impl_->inbox.begin(), impl_->inbox.end());
  impl_->inbox.clear();
  return out;
}

int Socket::wait_closed(std::chrono::milliseconds limit) {
  std::unique_lock lock(impl_->mutex);
  if (!impl_->changed.wait_for(lock, limit, [&] { return impl_->closed; }))
    throw std::runtime_error("the server did not close the socket in time; there was " + impl_->seen());
  return impl_->close_code;
}

bool Socket::is_closed() const {
  std::lock_guard lock(impl_->mutex);
  return impl_->closed;
}

Socket::Match event_is(std::string type) {
  return [type = std::move(type)](const Json& message) {
    return message["op"] == "event" && message["type"] == type;
  };
}

Socket::Match event_is(std::string type, std::function<bool(const Json& data)> data) {
  return [type = std::move(type), data = std::move(data)](const Json& message) {
    return message["op"] == "event" && message["type"] == type && data(message["data"]);
  };
}

}  // namespace stoa::harness

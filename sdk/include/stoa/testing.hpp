// A host for tests of plugins, in the test's own process: the real router, checks, hooks, storage, event log
// and lifecycle, without sockets; time, random bytes and faults are in the test's hand. Needs
// StoaSdk::testing.
//
//   stoa::testing::Host host({{STOA_TEST_PLUGIN}});
//   auto ann = host.user("ann");
//   STOA_EQUAL(ann.post("/api/v1/x/hello/visits", R"({"name":"Ann"})").status, 204);
//
// Whatever the host cannot do throws std::runtime_error with its reason, which fails the test.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "stoa/host.hpp"
#include "stoa/json.hpp"
#include "stoa/testing.h"

namespace stoa::testing {

struct Options {
  std::vector<std::string> plugins = {};             // files under test; what they require is found by itself
  std::vector<std::string> with = {};                // bundled plugins to run too: "posts"
  std::map<std::string, std::string> settings = {};  // plugin id -> JSON object
  bool private_forum = false;
  bool limits = false;                      // throttles and quotas
  std::optional<std::int64_t> now_ms = {};  // 2026-01-01T00:00:00Z
  std::uint64_t seed = 1;                   // of random bytes
};

struct Reply {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  // The first of that name, ignoring case; empty without one.
  std::string header(std::string_view name) const {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    for (const auto& [key, value] : headers) {
      if (std::equal(key.begin(), key.end(), name.begin(), name.end(),
                     [&](char a, char b) { return lower(a) == lower(b); }))
        return value;
    }
    return {};
  }
  rapidjson::Document json() const {
    auto document = parse_json(body);
    if (!document) throw std::runtime_error("not JSON: " + body);
    return std::move(*document);
  }
  // A member of the body. Throws when it is another type.
  std::string text(const std::string& name) const {
    const auto document = json();
    return {document[name.c_str()].GetString(), document[name.c_str()].GetStringLength()};
  }
  std::int64_t integer(const std::string& name) const { return json()[name.c_str()].GetInt64(); }
};

struct Event {
  std::uint64_t seq = 0;
  std::int64_t time_ms = 0;
  std::string owner, type, subject;
  std::vector<std::string> channels;
  std::string data;  // JSON
};

struct CommandResult {
  int status = 0;
  std::string out, err;
};

class Host;

// Who asks: a user or a stranger. Borrows the host.
class Client {
 public:
  Client(Host& host, std::int64_t user, std::string nickname)
      : host_(&host), user_(user), nickname_(std::move(nickname)) {}
  std::int64_t id() const { return user_; }
  const std::string& nickname() const { return nickname_; }

  using Headers = std::vector<std::pair<std::string, std::string>>;
  Reply send(std::string_view method, std::string_view target, std::string_view body = {},
             const Headers& headers = {});
  Reply get(std::string_view target, const Headers& headers = {}) { return send("GET", target, {}, headers); }
  Reply post(std::string_view target, std::string_view json = {}) { return send("POST", target, json); }
  Reply put(std::string_view target, std::string_view json = {}) { return send("PUT", target, json); }
  Reply patch(std::string_view target, std::string_view json = {}) { return send("PATCH", target, json); }
  Reply del(std::string_view target) { return send("DELETE", target); }

 private:
  Host* host_;
  std::int64_t user_;
  std::string nickname_;
};

// A realtime connection. Borrows the host.
class Socket {
 public:
  Socket(Host& host, std::int64_t client) : host_(&host), client_(client) {}

  // What stands in the way ("forbidden", "not-found", …), or empty. `since`: a Stoa-Seq; what came after it
  // is replayed.
  std::string subscribe(std::string_view channel, std::optional<std::uint64_t> since = {});
  // The problem document of a refusal, or empty. The channel must be joined.
  std::string operate(std::string_view op, std::string_view channel, std::string_view message = "{}");
  // Frames since the last call, as a browser gets them.
  std::vector<std::string> frames();
  void close();

 private:
  Host* host_;
  std::int64_t client_;
};

class Host {
 public:
  explicit Host(const Options& options) {
    std::string problem;
    const stoa_sink sink = detail::sink_to(problem);
    const std::string json = json_of(options);
    test_ = stoa_test_open(detail::str(json), &sink);
    if (!test_) throw std::runtime_error(problem);
  }
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;
  ~Host() { stoa_test_close(test_); }

  Client stranger() { return Client(*this, 0, {}); }
  // A new one. Role: "member", "moderator", "admin".
  Client user(const std::string& nickname, const std::string& role = "member") {
    const auto answer = call(
        "user", Json().begin_object().field("nickname", nickname).field("role", role).end_object().take());
    return Client(*this, answer["id"].GetInt64(), nickname);
  }
  Socket connect(const Client& client) {
    return Socket(*this, call("connect", one("user", client.id()))["client"].GetInt64());
  }

  // All that were emitted, in order; of one type if it is named.
  std::vector<Event> events(std::string_view type = {}) {
    std::vector<Event> all;
    const auto answer = call("events", "{}");
    for (const auto& item : answer["items"].GetArray()) {
      Event event{item["seq"].GetUint64(),  item["time_ms"].GetInt64(),  item["owner"].GetString(),
                  item["type"].GetString(), item["subject"].GetString(), {},
                  text_of(item["data"])};
      for (const auto& channel : item["channels"].GetArray())
        event.channels.emplace_back(channel.GetString());
      if (type.empty() || event.type == type) all.push_back(std::move(event));
    }
    return all;
  }
  // As if plugin `owner` had.
  void emit(const std::string& owner, const std::string& type, const std::string& subject,
            const std::vector<std::string>& channels, const std::string& data) {
    Json json;
    json.begin_object().field("owner", owner).field("type", type).field("subject", subject);
    json.key("channels").begin_array();
    for (const std::string& channel : channels) json.value(channel);
    call("emit", json.end_array().field("data", data).end_object().take());
  }
  // Waits until every durable subscriber is done.
  void settle() { call("settle", "{}"); }

  std::int64_t advance(std::chrono::milliseconds time) {
    return call("advance", one("ms", std::int64_t{time.count()}))["now_ms"].GetInt64();
  }

  // The next `count` transactions of plugins fail before anything is run. Error: "unavailable" (the disk),
  // "overloaded" (the queue is full), "timeout", "conflict", "forbidden", "internal".
  void fail_writes(const std::string& error, int count = 1) { call("fail_writes", fault(error, count)); }
  void fail_reads(const std::string& error, int count = 1) { call("fail_reads", fault(error, count)); }
  void service_gone(const std::string& id, bool gone = true) {
    call("service", Json().begin_object().field("id", id).field("gone", gone).end_object().take());
  }

  CommandResult command(const std::vector<std::string>& words) {
    Json json;
    json.begin_object().key("words").begin_array();
    for (const std::string& word : words) json.value(word);
    const auto answer = call("command", json.end_array().end_object().take());
    return {answer["status"].GetInt(), answer["out"].GetString(), answer["err"].GetString()};
  }
  std::vector<std::string> logs() {
    std::vector<std::string> lines;
    const auto answer = call("logs", "{}");
    for (const auto& line : answer["items"].GetArray())
      lines.emplace_back(line.GetString(), line.GetStringLength());
    return lines;
  }
  // Stops, and starts on the same data. Sockets are gone.
  void restart() { call("restart", "{}"); }

  // For what happens on other threads: false when it is still not so after `patience`.
  static bool eventually(const std::function<bool()>& condition,
                         std::chrono::milliseconds patience = std::chrono::seconds(30)) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
  }

  rapidjson::Document call(std::string_view name, const std::string& arguments) {
    std::string answer;
    const stoa_sink sink = detail::sink_to(answer);
    if (stoa_test_call(test_, detail::str(name), detail::str(arguments), &sink) != STOA_OK)
      throw std::runtime_error(std::string(name) + ": " + answer);
    rapidjson::Document document;
    document.Parse(answer.data(), answer.size());
    return document;
  }
  stoa_test* c() { return test_; }

 private:
  template <class T>
  static std::string one(std::string_view name, const T& value) {
    return Json().begin_object().field(name, value).end_object().take();
  }
  static std::string fault(const std::string& error, int count) {
    return Json().begin_object().field("error", error).field("count", count).end_object().take();
  }
  static std::string text_of(const rapidjson::Value& value) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    value.Accept(writer);
    return {buffer.GetString(), buffer.GetSize()};
  }
  static std::string json_of(const Options& options) {
    Json json;
    json.begin_object().key("plugins").begin_array();
    for (const std::string& path : options.plugins) json.value(path);
    json.end_array().key("with").begin_array();
    for (const std::string& id : options.with) json.value(id);
    json.end_array().key("settings").begin_object();
    for (const auto& [id, settings] : options.settings) json.raw_field(id, settings);
    json.end_object().field("private", options.private_forum).field("limits", options.limits);
    if (options.now_ms) json.field("now_ms", *options.now_ms);
    return json.field("seed", static_cast<std::int64_t>(options.seed)).end_object().take();
  }

  stoa_test* test_ = nullptr;
  friend class Client;
  friend class Socket;
};

inline Reply Client::send(std::string_view method, std::string_view target, std::string_view body,
                          const Headers& headers) {
  std::vector<stoa_kv> fields;
  for (const auto& [name, value] : headers) fields.push_back({detail::str(name), detail::str(value)});
  Reply reply;
  std::string problem;
  const stoa_sink sink = detail::sink_to(problem);
  const stoa_status status = stoa_test_request(
      host_->test_, detail::str(method), detail::str(target), fields.data(), fields.size(), detail::str(body),
      user_, &reply,
      [](void* self, const stoa_response* answer) {
        auto& out = *static_cast<Reply*>(self);
        out.status = static_cast<int>(answer->status);
        out.body = detail::view(answer->body);
        for (std::size_t i = 0; i < answer->header_count; ++i)
          out.headers.emplace_back(detail::view(answer->headers[i].key),
                                   detail::view(answer->headers[i].value));
      },
      &sink);
  if (status != STOA_OK) throw std::runtime_error(problem);
  return reply;
}

inline std::string Socket::subscribe(std::string_view channel, std::optional<std::uint64_t> since) {
  Json json;
  json.begin_object().field("client", client_).field("channel", channel);
  if (since) json.field("since", static_cast<std::int64_t>(*since));
  return host_->call("subscribe", json.end_object().take())["problem"].GetString();
}

inline std::string Socket::operate(std::string_view op, std::string_view channel, std::string_view message) {
  const auto answer = host_->call("operate", Json()
                                                 .begin_object()
                                                 .field("client", client_)
                                                 .field("op", op)
                                                 .field("channel", channel)
                                                 .field("message", message)
                                                 .end_object()
                                                 .take());
  return answer["problem"].IsNull() ? std::string() : Host::text_of(answer["problem"]);
}

inline std::vector<std::string> Socket::frames() {
  std::vector<std::string> all;
  const auto answer = host_->call("frames", Host::one("client", client_));
  for (const auto& frame : answer["items"].GetArray()) all.push_back(Host::text_of(frame));
  return all;
}

inline void Socket::close() {
  host_->call("disconnect", Host::one("client", client_));
}

}  // namespace stoa::testing

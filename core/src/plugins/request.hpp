// The host's side of stoa_request, and of answers still owed.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "http/router.hpp"
#include "plugins/contract.hpp"
#include "plugins/generation.hpp"
#include "stoa/stoa.h"

namespace stoa::core::plugins {

// A logged-in user, owned.
struct Principal {
  std::int64_t user_id = 0;
  stoa_role role = STOA_ROLE_NONE;
  std::string nickname;
  std::string session_id;

  stoa_principal c() const {
    return {sizeof(stoa_principal),
            role,
            user_id,
            {nickname.data(), nickname.size()},
            {session_id.data(), session_id.size()}};
  }
};

std::string_view role_name(stoa_role role);

}  // namespace stoa::core::plugins

struct stoa_request : std::enable_shared_from_this<stoa_request> {
  stoa_request() = default;
  stoa_request(const stoa_request&) = delete;
  stoa_request& operator=(const stoa_request&) = delete;
  virtual ~stoa_request() = default;

  stoa::core::plugins::GenerationPtr owner;  // null: the host itself
  std::string method, path;
  stoa::core::http::Parameters parameters;
  std::string peer, request_id;
  std::optional<stoa::core::plugins::Principal> user;
  stoa_principal user_c{};

  virtual std::string_view body() const = 0;
  virtual std::optional<std::string> query(std::string_view name) const = 0;
  virtual std::string_view header(std::string_view name) const = 0;

  // Each answers at most once; false when it was answered before.
  virtual bool respond(const stoa_response& response) = 0;
  virtual bool fail(const stoa::Error& error) = 0;
  virtual bool render(const stoa_page_content& content) = 0;
  virtual bool answered() const = 0;
  virtual std::chrono::steady_clock::time_point due() const = 0;
  // False: not a page.
  virtual bool is_page() const { return false; }

  std::atomic<bool> deferred{false};
  bool given = false;  // the handler has answered; the deadline may have been before it

  // A copy that lives as long as the request.
  stoa_str keep(std::string text) {
    kept_.push_back(std::move(text));
    return {kept_.back().data(), kept_.back().size()};
  }

 private:
  std::deque<std::string> kept_;
};

namespace stoa::core::plugins {

using RequestPtr = std::shared_ptr<stoa_request>;

// [any-thread] The id of the request whose handler this thread is running; empty outside of one.
std::string_view current_request();

// [worker] Around a handler: says so while it lives. Does not nest.
class RequestScope {
 public:
  explicit RequestScope(stoa_request& request);
  RequestScope(const RequestScope&) = delete;
  RequestScope& operator=(const RequestScope&) = delete;
  ~RequestScope();

  // What the handler is given: a number, see contract.hpp.
  stoa_request* handle() const { return as_pointer<stoa_request>(handle_); }

 private:
  Handle handle_;
};

// [any-thread] The request whose handler this thread runs and whose handle that is; else null, and the broken
// promise is noted.
stoa_request* request_of(const stoa_request* handle, std::string_view call);

// [any-thread] Requests whose handler has returned without an answer. Tokens are never reused.
class Deferreds {
 public:
  stoa_deferred add(RequestPtr request);
  // Null: unknown, answered, expired, or another's. `owner` null: the host's own.
  RequestPtr take(stoa_deferred token, const Generation* owner);
  std::size_t size() const;
  void expire(std::chrono::steady_clock::time_point now);  // answers 504
  void drop_all();                                         // answers 503
  void drop(const Generation& owner);                      // of one plugin: answers 503

 private:
  mutable std::mutex mutex_;
  std::uint64_t next_ = 1;
  std::unordered_map<stoa_deferred, RequestPtr> waiting_;
};

}  // namespace stoa::core::plugins

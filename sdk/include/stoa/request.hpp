// Requests and their answers.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stoa/host.hpp"
#include "stoa/id.hpp"

namespace stoa {

enum class Role : std::uint32_t {
  none = STOA_ROLE_NONE,
  member = STOA_ROLE_MEMBER,
  moderator = STOA_ROLE_MODERATOR,
  admin = STOA_ROLE_ADMIN
};

inline std::string_view to_string(Role role) {
  switch (role) {
    case Role::none: return "none";
    case Role::member: return "member";
    case Role::moderator: return "moderator";
    case Role::admin: return "admin";
  }
  return "none";
}

// A logged-in user, borrowed for the call.
struct User {
  UserId id;
  Role role = Role::none;
  std::string_view nickname;
  std::string_view session;
};

namespace detail {
inline std::optional<User> user(const stoa_principal* principal) {
  if (!principal) return std::nullopt;
  return User{{principal->user_id},
              static_cast<Role>(principal->role),
              view(principal->nickname),
              view(principal->session_id)};
}
}  // namespace detail

// An answer, or the error that the host turns into a problem document.
class Response {
 public:
  Response(int status, std::string body, std::string content_type = {})
      : status_(status), body_(std::move(body)), content_type_(std::move(content_type)) {}
  Response(Error error) : status_(0), error_(std::move(error)) {}

  // The handler called Request::defer: nothing to say now.
  static Response deferred() {
    Response response(0, {});
    response.deferred_ = true;
    return response;
  }

  Response&& header(std::string name, std::string value) && {
    headers_.emplace_back(std::move(name), std::move(value));
    return std::move(*this);
  }
  // The same for everybody who may see the forum; kept until one of the tags is dropped. `seq`: Tx::log_head
  // of the snapshot.
  Response&& shared(std::vector<std::string> tags, std::uint64_t seq) && {
    shared_ = true;
    tags_ = std::move(tags);
    seq_ = seq;
    return std::move(*this);
  }
  // A personal snapshot that can be followed live.
  Response&& at(std::uint64_t seq) && {
    seq_ = seq;
    return std::move(*this);
  }

  int status() const { return status_; }  // 0: an error, or deferred
  bool is_error() const { return error_.has_value(); }
  const Error& error() const { return *error_; }
  bool is_deferred() const { return deferred_; }

  template <class F>
  auto with_c(F&& use) const {
    std::vector<stoa_kv> headers;
    for (const auto& [name, value] : headers_) headers.push_back({detail::str(name), detail::str(value)});
    std::vector<stoa_str> tags;
    for (const std::string& tag : tags_) tags.push_back(detail::str(tag));
    stoa_response c{};
    c.size = sizeof c;
    c.status = static_cast<std::uint32_t>(status_);
    c.content_type = detail::str(content_type_);
    c.body = detail::str(body_);
    c.headers = headers.data();
    c.header_count = headers.size();
    c.audience = shared_ ? STOA_AUDIENCE_SHARED : STOA_AUDIENCE_PERSONAL;
    c.tags = tags.data();
    c.tag_count = tags.size();
    c.seq = seq_;
    return use(c);
  }

 private:
  int status_;
  std::string body_;
  std::string content_type_;
  std::vector<std::pair<std::string, std::string>> headers_;
  std::vector<std::string> tags_;
  std::uint64_t seq_ = 0;
  bool shared_ = false;
  bool deferred_ = false;
  std::optional<Error> error_;
};

inline Response json(int status, std::string body) {
  return Response(status, std::move(body));
}
inline Response no_content() {
  return Response(204, {});
}
inline Error not_found(std::string message = "There is nothing here.") {
  return {ErrorCode::not_found, std::move(message)};
}

// An answer still owed. [any-thread] Copyable; the first completion wins.
class Deferred {
 public:
  Deferred(const detail::Host& host, stoa_deferred token) : host_(&host), token_(token) {}

  // False: answered before, past its deadline, or the client is gone.
  bool complete(const Response& response) const {
    if (response.is_error()) {
      return detail::with_c(response.error(), [&](const stoa_error& c) {
        return host_->routes->complete_error(host_->ctx, token_, &c) == STOA_OK;
      });
    }
    return response.with_c(
        [&](const stoa_response& c) { return host_->routes->complete(host_->ctx, token_, &c) == STOA_OK; });
  }

 private:
  const detail::Host* host_;
  stoa_deferred token_;
};

// [worker] Valid during the handler; the views live as long.
class Request {
 public:
  Request(const detail::Host& host, stoa_request* request) : host_(host), request_(request) {}

  std::string_view method() const { return detail::view(host_.routes->method(request_)); }
  std::string_view path() const { return detail::view(host_.routes->path(request_)); }
  std::string_view param(std::string_view name) const {
    return detail::view(host_.routes->param(request_, detail::str(name)));
  }
  // A parameter of kind int.
  template <class T>
  T id(std::string_view name) const {
    const std::string_view text = param(name);
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return T{value};
  }
  std::optional<std::string_view> query(std::string_view name) const {
    const auto value = maybe(host_.routes->query(request_, detail::str(name)));
    if (value && !asked(name)) asked_.emplace_back(name, *value);
    return value;
  }
  // Those parameters of the query that were asked for and are there: what the answer depends on.
  const std::vector<std::pair<std::string, std::string_view>>& query_used() const { return asked_; }
  std::optional<std::string_view> header(std::string_view name) const {
    return maybe(host_.routes->header(request_, detail::str(name)));
  }
  std::optional<std::string_view> cookie(std::string_view name) const {
    return maybe(host_.routes->cookie(request_, detail::str(name)));
  }
  std::string_view body() const { return detail::view(host_.routes->body(request_)); }
  std::string_view peer() const { return detail::view(host_.routes->peer(request_)); }
  // As in the answer's X-Request-Id and in the log.
  std::string_view request_id() const { return detail::view(host_.routes->request_id(request_)); }
  std::optional<User> user() const { return detail::user(host_.routes->user(request_)); }
  // Routes with Auth::user or a permission: there is one.
  User require_user() const { return user().value(); }
  bool allowed(std::string_view permission) const {
    return host_.routes->allowed(request_, detail::str(permission)) != 0;
  }

  // Then return Response::deferred(). Throws when the host cannot.
  Deferred defer() {
    stoa_deferred token = 0;
    host_.require(host_.routes->defer(request_, &token));
    return Deferred(host_, token);
  }

  stoa_request* c() const { return request_; }

 private:
  static std::optional<std::string_view> maybe(stoa_str text) {
    if (!text.ptr) return std::nullopt;
    return detail::view(text);
  }
  bool asked(std::string_view name) const {
    return std::any_of(asked_.begin(), asked_.end(), [&](const auto& one) { return one.first == name; });
  }
  const detail::Host& host_;
  stoa_request* request_;
  mutable std::vector<std::pair<std::string, std::string_view>> asked_;
};

}  // namespace stoa

// A browser or a script: one keep-alive connection, a cookie jar, perhaps a user.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/connection.hpp"

namespace stoa::harness {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Address {
  std::string host;
  int port = 0;
  std::string url() const { return "http://" + host + ":" + std::to_string(port); }
};

class Client {
 public:
  explicit Client(Address address) : address_(std::move(address)) {}

  // Paths below /api/v1 may be given without it: get("/posts") asks for /api/v1/posts. Everything else is
  // written absolutely with a leading "//": get("//healthz") asks for /healthz.
  Reply get(std::string_view path, const Headers& headers = {}) { return send("GET", path, {}, headers); }
  Reply head(std::string_view path, const Headers& headers = {}) { return send("HEAD", path, {}, headers); }
  Reply post(std::string_view path, std::string_view json, const Headers& headers = {}) {
    return send("POST", path, json, headers);
  }
  // Without a body and content type.
  Reply post(std::string_view path) { return send("POST", path, {}, {}); }
  Reply put(std::string_view path, std::string_view json, const Headers& headers = {}) {
    return send("PUT", path, json, headers);
  }
  Reply patch(std::string_view path, std::string_view json, const Headers& headers = {}) {
    return send("PATCH", path, json, headers);
  }
  Reply del(std::string_view path, const Headers& headers = {}) { return send("DELETE", path, {}, headers); }
  // Any method, header and body. A body brings Content-Length, and Content-Type: application/json unless
  // `headers` names one. Host, Authorization, Cookie and Origin are added unless `headers` names them; an
  // empty value leaves the header out.
  Reply send(std::string_view method, std::string_view path, std::optional<std::string_view> body,
             const Headers& headers);

  // How this client shows who it is. A Bearer token goes before cookies.
  enum class Shows { nothing, bearer, cookies };
  void show(Shows what) { shows_ = what; }
  Shows shows() const { return shows_; }

  // Remembers the user and token of an answer of register, login, refresh or setup.
  void adopt(const Reply& reply);
  std::int64_t user_id() const { return user_id_; }
  const std::string& nickname() const { return nickname_; }
  const std::string& token() const { return token_; }
  void set_token(std::string token) { token_ = std::move(token); }

  const std::map<std::string, std::string>& cookies() const { return cookies_; }
  std::string cookie(const std::string& name) const;
  void set_cookie(const std::string& name, std::string value) { cookies_[name] = std::move(value); }
  void forget_cookies() { cookies_.clear(); }
  // The Cookie header for that path; empty without cookies.
  std::string cookie_header(std::string_view path) const;

  const Address& address() const { return address_; }
  // A new connection for the next request.
  void disconnect() { connection_.reset(); }

 private:
  void keep_cookies(const Reply& reply);

  Address address_;
  std::unique_ptr<Connection> connection_;
  Shows shows_ = Shows::nothing;
  std::map<std::string, std::string> cookies_;
  std::string token_;
  std::string nickname_;
  std::int64_t user_id_ = 0;
};

// All items of a list, following "next" to its end. `path` may have a query of its own.
std::vector<Json> walk(Client& client, std::string path);

}  // namespace stoa::harness

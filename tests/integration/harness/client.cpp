#include "harness/client.hpp"

#include <strings.h>

#include <algorithm>
#include <stdexcept>

namespace stoa::harness {

namespace {

bool names(const Headers& headers, const char* name) {
  return std::any_of(headers.begin(), headers.end(),
                     [&](const auto& header) { return ::strcasecmp(header.first.c_str(), name) == 0; });
}

std::string full_path(std::string_view path) {
  if (path.rfind("//", 0) == 0) return std::string(path.substr(1));
  if (path.rfind("/api/", 0) == 0) return std::string(path);
  return "/api/v1" + std::string(path);
}

}  // namespace

Reply Client::send(std::string_view method, std::string_view path, std::optional<std::string_view> body,
                   const Headers& headers) {
  const std::string target = full_path(path);
  const bool unsafe = method != "GET" && method != "HEAD" && method != "OPTIONS";

  std::string text = std::string(method) + " " + target + " HTTP/1.1\r\n";
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty() && !names(headers, name)) text += std::string(name) + ": " + value + "\r\n";
  };
  add("Host", address_.host + ":" + std::to_string(address_.port));
  if (shows_ == Shows::bearer && !token_.empty()) add("Authorization", "Bearer " + token_);
  if (shows_ == Shows::cookies) {
    add("Cookie", cookie_header(target));
    if (unsafe) add("Origin", address_.url());
  }
  for (const auto& [name, value] : headers) {
    if (!value.empty()) text += name + ": " + value + "\r\n";
  }
  if (body) {
    add("Content-Type", "application/json");
    add("Content-Length", std::to_string(body->size()));
  } else if (unsafe) {
    add("Content-Length", "0");
  }
  text += "\r\n";
  if (body) text += *body;

  if (connection_ && connection_->ended()) connection_.reset();
  if (!connection_) connection_ = std::make_unique<Connection>(address_.host, address_.port);
  try {
    connection_->write(text);
    Reply reply = connection_->read_reply(method == "HEAD");
    if (::strcasecmp(reply.header("Connection").c_str(), "close") == 0) connection_.reset();
    keep_cookies(reply);
    return reply;
  } catch (...) {
    connection_.reset();
    throw;
  }
}

void Client::adopt(const Reply& reply) {
  const Json answer = reply.json();
  if (!answer.has("access_token")) throw std::runtime_error("no access token in " + answer.dump());
  token_ = answer["access_token"].text();
  user_id_ = answer["user"]["id"].integer();
  nickname_ = answer["user"]["nickname"].text();
  if (shows_ == Shows::nothing) shows_ = Shows::bearer;
}

std::string Client::cookie(const std::string& name) const {
  const auto found = cookies_.find(name);
  return found == cookies_.end() ? std::string() : found->second;
}

std::string Client::cookie_header(std::string_view path) const {
  std::string out;
  for (const auto& [name, value] : cookies_) {
    if (name == "stoa_refresh" && path.rfind("/api/v1/auth", 0) != 0) continue;
    if (!out.empty()) out += "; ";
    out += name + "=" + value;
  }
  return out;
}

void Client::keep_cookies(const Reply& reply) {
  for (const std::string& line : reply.all("Set-Cookie")) {
    const std::string pair = line.substr(0, line.find(';'));
    const auto equals = pair.find('=');
    if (equals == std::string::npos) continue;
    if (line.find("Max-Age=0") != std::string::npos) {
      cookies_.erase(pair.substr(0, equals));
    } else {
      cookies_[pair.substr(0, equals)] = pair.substr(equals + 1);
    }
  }
}

std::vector<Json> walk(Client& client, std::string path) {
  std::vector<Json> out;
  const char glue = path.find('?') == std::string::npos ? '?' : '&';
  std::string cursor;
  for (int page = 0; page < 10'000; ++page) {
    const Reply reply = client.get(cursor.empty() ? path : path + glue + "cursor=" + cursor);
    if (reply.status != 200) throw std::runtime_error("walking " + path + " gave " + reply.body);
    const Json list = reply.json();
    for (const Json& item : list["items"].items()) out.push_back(item);
    if (list["next"].is_null()) return out;
    cursor = list["next"].text();
  }
  throw std::runtime_error("walking " + path + " never ends");
}

}  // namespace stoa::harness

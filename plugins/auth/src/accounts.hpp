// The nouns of this plugin.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "stoa/id.hpp"
#include "stoa/request.hpp"

namespace stoa::auth {

using SessionId = Id<struct SessionTag>;

// Wall clock, milliseconds since 1970. [any-thread]
using Clock = std::function<std::int64_t()>;
// That many secure random bytes. [any-thread]
using Random = std::function<std::string(std::size_t)>;

// A whole account, without its password. In the order of the columns.
struct Account {
  UserId id;
  std::string nickname;
  std::string email;
  Role role = Role::member;
  std::optional<std::string> first_name;
  std::optional<std::string> last_name;
  std::optional<std::int64_t> age;
  std::optional<std::string> gender;
  std::string bio;
  std::string avatar_url;
  std::int64_t created_at = 0;
  std::optional<std::int64_t> suspended_until;
  std::optional<std::string> suspension_reason;
};

// What registration asks for. The password is hashed already.
struct NewAccount {
  std::string nickname;
  std::string email;
  std::string password_hash;
  Role role = Role::member;
  std::optional<std::string> first_name;
  std::optional<std::string> last_name;
  std::optional<std::int64_t> age;
  std::optional<std::string> gender;
};

struct Credentials {
  UserId id;
  std::string password_hash;
};

// A change of one member: not asked for, emptied, or set.
template <class T>
struct Change {
  bool asked = false;
  std::optional<T> value = {};
};

struct ProfileChange {
  std::optional<std::string> email;
  Change<std::string> first_name;
  Change<std::string> last_name;
  Change<std::int64_t> age;
  Change<std::string> gender;
  std::optional<std::string> bio;
  Change<std::string> avatar_url;
};

struct AdminChange {
  std::optional<Role> role;
  Change<std::int64_t> suspended_until;
  Change<std::string> suspension_reason;
};

// A session as stored. In the order of the columns.
struct SessionRow {
  SessionId id;
  std::string sid;  // what tokens carry: 128 random bits, hexadecimal
  UserId user_id;
  std::string refresh_hash;
  std::int64_t created_at = 0;
  std::int64_t last_used_at = 0;
  std::int64_t expires_at = 0;
  std::string user_agent;
  std::string address;
};

// Where a request came from, for the list of sessions.
struct Caller {
  std::string address;
  std::string user_agent;
};

// What a login gives.
struct SignedIn {
  Account user;
  std::string access_token;
  std::int64_t access_seconds = 0;
  std::string refresh_token;
  std::int64_t refresh_seconds = 0;
};

}  // namespace stoa::auth

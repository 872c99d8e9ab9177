// How often somebody may try to log in: by address, and by the name tried.
#pragma once

#include <cstdint>
#include <deque>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace stoa::auth {

struct ThrottleLimits {
  int per_minute = 6;  // attempts of one address
  int per_hour = 30;   // attempts of one address
  int failures = 5;    // of one name, before the first delay
};

// [any-thread] Bounded memory: the names and addresses seen longest ago are forgotten first. Times are
// milliseconds of a clock that never goes back.
class LoginThrottle {
 public:
  // Counts an attempt. 0: go on; else the seconds to wait, and the attempt did not count.
  // A name's attempt counts as failed until succeeded() is called, so that many at once gain nothing.
  // Both the nickname and the e-mail address of an account have counts of their own: a shared one would tell
  // that they belong together.
  int attempt(std::string_view address, std::string_view name, const ThrottleLimits& limits,
              std::int64_t now_ms);
  // The same for a name alone: somebody who is logged in and gives a password again.
  int attempt(std::string_view name, const ThrottleLimits& limits, std::int64_t now_ms);
  void succeeded(std::string_view name);

  static constexpr std::size_t kMost = 20'000;  // entries of each kind
  static constexpr std::int64_t kFirstDelayMs = 5'000;
  static constexpr std::int64_t kLongestDelayMs = 15 * 60'000;
  static constexpr std::int64_t kForgetMs = 60 * 60'000;  // failures are forgotten after an hour of peace

 private:
  struct Address {
    std::deque<std::int64_t> attempts;  // of the last hour, oldest first
  };
  struct Name {
    int failures = 0;
    std::int64_t last_ms = 0;
  };
  // Keyed values in the order of their last use.
  template <class T>
  class Recent {
   public:
    T& use(const std::string& key);
    void erase(const std::string& key);

   private:
    std::list<std::pair<std::string, T>> order_;  // newest first
    std::unordered_map<std::string, typename std::list<std::pair<std::string, T>>::iterator> index_;
  };

  int wait_of_address(Address& entry, const ThrottleLimits& limits, std::int64_t now_ms) const;
  int wait_of_name(Name& entry, const ThrottleLimits& limits, std::int64_t now_ms) const;

  std::mutex mutex_;
  Recent<Address> addresses_;
  Recent<Name> names_;
};

// What one address is for the throttle: IPv6 networks of 64 bits count as one.
std::string throttle_address(std::string_view peer);

}  // namespace stoa::auth

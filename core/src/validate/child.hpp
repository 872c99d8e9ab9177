// A piece of work in a process of its own: it may crash, hang or end, and what it said until then is known.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace stoa::core::validate {

// [any-thread, in the child] What the work tells its parent.
class Teller {
 public:
  explicit Teller(int fd) : fd_(fd) {}
  // What begins now: named when the child crashes or hangs. Gives it a new time limit.
  void step(std::string_view name);
  // Added to the present step and to all that is told from now on: ", on a host without stoa.log/1".
  void under(std::string circumstances);
  // Something the plugin does that it must not.
  void fault(std::string_view sentence);
  // Worth knowing.
  void note(std::string_view sentence);

 private:
  void tell(char kind, std::string_view text);
  int fd_;
  std::mutex mutex_;
  std::string step_, circumstances_;
};

struct ChildResult {
  std::vector<std::string> faults;  // also how it died, and in which step
  std::vector<std::string> notes;
  std::chrono::milliseconds took{0};
};

// Forks: the caller has one thread. Both outputs of the child lead nowhere. `step_limit` is for each step,
// `limit` for all.
ChildResult in_child(const std::function<void(Teller&)>& work, std::chrono::milliseconds step_limit,
                     std::chrono::milliseconds limit);

}  // namespace stoa::core::validate

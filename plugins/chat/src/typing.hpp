// The operation "typing" on the channel of a conversation: passed on to the others who listen, kept nowhere.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "stoa/app.hpp"
#include "throttle.hpp"

namespace stoa::chat {

// [worker]
class Typing {
 public:
  using Publish =
      std::function<void(std::string_view channel, std::string_view data, std::string_view except)>;
  Typing(Throttle& throttle, Publish publish) : throttle_(throttle), publish_(std::move(publish)) {}

  // Errors: validation, rate_limited.
  Result<void> operate(const Operation& operation);

 private:
  Throttle& throttle_;
  Publish publish_;
};

}  // namespace stoa::chat

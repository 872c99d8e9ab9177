// The one reader of other plugins' events: which event means what.
#pragma once

#include <string>
#include <vector>

#include "reactions.hpp"

namespace stoa::notification {

// [writer]
class Subscriber {
 public:
  Subscriber(PostReactions& posts, ChatReactions& chat) : posts_(posts), chat_(chat) {}

  static std::vector<std::string> types();
  // An event whose data was redacted in the meantime means nothing.
  Result<void> apply(Tx& tx, const Event& event);

 private:
  PostReactions& posts_;
  ChatReactions& chat_;
};

}  // namespace stoa::notification

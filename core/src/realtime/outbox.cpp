#include "realtime/outbox.hpp"

#include <utility>

namespace stoa::core::realtime {
namespace {

constexpr std::size_t kFrameMessages = 256;
constexpr std::size_t kFrameBytes = 64 * 1024;

}  // namespace

void Outbox::push(Text text, Weight weight) {
  if (weight != Weight::replayed) {
    ++messages_;
    bytes_ += text->size();
  }
  waiting_.push_back({std::move(text), weight});
}

void Outbox::uncount(const Waiting& waiting) {
  if (waiting.weight == Weight::replayed) return;
  --messages_;
  bytes_ -= waiting.text->size();
}

void Outbox::drop_ephemeral() {
  std::erase_if(waiting_, [this](const Waiting& waiting) {
    if (waiting.weight != Weight::ephemeral) return false;
    uncount(waiting);
    return true;
  });
}

void Outbox::clear() {
  waiting_ = {};
  messages_ = 0;
  bytes_ = 0;
}

std::vector<Text> Outbox::take() {
  std::size_t count = 0;
  std::size_t bytes = 0;
  while (count < waiting_.size() && count < kFrameMessages) {
    bytes += waiting_[count].text->size() + 1;
    if (count > 0 && bytes > kFrameBytes) break;
    ++count;
  }
  std::vector<Text> out;
  out.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    uncount(waiting_[i]);
    out.push_back(std::move(waiting_[i].text));
  }
  if (count == waiting_.size()) {
    // Most sockets wait for nothing most of the time: keep no memory for them.
    waiting_ = {};
  } else {
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<long>(count));
  }
  return out;
}

}  // namespace stoa::core::realtime

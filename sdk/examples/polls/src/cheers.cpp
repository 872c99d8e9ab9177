#include "cheers.hpp"

#include <stoa/json.hpp>

namespace stoa::polls {

namespace {
constexpr std::uint32_t kTogetherMs = 500;
}

Result<void> Cheers::add(const std::string& channel) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto waiting = waiting_.find(channel);
  if (waiting != waiting_.end()) {
    ++waiting->second.count;
    return {};
  }
  auto timer = app_.after(kTogetherMs, [this, channel](const Job&) { tell(channel); });
  if (!timer) return timer.error();
  waiting_[channel] = {1, *timer};
  return {};
}

void Cheers::tell(const std::string& channel) {
  std::int64_t count = 0;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto waiting = waiting_.find(channel);
    if (waiting == waiting_.end()) return;
    count = waiting->second.count;
    waiting_.erase(waiting);
  }
  app_.ephemeral(channel, "polls.cheers", Json().begin_object().field("count", count).end_object().take());
}

void Cheers::stop() {
  std::map<std::string, Waiting> waiting;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    waiting.swap(waiting_);
  }
  for (const auto& [channel, cheers] : waiting) app_.cancel(cheers.timer);
}

}  // namespace stoa::polls

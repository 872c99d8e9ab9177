#include "work/backlog.hpp"

#include <algorithm>

namespace stoa::core::work {

using std::chrono::nanoseconds;

namespace {

constexpr int kPast = 32;  // how many intervals the average goes back

}  // namespace

void Backlog::began(const Patience& patience, Time now) {
  recover(patience, now - last_);
  last_ = now;
}

void Backlog::left(const Patience& patience, std::size_t waiting, Time now) {
  const nanoseconds interval = now - last_;
  last_ = now;
  interval_ += (interval - interval_) / kPast;
  if (expected_wait(waiting) <= patience.standing) return recover(patience, interval);
  strain_ = std::min<nanoseconds>(strain_ + interval, patience.lasting);
}

void Backlog::recover(const Patience& patience, nanoseconds calm) {
  strain_ = std::max(strain_ - calm / patience.recovery, nanoseconds{0});
}

bool Backlog::is_too_long(const Patience& patience, std::size_t waiting) const {
  if (waiting < patience.jobs) return false;
  const double spent =
      static_cast<double>(strain_.count()) / static_cast<double>(nanoseconds(patience.lasting).count());
  const double most = static_cast<double>(nanoseconds(patience.burst).count()) * (1 - spent) +
                      static_cast<double>(nanoseconds(patience.standing).count()) * spent;
  return static_cast<double>(expected_wait(waiting + 1).count()) > most;
}

}  // namespace stoa::core::work

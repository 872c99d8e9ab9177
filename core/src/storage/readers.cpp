#include "storage/readers.hpp"

#include <utility>

namespace stoa::core::storage {

Readers::Readers(ConnectionOptions options, std::size_t limit, std::chrono::milliseconds patience)
    : options_(std::move(options)), limit_(limit), patience_(patience) {}

Result<Readers::Lease> Readers::lend() {
  std::unique_lock lock(mutex_);
  const auto may_go = [this] { return closed_ || !idle_.empty() || out_ < limit_; };
  if (!returned_.wait_for(lock, patience_, may_go)) {
    return Error{ErrorCode::overloaded, "Too many reads at once.", {}, {}, 1};
  }
  if (closed_) return Error{ErrorCode::unavailable, "The storage is closed.", {}};
  ++out_;
  if (!idle_.empty()) {
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    return Lease(*this, std::move(connection));
  }
  lock.unlock();
  auto opened = Connection::open(options_);
  if (opened) return Lease(*this, std::move(*opened));
  give_back(nullptr);
  return opened.error();
}

void Readers::give_back(std::unique_ptr<Connection> connection) {
  if (connection && connection->is_broken()) connection.reset();
  std::lock_guard lock(mutex_);
  --out_;
  if (connection) idle_.push_back(std::move(connection));
  returned_.notify_all();
}

void Readers::close() {
  std::unique_lock lock(mutex_);
  closed_ = true;
  returned_.notify_all();
  returned_.wait(lock, [this] { return out_ == 0; });
  idle_.clear();
}

}  // namespace stoa::core::storage

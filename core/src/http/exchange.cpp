#include "http/exchange.hpp"

#include <utility>

namespace stoa::core::http {

namespace {
constexpr std::size_t kPooled = 32;
constexpr std::size_t kPooledBytes = 16 * 1024;
constexpr std::size_t kPooledFields = 128;
}  // namespace

LiveExchange::LiveExchange(std::unique_ptr<Contents> contents, std::weak_ptr<Connection> connection,
                           std::shared_ptr<Mailbox> mailbox, std::shared_ptr<Pool> pool, std::uint64_t serial)
    : contents_(std::move(contents)),
      connection_(std::move(connection)),
      mailbox_(std::move(mailbox)),
      pool_(std::move(pool)),
      serial_(serial) {}

LiveExchange::~LiveExchange() {
  if (handed_over_ && !answered()) mailbox_->post(Dropped{connection_, serial_, contents_->request_id});
  if (!mailbox_->is_owner() || pool_->size() >= kPooled) return;
  if (contents_->body.capacity() > kPooledBytes || contents_->head.block.capacity() > kPooledBytes ||
      contents_->head.fields.capacity() > kPooledFields)
    return;
  contents_->body.clear();
  contents_->body_too_large = false;
  contents_->owner.clear();
  contents_->response = {};
  contents_->taken = nullptr;
  pool_->push_back(std::move(contents_));
}

bool LiveExchange::respond(Response response) {
  if (!claim()) return false;
  contents_->response = std::move(response);
  deliver();
  return true;
}

void LiveExchange::detach(std::function<void(int fd, std::string leftover)> taken) {
  if (!head().websocket || !claim()) return;
  contents_->taken = std::move(taken);
  deliver();
}

void LiveExchange::deliver() {
  if (mailbox_->is_owner() && inside_handle_) {
    ready_ = true;
  } else {
    mailbox_->post(Answered{shared_from_this()});
  }
}

void LiveExchange::enter() {
  handed_over_ = true;
  inside_handle_ = true;
}

bool LiveExchange::leave() {
  inside_handle_ = false;
  return ready_;
}

}  // namespace stoa::core::http

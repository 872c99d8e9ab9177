#include "http/mailbox.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "http/exchange.hpp"

namespace stoa::core::http {

Mailbox::Mailbox() : descriptor_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

Mailbox::~Mailbox() {
  ::close(descriptor_);
}

void Mailbox::post(Message message) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    messages_.push_back(std::move(message));
    if (messages_.size() > 1) return;
  }
  wake();
}

void Mailbox::wake() const {
  ::eventfd_write(descriptor_, 1);
}

void Mailbox::take(std::vector<Message>& into) {
  const std::lock_guard lock(mutex_);
  into.swap(messages_);
}

void Mailbox::close() {
  std::vector<Message> rest;
  const std::lock_guard lock(mutex_);
  closed_ = true;
  rest.swap(messages_);
}

}  // namespace stoa::core::http

// Connection::when_answered, for the sources that ask the backend.
#pragma once

#include <memory>
#include <utility>

#include "realtime/connection.hpp"
#include "realtime/inbox.hpp"
#include "realtime/switchboard.hpp"

namespace stoa::core::realtime {

template <class Value>
std::function<void(Value)> Connection::when_answered(std::function<void(Connection&, Value)> then) {
  return [inbox = board_.inbox(), weak = weak_from_this(), ticket = ++ticket_,
          then = std::move(then)](Value value) {
    inbox->push(Answer{[weak, ticket, then, value = std::move(value)]() mutable {
      const auto self = weak.lock();
      if (!self || self->closed_ || self->ticket_ != ticket) return;
      ++self->ticket_;
      then(*self, std::move(value));
    }});
  };
}

}  // namespace stoa::core::realtime

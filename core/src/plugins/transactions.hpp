// Open transactions and cursors as plugins hold them: numbers, found on the thread that runs the closure and
// nowhere else.
#pragma once

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "plugins/boundary.hpp"
#include "plugins/generation.hpp"
#include "storage/database.hpp"

namespace stoa::core::plugins {

using OpenCursor = std::unique_ptr<storage::Cursor>;

// Around a closure. Nests: a service may read within a read.
class OpenTransaction {
 public:
  OpenTransaction(Generation& owner, storage::Transaction& transaction);
  OpenTransaction(const OpenTransaction&) = delete;
  OpenTransaction& operator=(const OpenTransaction&) = delete;
  ~OpenTransaction();

  Generation& owner;
  storage::Transaction& transaction;
  stoa_tx* handle() const { return as_pointer<stoa_tx>(handle_); }

  stoa_cursor* open(OpenCursor cursor);

 private:
  friend OpenTransaction* transaction_of(const stoa_tx* handle, std::string_view call);
  friend OpenCursor* cursor_of(const stoa_cursor* handle, std::string_view call);
  friend void close_cursor(const stoa_cursor* handle);

  const Handle handle_;
  OpenTransaction* const outer_;
  std::vector<std::pair<Handle, OpenCursor>> cursors_;
};

// Null: it is over or another thread's, and the broken promise is noted.
OpenTransaction* transaction_of(const stoa_tx* handle, std::string_view call);
OpenCursor* cursor_of(const stoa_cursor* handle, std::string_view call);
void close_cursor(const stoa_cursor* handle);

// Every function that only a write closure may call.
template <class F>
stoa_status in_write(const stoa_tx* handle, std::string_view call, F&& work) {
  return at_boundary(call, [&]() -> stoa_status {
    OpenTransaction* tx = transaction_of(handle, call);
    if (!tx) return STOA_E_STALE;
    if (!tx->transaction.writable()) return wrong_state(tx->owner, call, "is for write closures only");
    return work(*tx);
  });
}

}  // namespace stoa::core::plugins

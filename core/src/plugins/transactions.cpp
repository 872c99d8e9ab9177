#include "plugins/transactions.hpp"

#include <algorithm>

namespace stoa::core::plugins {
namespace {

thread_local OpenTransaction* innermost = nullptr;

template <class Cursors>
auto find(Cursors& cursors, Handle handle) {
  return std::find_if(cursors.begin(), cursors.end(),
                      [&](const auto& cursor) { return cursor.first == handle; });
}

}  // namespace

OpenTransaction::OpenTransaction(Generation& for_whom, storage::Transaction& open)
    : owner(for_whom), transaction(open), handle_(new_handle(for_whom)), outer_(innermost) {
  innermost = this;
}

OpenTransaction::~OpenTransaction() {
  innermost = outer_;
}

stoa_cursor* OpenTransaction::open(OpenCursor cursor) {
  const Handle handle = new_handle(owner);
  cursors_.emplace_back(handle, std::move(cursor));
  return as_pointer<stoa_cursor>(handle);
}

OpenTransaction* transaction_of(const stoa_tx* handle, std::string_view call) {
  for (OpenTransaction* tx = innermost; tx; tx = tx->outer_) {
    if (tx->handle_ == as_handle(handle)) return tx;
  }
  stale(as_handle(handle), call);
  return nullptr;
}

OpenCursor* cursor_of(const stoa_cursor* handle, std::string_view call) {
  for (OpenTransaction* tx = innermost; tx; tx = tx->outer_) {
    const auto found = find(tx->cursors_, as_handle(handle));
    if (found != tx->cursors_.end()) return &found->second;
  }
  stale(as_handle(handle), call);
  return nullptr;
}

void close_cursor(const stoa_cursor* handle) {
  for (OpenTransaction* tx = innermost; tx; tx = tx->outer_) {
    const auto found = find(tx->cursors_, as_handle(handle));
    if (found == tx->cursors_.end()) continue;
    tx->cursors_.erase(found);
    return;
  }
  stale(as_handle(handle), "storage.close");
}

}  // namespace stoa::core::plugins

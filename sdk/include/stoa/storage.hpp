// Storage: closures with a transaction, statements with typed rows, events in the same transaction.
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "stoa/host.hpp"
#include "stoa/id.hpp"
#include "stoa/result.hpp"

namespace stoa {

namespace detail {

inline stoa_value bind(std::nullptr_t) {
  return {STOA_NULL, 0, {0}};
}
inline stoa_value bind(std::nullopt_t) {
  return {STOA_NULL, 0, {0}};
}
template <class T, std::enable_if_t<std::is_integral_v<T> || std::is_enum_v<T>, int> = 0>
stoa_value bind(T value) {
  return {STOA_INTEGER, 0, {static_cast<std::int64_t>(value)}};
}
inline stoa_value bind(double value) {
  stoa_value out{STOA_REAL, 0, {0}};
  out.as.real = value;
  return out;
}
inline stoa_value bind(std::string_view value) {
  stoa_value out{STOA_TEXT, 0, {0}};
  out.as.text = str(value);
  return out;
}
inline stoa_value bind(const std::string& value) {
  return bind(std::string_view(value));
}
inline stoa_value bind(const char* value) {
  return bind(std::string_view(value));
}
template <class Tag>
stoa_value bind(Id<Tag> id) {
  return bind(id.value);
}
template <class T>
stoa_value bind(const std::optional<T>& value) {
  return value ? bind(*value) : bind(nullptr);
}

template <class T>
struct Column {
  static_assert(std::is_integral_v<T> || std::is_enum_v<T>,
                "a column is read as an integer, double, string or Id");
  static constexpr stoa_type kType = STOA_INTEGER;
  static T read(const stoa_value& value) {
    return static_cast<T>(value.type == STOA_INTEGER ? value.as.integer : 0);
  }
};
template <>
struct Column<double> {
  static constexpr stoa_type kType = STOA_REAL;
  static double read(const stoa_value& value) { return value.type == STOA_REAL ? value.as.real : 0; }
};
template <>
struct Column<std::string> {
  static constexpr stoa_type kType = STOA_TEXT;
  static std::string read(const stoa_value& value) {
    return value.type == STOA_NULL ? std::string() : std::string(view(value.as.text));
  }
};
template <class Tag>
struct Column<Id<Tag>> {
  static constexpr stoa_type kType = STOA_INTEGER;
  static Id<Tag> read(const stoa_value& value) { return {Column<std::int64_t>::read(value)}; }
};
template <class T>
struct Column<std::optional<T>> {
  static constexpr stoa_type kType = Column<T>::kType;
  static std::optional<T> read(const stoa_value& value) {
    if (value.type == STOA_NULL) return std::nullopt;
    return Column<T>::read(value);
  }
};

}  // namespace detail

// The rows of one query. NULL in a column that is not std::optional reads as 0 or "".
template <class... T>
class Rows {
 public:
  using Row = std::tuple<T...>;

  Rows(const detail::Host& host, Result<stoa_cursor*> cursor)
      : host_(&host), cursor_(cursor ? *cursor : nullptr), error_(cursor ? Error{} : cursor.error()) {}
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;
  ~Rows() {
    if (cursor_) host_->storage->close(cursor_);
  }

  // Calls visit(T&&...) for each row.
  template <class F>
  Result<void> each(F&& visit) {
    for (;;) {
      const Result<bool> has_row = next();
      if (!has_row) return has_row.error();
      if (!*has_row) return {};
      read(visit, std::index_sequence_for<T...>{});
    }
  }
  Result<std::vector<Row>> all() { return all_as<Row>(); }
  // Each row as S{column…}.
  template <class S>
  Result<std::vector<S>> all_as() {
    std::vector<S> rows;
    if (auto done = each([&](T&&... column) { rows.push_back(S{std::move(column)...}); }); !done)
      return done.error();
    return rows;
  }
  Result<std::optional<Row>> first() { return first_as<Row>(); }
  template <class S>
  Result<std::optional<S>> first_as() {
    std::optional<S> row;
    const Result<bool> has_row = next();
    if (!has_row) return has_row.error();
    if (!*has_row) return row;
    const auto keep = [&](T&&... column) { row.emplace(S{std::move(column)...}); };
    read(keep, std::index_sequence_for<T...>{});
    return row;
  }

 private:
  Result<bool> next() {
    if (!cursor_) return error_;
    int has_row = 0;
    const stoa_status status = host_->storage->next(cursor_, row_, sizeof...(T), &has_row);
    if (status != STOA_OK) return host_->error(status);
    return has_row != 0;
  }
  template <class F, size_t... I>
  void read(F&& visit, std::index_sequence<I...>) {
    visit(detail::Column<T>::read(row_[I])...);
  }

  const detail::Host* host_;
  stoa_cursor* cursor_;
  stoa_value row_[sizeof...(T)] = {};
  Error error_;
};

// An event for the log. The audience is always named: listeners of `channels`, and durable subscribers.
struct NewEvent {
  std::string_view type;     // "posts.comment.created"
  std::string_view subject;  // "comment:17"; may be empty
  std::vector<std::string> channels;
  std::string_view data;  // a JSON object
};

// A transaction. Valid in its closure, on that thread.
class Tx {
 public:
  Tx(const detail::Host& host, stoa_tx* tx) : host_(host), tx_(tx) {}

  // Rows changed.
  template <class... P>
  Result<std::int64_t> exec(std::string_view sql, const P&... parameters) {
    const stoa_value values[] = {detail::bind(parameters)..., detail::bind(nullptr)};
    std::int64_t changed = 0;
    const stoa_status status = host_.storage->exec(tx_, detail::str(sql), values, sizeof...(P), &changed);
    if (status != STOA_OK) return host_.error(status);
    return changed;
  }
  template <class... T, class... P>
  Rows<T...> query(std::string_view sql, const P&... parameters) {
    const stoa_value values[] = {detail::bind(parameters)..., detail::bind(nullptr)};
    const stoa_type types[] = {detail::Column<T>::kType...};
    stoa_cursor* cursor = nullptr;
    const stoa_status status =
        host_.storage->query(tx_, detail::str(sql), values, sizeof...(P), types, sizeof...(T), &cursor);
    if (status != STOA_OK) return Rows<T...>(host_, host_.error(status));
    return Rows<T...>(host_, cursor);
  }
  std::int64_t last_insert_id() { return host_.storage->last_insert_id(tx_); }
  // The event log's head in this snapshot: what Stoa-Seq tells.
  Result<std::uint64_t> log_head() {
    std::uint64_t seq = 0;
    if (const stoa_status status = host_.storage->log_head(tx_, &seq); status != STOA_OK)
      return host_.error(status);
    return seq;
  }

  // Write closures only, all at the commit.
  Result<std::uint64_t> emit(const NewEvent& event) {
    std::vector<stoa_str> channels;
    for (const std::string& channel : event.channels) channels.push_back(detail::str(channel));
    stoa_new_event c{};
    c.size = sizeof c;
    c.type = detail::str(event.type);
    c.subject = detail::str(event.subject);
    c.channels = channels.data();
    c.channel_count = channels.size();
    c.data = detail::str(event.data);
    std::uint64_t seq = 0;
    if (const stoa_status status = host_.events->emit(tx_, &c, &seq); status != STOA_OK)
      return host_.error(status);
    return seq;
  }
  // Empties the data of this plugin's earlier events with that subject.
  Result<void> redact(std::string_view subject) {
    return host_.check(host_.events->redact(tx_, detail::str(subject)));
  }
  // An entry for a queue of this plugin, see App::queue: run after the commit, not before run_at_ms (wall
  // clock; 0: at once). Errors: too_large (over 64 KiB), overloaded, not_found (no such queue).
  Result<void> enqueue(std::string_view queue, std::string_view payload, std::int64_t run_at_ms = 0) {
    return host_.check(host_.jobs->enqueue(tx_, detail::str(queue), detail::str(payload), run_at_ms));
  }
  // Cached answers with these tags are dropped.
  Result<void> drop_tags(const std::vector<std::string>& tags) {
    std::vector<stoa_str> c;
    for (const std::string& tag : tags) c.push_back(detail::str(tag));
    return host_.check(host_.storage->drop_tags(tx_, c.data(), c.size()));
  }
  // Runs on the writer thread after the commit; dropped when the closure fails. Short, no storage calls.
  Result<void> on_commit(std::function<void()> action) {
    auto* held = new std::function<void()>(std::move(action));
    const stoa_status status = host_.storage->on_commit(
        tx_, held,
        [](void* self) {
          std::unique_ptr<std::function<void()>> owned(static_cast<std::function<void()>*>(self));
          try {
            (*owned)();
          } catch (...) {
          }
        },
        [](void* self) { delete static_cast<std::function<void()>*>(self); });
    if (status == STOA_OK) return {};
    delete held;
    return host_.error(status);
  }
  Result<void> revoke(std::string_view channel, UserId user) {
    return host_.check(host_.realtime->revoke(tx_, detail::str(channel), user.value));
  }
  Result<void> end_session(std::string_view session) {
    return host_.check(host_.realtime->end_session(tx_, detail::str(session)));
  }
  Result<void> recheck_user(UserId user) {
    return host_.check(host_.realtime->recheck_user(tx_, user.value));
  }

 private:
  const detail::Host& host_;
  stoa_tx* tx_;
};

namespace detail {

// What a storage closure returns, kept on this side of the boundary.
template <class F>
struct Closure {
  using Outcome = std::invoke_result_t<F&, Tx&>;  // a Result
  const Host& host;
  F& work;
  std::optional<Outcome> outcome = {};
  std::exception_ptr thrown = {};

  static stoa_status run(void* self, stoa_tx* c) noexcept {
    auto& closure = *static_cast<Closure*>(self);
    try {
      Tx tx(closure.host, c);
      closure.outcome.emplace(closure.work(tx));
      return *closure.outcome ? STOA_OK : to_status(closure.outcome->error().code);
    } catch (...) {
      closure.thrown = std::current_exception();
      return STOA_E_INTERNAL;
    }
  }
  Outcome finish(stoa_status status) {
    if (thrown) std::rethrow_exception(thrown);
    if (outcome && (!*outcome || status == STOA_OK)) return std::move(*outcome);
    return host.error(status);
  }
};

// A storage closure nobody waits for.
struct LaterClosure {
  const Host& host;
  std::function<Result<void>(Tx&)> work;
  std::function<void(Result<void>)> done;
  Result<void> outcome = {};

  static stoa_status run(void* self, stoa_tx* c) noexcept {
    auto& closure = *static_cast<LaterClosure*>(self);
    try {
      Tx tx(closure.host, c);
      closure.outcome = closure.work(tx);
      return closure.outcome ? STOA_OK : to_status(closure.outcome.error().code);
    } catch (...) {
      closure.host.log_exception("write_async");
      closure.outcome = Error{ErrorCode::internal};
      return STOA_E_INTERNAL;
    }
  }
  static void finish(void* self, stoa_status status) noexcept {
    const std::unique_ptr<LaterClosure> closure(static_cast<LaterClosure*>(self));
    try {
      if (status != STOA_OK && closure->outcome) closure->outcome = closure->host.error(status);
      closure->done(std::move(closure->outcome));
    } catch (...) {
      closure->host.log_exception("write_async");
    }
  }
};

}  // namespace detail

// [worker][jobs], and [lifecycle] from start on.
class Storage {
 public:
  explicit Storage(const detail::Host& host) : host_(host) {}

  // work(Tx&) -> Result<T>, in one snapshot. Errors and exceptions of `work` reach the caller.
  template <class F>
  auto read(F&& work) {
    detail::Closure<F> closure{host_, work};
    return closure.finish(host_.storage->read(host_.ctx, &detail::Closure<F>::run, &closure));
  }
  // The same on the writer thread; returns once the change is on the disk. A failed closure leaves no trace.
  template <class F>
  auto write(F&& work) {
    detail::Closure<F> closure{host_, work};
    return closure.finish(host_.storage->write(host_.ctx, &detail::Closure<F>::run, &closure));
  }
  // [any-thread but the writer] The same without waiting. `done` is called once: on the writer thread after
  // the sync (short, no storage calls), or at once when the queue is full.
  void write_async(std::function<Result<void>(Tx&)> work, std::function<void(Result<void>)> done) {
    auto* closure = new detail::LaterClosure{host_, std::move(work), std::move(done)};
    const stoa_status status = host_.storage->write_async(host_.ctx, &detail::LaterClosure::run, closure,
                                                          &detail::LaterClosure::finish);
    if (status != STOA_OK) detail::LaterClosure::finish(closure, status);  // the host did not take it
  }

 private:
  const detail::Host& host_;
};

}  // namespace stoa

// One client: reads its requests in turn, hands them to the application, sends the answers in order.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "http/exchange.hpp"
#include "http/io_thread.hpp"
#include "http/output.hpp"
#include "http/reader.hpp"

namespace stoa::core::http {

// [io] All of it, on the thread that owns it. The descriptor is non-blocking and belongs to the IoThread.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(IoThread& io, int descriptor, std::string peer);

  // Edge-triggered. `to_the_end`: the peer has closed its side, so reading goes on until zero or EAGAIN.
  void on_readable(bool to_the_end);
  void on_writable();
  void on_hangup();  // neither side can send any more
  void on_turn();    // asked for with IoThread::again
  void on_deadline();
  void on_answer(LiveExchange& exchange);
  void on_drop(std::uint64_t serial, const std::string& request_id);
  void on_finish();  // no further requests
  void refuse(int status);
  void close();

  bool blocked() const { return waiting_ != nullptr; }

 private:
  using Time = std::chrono::steady_clock::time_point;
  enum class State : std::uint8_t {
    head,  // between requests, or within a head
    body,
    answering,  // the application has the request
    ending,     // the last answer is on its way
    draining,   // it has gone out: what the client still sends is thrown away, so that it reads the answer
    closed,
  };

  bool wants_input() const { return (state_ == State::head || state_ == State::body) && !waiting_; }
  void read();
  void drain();
  void resume();
  std::size_t consume(std::string_view input);
  std::size_t consume_head(std::string_view input);
  std::size_t consume_body(std::string_view input);
  void consume_kept();
  void start_body(std::string_view rest);
  void dispatch();
  void answer(LiveExchange& exchange);
  void finish(const Response& response, const std::string& request_id, std::string_view owner = {});
  // `head`: what has come of the request's head, while it is not complete.
  void refuse_request(int status, std::string_view head = {});
  void flush();
  void settle();
  void end();
  void hand_over();
  void schedule();
  void reset();

  IoThread& io_;
  const int descriptor_;
  State state_ = State::head;
  bool readable_ = false;  // an event came and reading has not run dry since
  bool to_the_end_ = false;
  bool input_over_ = false;  // the peer sends no more
  bool served_ = false;      // at least one request was read
  bool unread_ = false;      // the client may be sending what nobody will read
  bool watched_ = false;     // for writing
  bool keep_alive_ = true;   // of the request in hand
  bool to_head_ = false;
  std::uint32_t drained_ = 0;
  std::uint64_t serial_ = 0;  // of the request in hand
  Reader reader_;
  std::string kept_;  // read, but not yet consumed from kept_from_ on
  std::size_t kept_from_ = 0;
  std::string peer_;
  std::shared_ptr<LiveExchange> exchange_;  // its body is being read, or it is about to be handed over
  std::unique_ptr<Output> waiting_;         // what the socket did not take
  Time since_;                              // start of the head, the body, the wait or the drain
  Time received_;                           // the request in hand
  Time now_;                                // when the running event began
};

}  // namespace stoa::core::http

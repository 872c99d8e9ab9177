#include "http/server.hpp"

#include <fcntl.h>
#include <pistache/listener.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <mutex>

#include "http/io_thread.hpp"
#include "http/transport.hpp"

namespace stoa::core::http {

namespace {

namespace tcp = Pistache::Tcp;

constexpr std::size_t kBacklog = 4096;
constexpr std::size_t kOtherDescriptors = 128;  // databases, logs, plugins
constexpr std::size_t kRefusedAtOnce = 256;

// Pistache can stop accepting only together with its reactor, which still has answers to send. Naming a
// private member in an explicit instantiation is allowed; if the member goes, this stops compiling.
template <int tcp::Listener::*Member>
struct Reach {
  friend int listening_descriptor(const tcp::Listener& listener) { return listener.*Member; }
};
int listening_descriptor(const tcp::Listener& listener);
template struct Reach<&tcp::Listener::listen_fd>;

// Closes the listening socket in a way that its accepting thread does not notice: a socket that nobody can
// reach takes over the number.
void stop_listening(const tcp::Listener& listener) {
  const int unreachable = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (unreachable < 0) return;
  ::dup3(unreachable, listening_descriptor(listener), O_CLOEXEC);
  ::close(unreachable);
}

void ignore_sigpipe() {
  struct sigaction action {};
  ::sigaction(SIGPIPE, nullptr, &action);
  if (action.sa_handler != SIG_DFL) return;
  action.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &action, nullptr);
}

// How the descriptors that files do not need are shared out. Without any left, Pistache's accepting thread
// would spin, and the database could not open another session.
struct Allotment {
  std::size_t connections, refused, backlog;
};
Allotment allot(std::size_t wanted) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return {wanted, kRefusedAtOnce, kBacklog};
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const auto most = static_cast<std::size_t>(limit.rlim_cur);
  const std::size_t free = most > 2 * kOtherDescriptors ? most - kOtherDescriptors : most / 2;
  // Each for those that are being refused, and for those that are accepted but not looked at yet.
  const std::size_t margin = std::min(kRefusedAtOnce, free / 8);
  const std::size_t unseen = std::min(kBacklog, std::max<std::size_t>(free / 8, 1));
  return {std::min(wanted, free - margin - std::min(unseen, free / 8)), margin, unseen};
}

// Signals are for the threads of the process that ask for them; a thread inherits its maker's mask.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

class PistacheServer final : public Server {
 public:
  PistacheServer(ServerOptions options, Application& application)
      : edge_(std::make_shared<Edge>(std::move(options), application)) {}
  ~PistacheServer() override { stop(std::chrono::milliseconds(0)); }

  Result<void> start() override;
  std::uint16_t port() const override { return port_; }
  void stop(std::chrono::milliseconds deadline) override;
  ServerStats stats() const override;

 private:
  void post(Command command);

  std::shared_ptr<Edge> edge_;
  std::mutex lifecycle_;
  std::unique_ptr<tcp::Listener> listener_;
  std::uint16_t port_ = 0;
};

Result<void> PistacheServer::start() {
  const std::lock_guard lock(lifecycle_);
  auto& options = edge_->options;
  const bool bare_ipv6 = options.host.find(':') != std::string::npos && options.host.front() != '[';
  const auto host = bare_ipv6 ? "[" + options.host + "]" : options.host;
  ignore_sigpipe();
  edge_->mailboxes.clear();
  edge_->counters.clear();
  const Allotment allotted = allot(options.max_connections);
  options.max_connections = allotted.connections;
  edge_->refused_at_once = allotted.refused;
  try {
    const SignalsBlocked blocked;
    auto listener = std::make_unique<tcp::Listener>();
    const Pistache::Flags<tcp::Options> flags(tcp::Options::ReuseAddr | tcp::Options::NoDelay |
                                              tcp::Options::CloseOnExec);
    listener->init(static_cast<std::size_t>(std::max(1, options.io_threads)), flags, "stoa-io",
                   static_cast<int>(allotted.backlog));
    listener->setTransportFactory([edge = edge_] { return std::make_shared<Transport>(edge); });
    listener->bind(Pistache::Address(host, Pistache::Port(options.port)));
    port_ = static_cast<std::uint16_t>(listener->getPort());
    listener->runThreaded();
    listener_ = std::move(listener);
  } catch (const std::exception& failure) {
    return Error{
        .code = ErrorCode::unavailable,
        .message = "Cannot listen on " + host + ":" + std::to_string(options.port) + ": " + failure.what(),
        .pointer = {}};
  }
  return {};
}

void PistacheServer::stop(std::chrono::milliseconds deadline) {
  const std::lock_guard lock(lifecycle_);
  if (!listener_) return;
  edge_->stopping = true;
  stop_listening(*listener_);
  post(Command::finish);
  {
    std::unique_lock changes(edge_->mutex);
    edge_->changed.wait_for(changes, deadline, [this] { return edge_->connections.load() == 0; });
  }
  post(Command::abandon);
  {
    std::unique_lock changes(edge_->mutex);
    edge_->changed.wait(changes, [this] { return edge_->abandoned == edge_->mailboxes.size(); });
  }
  listener_->shutdown();
  listener_.reset();
}

void PistacheServer::post(Command command) {
  const std::lock_guard lock(edge_->mutex);
  for (const auto& mailbox : edge_->mailboxes) mailbox->post(command);
}

ServerStats PistacheServer::stats() const {
  ServerStats stats;
  stats.connections = edge_->connections.load(std::memory_order_relaxed);
  const std::lock_guard lock(edge_->mutex);
  for (const auto& counters : edge_->counters) {
    stats.requests += counters->requests.load(std::memory_order_relaxed);
    stats.pending += counters->pending.load(std::memory_order_relaxed);
  }
  return stats;
}

}  // namespace

std::unique_ptr<Server> Server::create(ServerOptions options, Application& application) {
  return std::make_unique<PistacheServer>(std::move(options), application);
}

}  // namespace stoa::core::http

#include "harness/server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <random>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace stoa::harness {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

namespace {

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

fs::path scratch_directory() {
  std::string name = (fs::temp_directory_path() / "stoa-test-XXXXXX").string();
  if (!::mkdtemp(name.data())) throw std::runtime_error("mkdtemp " + name);
  return name;
}

bool is_free(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool free = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(fd);
  return free;
}

// Below the ephemeral ports, and locked against tests that run at the same time.
std::pair<int, int> reserve_port() {
  const fs::path directory =
      fs::temp_directory_path() / ("stoa-test-ports-" + std::to_string(static_cast<unsigned>(::getuid())));
  fs::create_directories(directory);
  std::mt19937 random(std::random_device{}());
  std::uniform_int_distribution<int> ports(20'000, 32'000);
  for (int attempt = 0; attempt < 1'000; ++attempt) {
    const int port = ports(random);
    const fs::path path = directory / std::to_string(port);
    const int lock = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0) continue;
    if (::flock(lock, LOCK_EX | LOCK_NB) == 0 && is_free(port)) return {port, lock};
    ::close(lock);
  }
  throw std::runtime_error("no free port");
}

constexpr std::chrono::seconds kStartPatience{120};

// The one of this build, or another that is to be tested.
std::string binary() {
  const char* other = std::getenv("STOA_TEST_BINARY");
  return other ? other : STOA_BINARY;
}

void open_as(int target, const fs::path& path, int flags) {
  const int fd = ::open(path.c_str(), flags, 0600);
  if (fd < 0 || ::dup2(fd, target) < 0) ::_exit(127);
}

pid_t spawn(const std::vector<std::string>& arguments, const std::vector<std::string>& environment,
            const fs::path& directory, const fs::path& out, const fs::path& err, int descriptors = 0) {
  std::vector<char*> argv;
  std::vector<char*> envp;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  for (const std::string& entry : environment) envp.push_back(const_cast<char*>(entry.c_str()));
  argv.push_back(nullptr);
  envp.push_back(nullptr);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) throw std::runtime_error("fork");
  if (pid > 0) return pid;
  // A test program that dies takes its servers along.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent || ::chdir(directory.c_str()) != 0) ::_exit(127);
  open_as(0, "/dev/null", O_RDONLY);
  open_as(1, out, O_WRONLY | O_CREAT | O_TRUNC);
  open_as(2, err, O_WRONLY | O_CREAT | O_APPEND);
  const rlimit limit{static_cast<rlim_t>(descriptors), static_cast<rlim_t>(descriptors)};
  if (descriptors > 0 && ::setrlimit(RLIMIT_NOFILE, &limit) != 0) ::_exit(127);
  ::execve(argv[0], argv.data(), envp.data());
  ::_exit(127);
}

int exit_code_of(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

std::string tail(const std::string& text) {
  return text.size() > 6'000 ? "…" + text.substr(text.size() - 6'000) : text;
}

}  // namespace

bool eventually(const std::function<bool()>& condition, milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (;;) {
    if (condition()) return true;
    if (std::chrono::steady_clock::now() >= deadline) return false;
    std::this_thread::sleep_for(milliseconds(5));
  }
}

TestServer::TestServer(ServerOptions options)
    : options_(std::move(options)), directory_(scratch_directory()) {
  std::tie(port_, port_lock_) = reserve_port();
  if (options_.start) start();
}

TestServer::~TestServer() {
  try {
    if (pid_ > 0) stop();
    check_log();
  } catch (const std::exception& e) {
    ADD_FAILURE() << e.what();
  }
  ::close(port_lock_);
  std::error_code ignored;
  if (const char* kept = std::getenv("STOA_TEST_LOGS")) {
    fs::create_directories(kept, ignored);
    fs::copy_file(directory_ / "err.txt", fs::path(kept) / (directory_.filename().string() + ".log"),
                  ignored);
  }
  fs::remove_all(directory_, ignored);
}

std::vector<std::string> TestServer::environment() const {
  std::map<std::string, std::string> all;
  for (char** entry = ::environ; *entry; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    if (text.rfind("STOA_", 0) == 0 || equals == std::string_view::npos) continue;
    all[std::string(text.substr(0, equals))] = text.substr(equals + 1);
  }
  all["STOA__HTTP__PORT"] = std::to_string(port_);
  all["STOA__DATA_DIR"] = data_dir().string();
  if (!options_.limits) all["STOA__LIMITS__ENABLED"] = "false";
  all["STOA__PLUGINS__CHECKED"] = "true";
  if (!options_.plugins.empty()) {
    std::string list;
    for (const std::string& plugin : options_.plugins) list += (list.empty() ? "" : ",") + plugin;
    all["STOA__PLUGINS__ENABLED"] = list;
  }
  // One process, whose id is that of the server.
  if (!options_.supervised) all["STOA__PLUGINS__RESTART_AFTER_CRASH"] = "false";
  for (const auto& [name, value] : options_.environment) all[name] = value;
  std::vector<std::string> out;
  for (const auto& [name, value] : all) out.push_back(name + "=" + value);
  return out;
}

bool TestServer::launch() {
  std::vector<std::string> arguments = {binary(), "serve"};
  arguments.insert(arguments.end(), options_.arguments.begin(), options_.arguments.end());
  std::vector<std::string> variables = environment();
  if (std::getenv("STOA_TEST_LOGS") && !options_.environment.contains("STOA__LOG__LEVEL")) {
    variables.emplace_back("STOA__LOG__LEVEL=debug");
  }
  pid_ = spawn(arguments, variables, directory_, directory_ / "out.txt", directory_ / "err.txt",
               options_.descriptors);
  return eventually(
      [&] {
        if (!is_running()) return true;
        try {
          return client().get("//readyz").status == 200;
        } catch (const std::exception&) {
          return false;  // not listening yet
        }
      },
      kStartPatience);
}

void TestServer::start() {
  if (pid_ > 0) throw std::logic_error("the server runs already");
  const bool answered = launch();
  if (answered && pid_ > 0) return;
  if (pid_ > 0) kill();
  throw std::runtime_error("the server did not become ready, exit code " + std::to_string(exit_code_) + "\n" +
                           tail(output()) + tail(log()));
}

bool TestServer::reap(milliseconds limit) {
  if (pid_ <= 0) return true;
  return eventually(
      [&] {
        int status = 0;
        const pid_t ended = ::waitpid(pid_, &status, WNOHANG);
        if (ended == 0) return false;
        exit_code_ = ended == pid_ ? exit_code_of(status) : -1;
        pid_ = -1;
        return true;
      },
      limit);
}

bool TestServer::is_running() {
  return pid_ > 0 && !reap(milliseconds(0));
}

int TestServer::stop() {
  if (pid_ <= 0) return exit_code_;
  signal(SIGTERM);
  if (!reap(kPatience)) {
    ADD_FAILURE() << "the server did not stop after SIGTERM\n" << tail(log());
    kill();
    return -1;
  }
  EXPECT_EQ(exit_code_, 0) << "how the server ended\n" << tail(log());
  return exit_code_;
}

void TestServer::kill() {
  if (pid_ <= 0) return;
  signal(SIGKILL);
  if (!reap(kPatience)) throw std::runtime_error("the server survived kill -9");
}

int TestServer::wait_ended() {
  if (!reap(kPatience)) throw std::runtime_error("the server did not end by itself");
  return exit_code_;
}

std::size_t TestServer::resident() const {
  std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
  for (std::string word; status >> word;) {
    std::size_t kilobytes = 0;
    if (word == "VmRSS:" && status >> kilobytes) return kilobytes * 1024;
  }
  throw std::runtime_error("the server's memory cannot be read");
}

void TestServer::signal(int number) {
  if (pid_ > 0) ::kill(pid_, number);
}

std::string TestServer::output() const {
  return read_file(directory_ / "out.txt");
}

std::string TestServer::log() const {
  return read_file(directory_ / "err.txt");
}

void TestServer::check_log() const {
  const std::string text = log();
  for (const char* sign : {"ERROR: AddressSanitizer", "ERROR: LeakSanitizer", "WARNING: ThreadSanitizer",
                           "runtime error:", "terminate called"}) {
    if (text.find(sign) == std::string::npos) continue;
    ADD_FAILURE() << "the server's log reports " << sign << "\n" << tail(text);
    return;
  }
}

std::string TestServer::setup_token() const {
  constexpr std::string_view kMark = "/setup?token=";
  std::string text;
  eventually([&] {
    text = output();
    const auto at = text.find(kMark);
    return at != std::string::npos && text.find('\n', at) != std::string::npos;
  });
  const auto at = text.find(kMark);
  if (at == std::string::npos) throw std::runtime_error("no setup link was announced:\n" + text);
  const auto begin = at + kMark.size();
  return text.substr(begin, text.find_first_of(" \r\n", begin) - begin);
}

std::string TestServer::registration(const std::string& nickname) {
  return object({{"nickname", nickname},
                 {"email", nickname + "@example.test"},
                 {"password", kPassword},
                 {"first_name", "Test"},
                 {"last_name", "Person"},
                 {"age", 30},
                 {"gender", "other"}});
}

Client TestServer::register_user(const std::string& nickname) const {
  Client client(address());
  const Reply reply = client.post("/auth/register", registration(nickname));
  if (reply.status != 201) throw std::runtime_error("registering " + nickname + " gave " + reply.body);
  client.adopt(reply);
  return client;
}

Client TestServer::login(const std::string& login, const std::string& password) const {
  Client client(address());
  const Reply reply = client.post("/auth/login", object({{"login", login}, {"password", password}}));
  if (reply.status != 200) throw std::runtime_error("login of " + login + " gave " + reply.body);
  client.adopt(reply);
  return client;
}

Client TestServer::create_admin(const std::string& nickname) const {
  Client client(address());
  const Reply reply = client.post("//setup", object({{"token", setup_token()},
                                                     {"nickname", nickname},
                                                     {"email", nickname + "@example.test"},
                                                     {"password", kPassword}}));
  if (reply.status != 201) throw std::runtime_error("the setup gave " + reply.body);
  client.adopt(reply);
  return client;
}

Outcome TestServer::run(const std::vector<std::string>& arguments) const {
  std::vector<std::string> all = {binary()};
  all.insert(all.end(), arguments.begin(), arguments.end());
  const fs::path place = scratch_directory();
  Outcome outcome;
  const pid_t pid = spawn(all, environment(), directory_, place / "out.txt", place / "err.txt");
  int status = 0;
  const bool ended = eventually([&] { return ::waitpid(pid, &status, WNOHANG) == pid; });
  if (ended) {
    outcome.exit_code = exit_code_of(status);
  } else {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, &status, 0);
  }
  outcome.out = read_file(place / "out.txt");
  outcome.err = read_file(place / "err.txt");
  std::error_code ignored;
  fs::remove_all(place, ignored);
  return outcome;
}

std::vector<std::vector<std::string>> TestServer::sql(const std::string& statements) const {
  if (pid_ > 0) throw std::logic_error("stop the server first");
  using Rows = std::vector<std::vector<std::string>>;
  Rows rows;
  sqlite3* database = nullptr;
  char* why = nullptr;
  const auto keep = [](void* out, int columns, char** values, char**) {
    auto& row = static_cast<Rows*>(out)->emplace_back();
    for (int i = 0; i < columns; ++i) row.emplace_back(values[i] ? values[i] : "");
    return 0;
  };
  const bool done = ::sqlite3_open((data_dir() / "stoa.db").c_str(), &database) == SQLITE_OK &&
                    ::sqlite3_exec(database, statements.c_str(), keep, &rows, &why) == SQLITE_OK;
  const std::string message = why ? why : ::sqlite3_errmsg(database);
  ::sqlite3_free(why);
  ::sqlite3_close(database);
  if (!done) throw std::runtime_error("sqlite: " + message);
  return rows;
}

}  // namespace stoa::harness

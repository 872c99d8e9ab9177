// Plugins switched off, on and upgraded again and again under load: no request fails but by the typed 404 of
// a plugin that is off, no socket is dropped, nothing is called after its end, nothing piles up.
// STOA_SWAP_CYCLES and STOA_SWAP_SOCKETS make it longer.
#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <mutex>
#include <set>
#include <thread>

#include "harness/harness.hpp"

namespace stoa::harness {
namespace {

namespace fs = std::filesystem;

int from_environment(const char* name, int otherwise) {
  const char* text = std::getenv(name);
  return text ? std::atoi(text) : otherwise;
}

class Swap : public ::testing::Test {
 protected:
  Swap() : server_({.start = false}) {
    fs::create_directory(directory());
    for (const char* id : {"auth", "posts", "chat", "notification"}) copy(STOA_BUNDLED_PLUGINS, id, false);
    copy(fs::path(STOA_TEST_PLUGINS) / "swapper_2", "swapper", false);
    server_.options().environment["STOA__PLUGINS__DIR"] = directory().string();
    std::ofstream(server_.directory() / "stoa.toml")
        << "[plugins]\nenabled = [\"auth\", \"posts\", \"chat\", \"notification\", \"swapper\"]\n";
    server_.start();
    boss_.emplace(server_.create_admin());
  }

  fs::path directory() const { return server_.directory() / "plugins"; }
  // `other`: bytes behind the end make another file of it, with the same code.
  void copy(const fs::path& from, const std::string& id, bool other) {
    const fs::path fresh = directory() / (id + ".new");
    fs::copy_file(from / (id + ".so"), fresh, fs::copy_options::overwrite_existing);
    if (other) std::ofstream(fresh, std::ios::app) << "other";
    fs::rename(fresh, directory() / (id + ".so"));
  }
  void act(const std::string& id, const std::string& what) {
    const Reply reply = boss_->post("/admin/plugins/" + id + "/" + what);
    ASSERT_EQ(reply.status, 200) << what << " " << id << ": " << reply;
  }
  std::size_t count_in(const char* what) const {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry :
         fs::directory_iterator("/proc/" + std::to_string(server_.pid()) + "/" + what))
      ++count;
    return count;
  }
  std::size_t images() const {
    std::ifstream maps("/proc/" + std::to_string(server_.pid()) + "/maps");
    std::set<std::string> files;
    for (std::string line; std::getline(maps, line);) {
      const auto at = line.find(server_.data_dir().string() + "/run/");
      if (at != std::string::npos) files.insert(line.substr(at));
    }
    return files.size();
  }

  Client again(const Client& client) const {
    Client same = server_.client();
    same.set_token(client.token());
    same.show(Client::Shows::bearer);
    return same;
  }

  TestServer server_;
  std::optional<Client> boss_;
};

// Asks in turn, on one keep-alive connection, until it is told to stop.
class Asker {
 public:
  Asker(Client client, std::vector<std::string> paths)
      : client_(std::move(client)), paths_(std::move(paths)) {
    thread_ = std::thread([this] { run(); });
  }
  void stop() {
    stopping_ = true;
    thread_.join();
  }
  std::string wrong;  // after stop()
  int good = 0, off = 0;

 private:
  void run() {
    try {
      for (std::size_t i = 0; !stopping_ && wrong.empty(); ++i) {
        const std::string& path = paths_[i % paths_.size()];
        const Reply reply = client_.get(path);
        if (reply.status == 200) {
          ++good;
        } else if (reply.status == 404 && reply.json()["type"] == "/problems/plugin-disabled") {
          ++off;
        } else {
          wrong = path + ": " + std::to_string(reply.status) + " " + reply.body;
        }
      }
    } catch (const std::exception& error) {
      wrong = error.what();
    }
  }

  Client client_;
  const std::vector<std::string> paths_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

TEST_F(Swap, UnderLoadNothingIsLost) {
  const int cycles = from_environment("STOA_SWAP_CYCLES", 4);
  const int socket_count = from_environment("STOA_SWAP_SOCKETS", 24);
  Client ada = server_.register_user("ada");
  std::vector<std::unique_ptr<Socket>> sockets;
  for (int i = 0; i < socket_count; ++i) {
    sockets.push_back(i % 16 == 1 ? Socket::open(ada) : Socket::open(server_.client()));
    sockets.back()->subscribe({"posts"});
  }
  std::vector<std::unique_ptr<Asker>> askers;
  const std::vector<std::string> public_paths = {"/x/swapper/version", "/posts", "/x/swapper/later",
                                                 "/plugins"};
  const std::vector<std::string> own_paths = {"/chat/unread", "/x/swapper/later", "/notifications/unread",
                                              "/users/me"};
  for (int i = 0; i < 2; ++i) {
    askers.push_back(std::make_unique<Asker>(server_.client(), public_paths));
    askers.push_back(std::make_unique<Asker>(again(ada), own_paths));
  }

  std::size_t images_early = 0, threads_early = 0, files_early = 0;
  for (int cycle = 0; cycle < cycles && !HasFatalFailure(); ++cycle) {
    const bool other = cycle % 2 == 0;
    for (const std::string id : {"notification", "chat", "swapper"}) {
      act(id, "disable");
      act(id, "enable");
    }
    for (const std::string id : {"notification", "chat"}) {
      copy(STOA_BUNDLED_PLUGINS, id, other);
      act(id, "upgrade");
    }
    copy(fs::path(STOA_TEST_PLUGINS) / (other ? "swapper_5" : "swapper_2"), "swapper", false);
    act("swapper", "upgrade");
    EXPECT_EQ(server_.client().get("/x/swapper/version").json()["version"], other ? 5 : 2);
    if (cycle == 1) {
      images_early = images();
      threads_early = count_in("task");
      files_early = count_in("fd");
    }
  }

  int good = 0, off = 0;
  for (const auto& asker : askers) {
    asker->stop();
    EXPECT_EQ(asker->wrong, "");
    good += asker->good;
    off += asker->off;
  }
  EXPECT_GT(good, cycles * 10);
  std::cout << good << " requests answered, " << off << " of plugins that were off\n";

  // Every socket is open, and hears what is published now.
  const Reply post = boss_->post(
      "/posts",
      object({{"title", "After all of it"}, {"body", "Everybody hears."}, {"category_ids", array({1})}}));
  ASSERT_EQ(post.status, 201) << post;
  const std::int64_t id = post.json()["id"].integer();
  for (const auto& socket : sockets) {
    EXPECT_FALSE(socket->is_closed());
    EXPECT_EQ(socket->wait_event("posts.post.created")["data"]["id"], id);
  }
  if (cycles >= 2) {
    EXPECT_EQ(images(), images_early);
    EXPECT_LE(count_in("task"), threads_early + 8);  // threads of the pool that replaced others
    EXPECT_LE(count_in("fd"), files_early + 8);
  }
}

}  // namespace
}  // namespace stoa::harness

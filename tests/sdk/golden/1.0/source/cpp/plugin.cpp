// Every table of the contract through the C++ wrapper. What it answers is what plugin.c and plugin.rs answer.
#include <atomic>
#include <charconv>
#include <cstdlib>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "stoa/identity.hpp"
#include "stoa/json.hpp"
#include "stoa/stoa.hpp"

#include "conform_sql.hpp"

namespace {

namespace sql = stoa::conform::sql;

constexpr const char* kHook = "conform.item.create/1";
constexpr const char* kService = "conform.sum/1";

// What this plugin offers others.
struct SumTable {
  std::uint32_t size;
  std::uint32_t reserved;
  std::int64_t (*add)(std::int64_t a, std::int64_t b);
};
const SumTable kSum = {sizeof(SumTable), 0, [](std::int64_t a, std::int64_t b) { return a + b; }};

struct Item {
  std::string name;
  std::optional<double> weight;
  std::string data;
};

// Answers of a thread of the plugin's own.
class Later {
 public:
  ~Later() { join(); }
  void answer(stoa::Deferred deferred, bool twice) {
    std::lock_guard lock(mutex_);
    threads_.emplace_back([this, deferred, twice] {
      deferred.complete(stoa::json(200, R"({"later":true})"));
      if (twice) second_ = deferred.complete(stoa::json(200, R"({"later":"twice"})"));
    });
  }
  bool second() const { return second_; }
  void join() {
    std::lock_guard lock(mutex_);
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

 private:
  std::mutex mutex_;
  std::vector<std::thread> threads_;
  std::atomic<bool> second_{true};
};

std::int64_t number(const stoa::Request& request, std::string_view name) {
  return std::strtoll(std::string(request.query(name).value_or("0")).c_str(), nullptr, 10);
}

std::string unquoted(std::string_view json) {
  return std::string(json.substr(1, json.size() - 2));
}

stoa::Verdict judge(std::string_view payload) {
  const std::string name = unquoted(payload);
  if (name == "refused") {
    return stoa::Verdict::rejected(
        {stoa::ErrorCode::validation, "This name is not wanted.", "/name", "refused"});
  }
  if (name == "plain") return stoa::Verdict::modified("\"changed\"");
  return stoa::Verdict::go_on();
}

stoa::Response add_item(stoa::App& app, stoa::Request& request) {
  auto checked = app.fire(kHook, "\"" + std::string(request.param("name")) + "\"");
  if (!checked) return checked.error();
  const std::string name = unquoted(*checked);
  std::optional<double> weight;
  if (const auto text = request.query("weight")) weight = std::strtod(std::string(*text).c_str(), nullptr);
  const std::string body(request.body());
  std::int64_t id = 0;
  std::uint64_t seq = 0;
  auto done = app.storage().write([&](stoa::Tx& tx) -> stoa::Result<void> {
    auto added = tx.exec(sql::add_item, name, weight, body, app.now_ms());
    if (!added) return added.error();
    id = tx.last_insert_id();
    const std::string number = std::to_string(id);
    auto event = tx.emit({"conform.item.created",
                          "item:" + number,
                          {"conform:items"},
                          R"({"id":)" + number + R"(,"name":")" + name + R"("})"});
    if (!event) return event.error();
    seq = *event;
    return {};
  });
  if (!done) return done.error();
  return stoa::json(201, stoa::Json().begin_object().field("id", id).field("seq", seq).end_object().take());
}

stoa::Response find_item(stoa::App& app, stoa::Request& request) {
  const auto id = request.id<stoa::UserId>("id").value;
  std::optional<Item> item;
  std::uint64_t seq = 0;
  auto done = app.storage().read([&](stoa::Tx& tx) -> stoa::Result<void> {
    auto row = tx.query<std::string, std::optional<double>, std::string>(sql::find_item, id).first_as<Item>();
    if (!row) return row.error();
    item = std::move(*row);
    auto head = tx.log_head();
    if (!head) return head.error();
    seq = *head;
    return {};
  });
  if (!done) return done.error();
  if (!item) return stoa::not_found();
  stoa::Json json;
  json.begin_object().field("id", id).field("name", item->name);
  json.raw_field("weight", item->weight ? std::to_string(*item->weight) : "null");
  json.raw_field("data", item->data).end_object();
  return stoa::json(200, json.take()).shared({"item:" + std::to_string(id)}, seq);
}

void add_routes(stoa::App& app) {
  auto& later = app.own<Later>();
  app.post("/api/v1/x/conform/items/{name:str}", stoa::Auth::none,
           [&app](stoa::Request& request) { return add_item(app, request); });
  app.get("/api/v1/x/conform/items/{id:int}", stoa::Auth::none,
          [&app](stoa::Request& request) { return find_item(app, request); });
  app.get("/api/v1/x/conform/seen", stoa::Auth::none, [&app](stoa::Request&) -> stoa::Response {
    std::int64_t users = 0;
    auto done = app.storage().read([&](stoa::Tx& tx) -> stoa::Result<void> {
      auto row = tx.query<std::int64_t>(sql::count_seen).first();
      if (!row) return row.error();
      users = std::get<0>(row->value());
      return {};
    });
    if (!done) return done.error();
    return stoa::json(200, R"({"users":)" + std::to_string(users) + "}");
  });
  app.get("/api/v1/x/conform/sum", stoa::Auth::none, [&app](stoa::Request& request) -> stoa::Response {
    const auto& host = app.host();
    const void* table = nullptr;
    stoa_lease lease = 0;
    const stoa_status status =
        host.services->acquire(host.ctx, stoa::detail::str(kService), sizeof(SumTable), &table, &lease);
    if (status != STOA_OK) return host.error(status);
    const auto sum = static_cast<const SumTable*>(table)->add(number(request, "a"), number(request, "b"));
    host.services->release(host.ctx, lease);
    return stoa::json(200, R"({"sum":)" + std::to_string(sum) + "}");
  });
  app.get("/api/v1/x/conform/who/{nickname:str}", stoa::Auth::none,
          [&app](stoa::Request& request) -> stoa::Response {
            auto found = stoa::Identity(app.host()).find({std::string(request.param("nickname"))});
            if (!found) return found.error();
            if (found->empty()) return stoa::not_found();
            return stoa::json(200, R"({"id":)" + std::to_string(found->front().id.value) + "}");
          });
  app.get("/api/v1/x/conform/later", stoa::Auth::none, [&later](stoa::Request& request) {
    later.answer(request.defer(), request.query("twice").has_value());
    return stoa::Response::deferred();
  });
  app.get("/api/v1/x/conform/second", stoa::Auth::none, [&later](stoa::Request&) {
    later.join();
    return stoa::json(200, later.second() ? R"({"taken":true})" : R"({"taken":false})");
  });
  app.get("/api/v1/x/conform/me", stoa::Auth::user, [](stoa::Request& request) {
    return stoa::json(200, R"({"nickname":")" + std::string(request.require_user().nickname) + R"("})");
  });
  app.get("/api/v1/x/conform/manage", stoa::Auth::permitted("conform.manage"),
          [](stoa::Request&) { return stoa::no_content(); });
  app.get("/api/v1/x/conform/settings", stoa::Auth::none,
          [&app](stoa::Request&) { return stoa::json(200, app.settings()); });
  app.get("/api/v1/x/conform/random", stoa::Auth::none, [&app](stoa::Request&) {
    const bool differ = app.random_bytes(16) != app.random_bytes(16) && app.monotonic_ms() > 0;
    return stoa::json(200, differ ? R"({"differ":true})" : R"({"differ":false})");
  });
  app.get("/api/v1/x/conform/throw", stoa::Auth::none, [](stoa::Request& request) -> stoa::Response {
    try {
      throw std::runtime_error("caught inside");
    } catch (const std::exception& e) {
      if (request.query("outside")) throw std::logic_error("a secret");
      return stoa::json(200, R"({"what":")" + std::string(e.what()) + R"("})");
    }
  });
}

void add_realtime(stoa::App& app) {
  app.claim(
      "conform:",
      [](std::optional<stoa::User> user, std::string_view channel) -> stoa::Result<void> {
        if (channel == "conform:items") return {};
        if (channel != "conform:members") return stoa::not_found();
        if (!user) return stoa::Error{stoa::ErrorCode::unauthenticated, "Log in to listen."};
        return {};
      },
      [&app](const stoa::Operation& operation) -> stoa::Result<void> {
        if (operation.op != "wave")
          return stoa::Error{stoa::ErrorCode::malformed, "There is no such operation."};
        const std::string by = operation.user ? std::string(operation.user->nickname) : "a stranger";
        app.ephemeral(operation.channel, "conform.waved", R"({"by":")" + by + R"("})");
        return {};
      });
}

}  // namespace

STOA_PLUGIN([](stoa::App& app) {
  add_routes(app);
  add_realtime(app);
  app.define_hook(kHook);
  app.filter(kHook, 0, STOA_HOOK_CLOSED, &judge);
  app.subscribe_durable(
      "users", {"auth.user.created"}, true, [](stoa::Tx& tx, const stoa::Event& event) -> stoa::Result<void> {
        auto added = tx.exec(sql::add_seen, static_cast<std::int64_t>(event.seq), event.time_ms);
        if (!added) return added.error();
        return {};
      });
  app.provide(kService, &kSum);
  app.declare_permission("conform.manage", stoa::Role::moderator);
  app.page("/x/conform/hello", "conform.hello", [](stoa::Request&) -> stoa::Result<stoa::Page> {
    stoa::Page page;
    page.title = "Conform says hello";
    page.html = "<p>Hello from a plugin</p>";
    page.payload = R"({"hello":true})";
    return page;
  });
  app.command("conform greet", "Greets", {{"name", "Whom", true}, {"loud", "Louder", false, true}},
              [&app](std::string_view arguments) -> stoa::Result<std::string> {
                auto fields = stoa::Fields::parse(arguments);
                if (!fields) return fields.error();
                const std::string name = fields->text("name", {1, 64});
                const bool loud = arguments.find("\"loud\":true") != std::string_view::npos;
                return app.settings().find("Hello") == std::string::npos ? "?\n"
                       : loud                                            ? "HELLO " + name + "!\n"
                                                                         : "Hello " + name + ".\n";
              });
  app.on_start([&app]() -> stoa::Result<void> {
    app.log(STOA_LOG_INFO, "Conform has started.");
    return {};
  });
});

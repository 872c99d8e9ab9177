// Changes of items: what happens at the commit and not before, what others forget with it, and one nobody
// waits for.
#include <memory>
#include <string>
#include <utility>

#include "conform.hpp"
#include "conform_sql.hpp"

namespace conform {
namespace {

namespace sql = stoa::conform::sql;

struct Commits {
  Count committed{0};
  Count dropped{0};
};

// Of one closure: what becomes of its on_commit.
struct Fate {
  explicit Fate(Commits& all) : commits(all) {}
  Fate(const Fate&) = delete;
  Fate& operator=(const Fate&) = delete;
  ~Fate() { ++(happened ? commits.committed : commits.dropped); }
  Commits& commits;
  bool happened = false;
};

stoa::Response rename_item(stoa::App& app, Commits& commits, stoa::Request& request) {
  const auto id = request.id<stoa::UserId>("id").value;
  const std::string name(request.query("name").value_or("renamed"));
  const bool keep = request.query("keep").has_value(), fail = request.query("fail").has_value();
  auto done = app.storage().write([&](stoa::Tx& tx) -> stoa::Result<void> {
    auto told = tx.on_commit([fate = std::make_shared<Fate>(commits)]() { fate->happened = true; });
    if (!told) return told;
    auto changed = tx.exec(sql::rename_item, id, name);
    if (!changed) return changed.error();
    if (!keep) {
      if (auto dropped = tx.drop_tags({"item:" + std::to_string(id)}); !dropped) return dropped;
    }
    if (fail) return stoa::Error{stoa::ErrorCode::conflict, "Not this time."};
    return {};
  });
  if (!done) return done.error();
  return stoa::no_content();
}

stoa::Response add_item_later(stoa::App& app, stoa::Request& request) {
  auto id = std::make_shared<std::int64_t>(0);
  const stoa::Deferred deferred = request.defer();
  app.storage().write_async(
      [&app, id, name = std::string(request.param("name"))](stoa::Tx& tx) -> stoa::Result<void> {
        auto added = tx.exec(sql::add_item, name, nullptr, "{}", app.now_ms());
        if (!added) return added.error();
        *id = tx.last_insert_id();
        return {};
      },
      [id, deferred](stoa::Result<void> done) {
        if (!done) {
          deferred.complete(done.error());
        } else {
          deferred.complete(stoa::json(201, R"({"id":)" + std::to_string(*id) + "}"));
        }
      });
  return stoa::Response::deferred();
}

}  // namespace

void add_changes(stoa::App& app) {
  auto& commits = app.own<Commits>();
  app.patch("/api/v1/x/conform/items/{id:int}", stoa::Auth::none,
            [&app, &commits](stoa::Request& request) { return rename_item(app, commits, request); }, {});
  app.get("/api/v1/x/conform/commits", stoa::Auth::none, [&commits](stoa::Request&) {
    return counts({{"committed", commits.committed}, {"dropped", commits.dropped}});
  });
  app.del("/api/v1/x/conform/items/{id:int}/event", stoa::Auth::none,
          [&app](stoa::Request& request) -> stoa::Response {
            const std::string subject = "item:" + std::string(request.param("id"));
            auto done = app.storage().write([&](stoa::Tx& tx) { return tx.redact(subject); });
            if (!done) return done.error();
            return stoa::no_content();
          });
  app.post("/api/v1/x/conform/items/{name:str}/later", stoa::Auth::none,
           [&app](stoa::Request& request) { return add_item_later(app, request); }, {});
}

}  // namespace conform

// Items: a hook before they are written, statements of each type, an event; and events of others.
#include <cstdlib>
#include <optional>
#include <string>
#include <tuple>

#include "conform.hpp"
#include "conform_sql.hpp"
#include "stoa/json.hpp"

namespace conform {
namespace {

namespace sql = stoa::conform::sql;

struct Item {
  std::string name;
  std::optional<double> weight;
  std::string data;
};

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

}  // namespace

void add_items(stoa::App& app) {
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
  app.define_hook(kHook);
  app.filter(kHook, 0, STOA_HOOK_CLOSED, &judge);
  app.subscribe_durable(
      "users", {"auth.user.created"}, true, [](stoa::Tx& tx, const stoa::Event& event) -> stoa::Result<void> {
        auto added = tx.exec(sql::add_seen, static_cast<std::int64_t>(event.seq), event.time_ms);
        if (!added) return added.error();
        return {};
      });
}

}  // namespace conform

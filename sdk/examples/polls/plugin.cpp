// Polls: what the plugin registers, and nothing else.
#include <charconv>

#include <stoa/json.hpp>
#include <stoa/permissions.hpp>
#include <stoa/services/identity.h>
#include <stoa/stoa.hpp>

#include "cheers.hpp"
#include "routes.hpp"
#include "service.hpp"
#include "settings.hpp"

namespace stoa::polls {
namespace {

struct Parts {
  explicit Parts(App& app)
      : permissions(app.host()), identity(app.host()), service(app, settings), cheers(app), routes(service, identity) {}
  SettingsHolder settings;
  Permissions permissions;
  Identity identity;
  Service service;
  Cheers cheers;
  Routes routes;
};

void add_routes(App& app, Parts& p) {
  const std::string polls = "/api/v1/x/polls/polls", poll = polls + "/{id:int}";
  RouteOptions asking = App::json_body();
  asking.rate_count = 20;
  asking.rate_period_s = 3600;
  app.get(polls, Auth::none, [&](Request& r) { return p.routes.list(r); });
  app.post(polls, Auth::permitted(kAsk), [&](Request& r) { return p.routes.create(r); }, asking);
  app.get(poll, Auth::none, [&](Request& r) { return p.routes.get(r); });
  app.del(poll, Auth::user, [&](Request& r) { return p.routes.remove(r); });
  app.get(poll + "/vote", Auth::user, [&](Request& r) { return p.routes.my_vote(r); });
  app.put(poll + "/vote", Auth::user, [&](Request& r) { return p.routes.vote(r); });
  app.page("/x/polls", "polls.list", [&](Request& r) { return p.routes.list_page(r); });
  app.page("/x/polls/{id:int}", "polls.poll", [&](Request& r) { return p.routes.poll_page(r); });
}

// Whoever follows a poll sees it counted, and who else is excited about it.
void add_channel(App& app, Parts& p) {
  const auto authorize = [&](std::optional<User>, std::string_view channel) -> Result<void> {
    PollId id;
    std::from_chars(channel.data() + 5, channel.data() + channel.size(), id.value);
    auto poll = p.service.get(id);
    return poll ? Result<void>() : Result<void>(poll.error());
  };
  const auto operate = [&](const Operation& operation) -> Result<void> {
    if (operation.op != "cheer") return Error{ErrorCode::malformed, "A poll takes \"cheer\" only."};
    if (auto may = p.permissions.held_by(operation.user, kAsk); !may) return may;
    return p.cheers.add(std::string(operation.channel));
  };
  app.claim("poll:", authorize, operate);
}

// A post that names a poll nobody asked is a mistake its author wants to hear of.
void add_hooks(App& app, Parts& p) {
  app.define_hook(kCreate);
  app.filter("posts.post.create/1", 50, STOA_HOOK_OPEN, [&](std::string_view payload) {
    const auto draft = parse_json(payload);
    auto missing = p.service.missing(draft.value()["body"].GetString());
    if (!missing || !*missing) return Verdict::go_on();
    return Verdict::rejected({ErrorCode::validation,
                              "There is no poll " + std::to_string((*missing)->value) + ".", "/body", "unknown_poll"});
  });
}

void add_background(App& app, Parts& p) {
  app.queue(kClosing, {}, [&](const Job&, std::string_view payload) -> Result<void> {
    const auto entry = parse_json(payload);
    auto closed = p.service.close(PollId{entry.value()["id"].GetInt64()});
    // It was deleted meanwhile: there is nothing to do, and no sense in trying again.
    if (!closed && closed.error().code == ErrorCode::not_found) return {};
    return closed;
  });
  app.on_start([&]() -> Result<void> {
    if (auto counted = p.service.count_open(); !counted) return counted;
    // Whatever went wrong meanwhile, the figure is right again within the hour.
    auto hourly = app.every(3600 * 1000, [&](const Job& job) {
      if (!job.stopping()) (void)p.service.count_open();
    });
    return hourly ? Result<void>() : Result<void>(hourly.error());
  });
  app.on_stop([&] { p.cheers.stop(); });
  app.watch(
      STOA_IDENTITY_ID, [&app] { app.log(STOA_LOG_INFO, "Authors of polls are shown by their names."); },
      [&app] { app.log(STOA_LOG_INFO, "Authors of polls are shown without their names."); });
  app.command("polls close", "Closes a poll now", {{"id", "Its number", true}},
              [&](std::string_view arguments) -> Result<std::string> {
                auto fields = Fields::parse(arguments);
                if (!fields) return fields.error();
                const std::string text = fields->text("id", {1, 16});
                PollId id;
                std::from_chars(text.data(), text.data() + text.size(), id.value);
                if (!id) return Error{ErrorCode::validation, "\"" + text + "\" is no number of a poll."};
                if (auto closed = p.service.close(id); !closed) return closed.error();
                return "Closed poll " + text;
              });
}

}  // namespace
}  // namespace stoa::polls

STOA_PLUGIN([](stoa::App& app) {
  using namespace stoa;
  using namespace stoa::polls;
  auto& parts = app.own<Parts>(app);
  parts.settings.set(app.settings());
  app.on_configure([&parts](std::string_view settings) -> Result<void> {
    parts.settings.set(settings);
    return {};
  });
  app.declare_permission(kAsk, Role::member);
  app.declare_permission(kModerate, Role::moderator);
  add_routes(app, parts);
  add_channel(app, parts);
  add_hooks(app, parts);
  add_background(app, parts);
});

// Posts: what the plugin offers, and nothing else.
#include <memory>

#include "actor.hpp"
#include "category_routes.hpp"
#include "channels.hpp"
#include "comment_routes.hpp"
#include "feed_routes.hpp"
#include "hooks.hpp"
#include "indexer.hpp"
#include "pages.hpp"
#include "post_routes.hpp"
#include "purge_command.hpp"
#include "search_routes.hpp"
#include "stoa/stoa.hpp"
#include "user_changes.hpp"
#include "vote_routes.hpp"

namespace stoa::posts {
namespace {

// The parts, in the order in which they depend on each other.
struct Parts {
  explicit Parts(App& app)
      : identity(app.host()),
        people(identity),
        indexer(app),
        tools{.storage = app.storage(),
              .people = people,
              .settings = settings,
              .now = [&app] { return app.now_ms(); },
              .limited = [&app] { return app.host_value("limits.enabled") != "false"; },
              .indexable = [this] { indexer.wake(); },
              .settle_index = [this] { indexer.settle(); }},
        fire([&app](std::string_view hook, std::string_view payload) { return app.fire(hook, payload); }) {}

  Identity identity;
  People people;
  SettingsHolder settings;
  Indexer indexer;
  Tools tools;
  Fire fire;

  CategoryService category_service{tools};
  PostService post_service{tools};
  FeedService feed_service{tools};
  CommentService comment_service{tools};
  VoteService vote_service{tools};
  SearchService search_service{tools};
  PurgeService purge_service{tools};

  CategoryRoutes categories{category_service};
  PostRoutes posts{post_service, tools, fire};
  FeedRoutes feeds{feed_service, people};
  CommentRoutes comments{comment_service, tools, fire};
  VoteRoutes votes{vote_service, fire};
  SearchRoutes search{search_service};
  Pages pages{feed_service, post_service, comment_service, category_service};
};

// A text of 32,000 characters, each escaped as two \uXXXX.
RouteOptions long_text() {
  RouteOptions options = App::json_body();
  options.body_limit = 512 * 1024;
  return options;
}

// The answer, counted when something was created.
Response counted(const Counter& counter, Response answer) {
  if (answer.status() == 201) counter.add();
  return answer;
}

void add_routes(App& app, const Parts& p) {
  const Counter posts = app.counter("posts_created_total", "Posts that were created.");
  const Counter comments = app.counter("comments_created_total", "Comments that were created.");
  const Auth admin = Auth::permitted(kAdminister);
  app.get("/api/v1/categories", Auth::none, [&](Request& r) { return p.categories.list(r); });
  app.post("/api/v1/categories", admin, [&](Request& r) { return p.categories.create(r); });
  app.patch("/api/v1/categories/{id:int}", admin, [&](Request& r) { return p.categories.change(r); });
  app.del("/api/v1/categories/{id:int}", admin, [&](Request& r) { return p.categories.remove(r); });

  app.get("/api/v1/posts", Auth::optional, [&](Request& r) { return p.feeds.list(r); });
  app.post(
      "/api/v1/posts", Auth::user, [&p, posts](Request& r) { return counted(posts, p.posts.create(r)); },
      long_text());
  app.get("/api/v1/posts/state", Auth::user, [&](Request& r) { return p.votes.state(r); });
  app.post(
      "/api/v1/posts/preview", Auth::user, [&](Request& r) { return p.posts.preview(r); }, long_text());
  app.get("/api/v1/posts/{id:int}", Auth::none, [&](Request& r) { return p.posts.get(r); });
  app.patch(
      "/api/v1/posts/{id:int}", Auth::user, [&](Request& r) { return p.posts.change(r); }, long_text());
  app.del("/api/v1/posts/{id:int}", Auth::user, [&](Request& r) { return p.posts.remove(r); });
  app.post(
      "/api/v1/posts/{id:int}/restore", Auth::permitted(kModerate),
      [&](Request& r) { return p.posts.restore(r); }, RouteOptions{});
  app.get("/api/v1/posts/{id:int}/revisions", Auth::none, [&](Request& r) { return p.posts.revisions(r); });
  app.put("/api/v1/posts/{id:int}/vote", Auth::user, [&](Request& r) { return p.votes.vote_on_post(r); });
  app.put("/api/v1/posts/{id:int}/read", Auth::user, [&](Request& r) { return p.votes.read(r); });

  app.get("/api/v1/posts/{id:int}/comments", Auth::none, [&](Request& r) { return p.comments.list(r); });
  app.post(
      "/api/v1/posts/{id:int}/comments", Auth::user,
      [&p, comments](Request& r) { return counted(comments, p.comments.create(r)); }, long_text());
  app.patch(
      "/api/v1/comments/{id:int}", Auth::user, [&](Request& r) { return p.comments.change(r); }, long_text());
  app.del("/api/v1/comments/{id:int}", Auth::user, [&](Request& r) { return p.comments.remove(r); });
  app.put("/api/v1/comments/{id:int}/vote", Auth::user,
          [&](Request& r) { return p.votes.vote_on_comment(r); });

  app.get("/api/v1/search", Auth::none, [&](Request& r) { return p.search.search(r); });
}

void add_pages(App& app, const Parts& p) {
  app.page("/", "posts.feed", [&](Request& r) { return p.pages.feed(r); });
  app.page("/c/{slug}", "posts.category", [&](Request& r) { return p.pages.category(r); });
  app.page("/p/{id:int}", "posts.post", [&](Request& r) { return p.pages.post(r); });
  app.page("/p/{id:int}/{slug}", "posts.post", [&](Request& r) { return p.pages.post(r); });
  app.page("/new", "posts.new", &Pages::compose);
  app.page("/search", "posts.search", &Pages::search);
}

void add_channels(App& app) {
  app.claim("posts", [](std::optional<User>, std::string_view) { return Result<void>(); });
  for (const std::string_view prefix : {"post:", "category:"}) {
    app.claim(prefix, [&app](std::optional<User>, std::string_view channel) {
      return may_listen(app.storage(), channel);
    });
  }
}

void add_commands(App& app, const Parts& p) {
  app.command(
      "posts purge", "Takes away for good what was deleted",
      {{.name = kPurgeDays, .help = "Deleted so many days ago or earlier (30)"}},
      [&](std::string_view arguments) { return run_purge(p.purge_service, arguments, app.now_ms()); });
}

Result<void> take_settings(Parts& parts, std::string_view json) {
  const auto settings = read_settings(json);
  if (!settings) return settings.error();
  parts.settings.set(*settings);
  return {};
}

void follow_lifecycle(App& app, Parts& parts) {
  app.on_configure([&](std::string_view settings) { return take_settings(parts, settings); });
  app.on_start([&]() -> Result<void> {
    if (auto done = take_settings(parts, app.settings()); !done) return done;
    if (auto done = parts.category_service.seed(); !done) return done;
    parts.indexer.start();
    return {};
  });
  app.on_stop([&] { parts.indexer.stop(); });
}

}  // namespace
}  // namespace stoa::posts

STOA_PLUGIN([](stoa::App& app) {
  using namespace stoa::posts;
  Parts& parts = app.own<Parts>(app);
  app.declare_permission(kModerate, stoa::Role::moderator);
  app.declare_permission(kAdminister, stoa::Role::admin);
  for (const std::string_view hook : {kPostCreate, kCommentCreate, kState}) app.define_hook(hook);
  add_routes(app, parts);
  add_pages(app, parts);
  add_channels(app);
  add_commands(app, parts);
  app.subscribe_durable("names", {std::string(kUserUpdated)}, false, forget_user);
  follow_lifecycle(app, parts);
});

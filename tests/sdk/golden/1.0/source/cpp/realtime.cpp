// Channels, who listens to them, and a live subscriber.
#include "conform.hpp"

namespace conform {

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
  app.post("/api/v1/x/conform/revoke", stoa::Auth::user,
           [&app](stoa::Request& request) -> stoa::Response {
             const stoa::UserId user = request.require_user().id;
             auto done =
                 app.storage().write([&](stoa::Tx& tx) { return tx.revoke("conform:members", user); });
             if (!done) return done.error();
             return stoa::no_content();
           },
           {});
  app.get("/api/v1/x/conform/presence/{id:int}", stoa::Auth::none,
          [&app](stoa::Request& request) -> stoa::Response {
            const stoa::Presence now = app.presence(request.id<stoa::UserId>("id"));
            return stoa::json(200, now == stoa::Presence::online ? R"({"presence":"online"})"
                                   : now == stoa::Presence::away ? R"({"presence":"away"})"
                                                                 : R"({"presence":"offline"})");
          });
  auto& heard = app.own<Count>(0);
  app.subscribe_live({"auth.user.created"}, [&heard](const stoa::Event& event) {
    if (event.type == "auth.user.created" && event.owner == "auth") ++heard;
  });
  app.get("/api/v1/x/conform/heard", stoa::Auth::none, [&heard](stoa::Request&) {
    return counts({{"users", heard}});
  });
}

}  // namespace conform

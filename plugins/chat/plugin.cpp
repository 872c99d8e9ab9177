// Chat: private messages. What the plugin is, as one list.
#include "stoa/stoa.hpp"

#include <charconv>

#include "chat_routes.hpp"
#include "typing.hpp"

namespace {

using namespace stoa;
using namespace stoa::chat;

// "chat:5"; 0 for anything else.
ConversationId conversation_of(std::string_view channel) {
  channel.remove_prefix(std::min(channel.size(), std::string_view("chat:").size()));
  std::int64_t id = 0;
  const auto read = std::from_chars(channel.data(), channel.data() + channel.size(), id);
  const bool whole =
      read.ec == std::errc() && read.ptr == channel.data() + channel.size() && channel.front() != '0';
  return {whole && id > 0 ? id : 0};
}

RouteOptions often(std::uint32_t count, std::uint32_t period_s, stoa_body body = STOA_BODY_JSON) {
  RouteOptions options;
  options.body = body;
  options.rate_count = count;
  options.rate_period_s = period_s;
  return options;
}

// The pages hold nothing but their titles: what is private is never rendered by the server.
Result<Page> private_page(std::string title) {
  Page page;
  page.html = "<h1>" + title + "</h1>";
  page.title = std::move(title);
  return page;
}

}  // namespace

STOA_PLUGIN([](App& app) {
  const auto now = [&app] { return app.now_ms(); };
  const auto monotonic = [&app] { return app.monotonic_ms(); };
  const auto limits_enabled = [&app] { return app.host_value("limits.enabled") != "false"; };
  const Identity identity(app.host());

  auto& settings = app.own<CurrentSettings>();
  const auto configure = [&settings](std::string_view json) -> Result<void> {
    const auto parsed = parse_settings(json);
    if (!parsed) return parsed.error();
    settings.set(*parsed);
    return {};
  };
  app.on_start([&app, configure] { return configure(app.settings()); });
  app.on_configure(configure);

  auto& openings = app.own<Throttle>(monotonic, limits_enabled);
  auto& writings = app.own<Throttle>(monotonic, limits_enabled);
  auto& typings = app.own<Throttle>(monotonic, limits_enabled);
  auto& contacts = app.own<ContactService>(app.storage(), identity);
  auto& conversations = app.own<ConversationService>(app.storage(), identity, now, settings, openings);
  auto& messages = app.own<MessageService>(app.storage(), identity, now, settings, writings);
  auto& typing = app.own<Typing>(
      typings, [&app](std::string_view channel, std::string_view data, std::string_view except) {
        app.ephemeral(channel, "chat.typing", data, except);
      });

  auto& people = app.own<ContactRoutes>(contacts, [&app](UserId user) { return app.presence(user); });
  app.get("/api/v1/chat/contacts", Auth::user, [&](Request& r) { return people.list(r); });

  auto& rooms = app.own<ConversationRoutes>(conversations, settings);
  app.get("/api/v1/chat/conversations", Auth::user, [&](Request& r) { return rooms.list(r); });
  app.post(
      "/api/v1/chat/conversations", Auth::user, [&](Request& r) { return rooms.open(r); }, often(240, 60));
  app.get("/api/v1/chat/conversations/{id:int}", Auth::user, [&](Request& r) { return rooms.get(r); });
  app.patch("/api/v1/chat/conversations/{id:int}", Auth::user, [&](Request& r) { return rooms.rename(r); });
  app.post("/api/v1/chat/conversations/{id:int}/members", Auth::user,
           [&](Request& r) { return rooms.add_member(r); });
  app.del("/api/v1/chat/conversations/{id:int}/members/{user_id:int}", Auth::user,
          [&](Request& r) { return rooms.remove_member(r); });
  app.get("/api/v1/chat/unread", Auth::user, [&](Request& r) { return rooms.unread(r); });

  auto& texts = app.own<MessageRoutes>(messages, conversations, settings);
  app.get("/api/v1/chat/conversations/{id:int}/messages", Auth::user,
          [&](Request& r) { return texts.list(r); });
  const Counter sent = app.counter("messages_sent_total", "Messages that were sent.");
  // The bound of messages is a setting, kept by the service.
  app.post(
      "/api/v1/chat/conversations/{id:int}/messages", Auth::user,
      [&texts, sent](Request& r) {
        Response answer = texts.send(r);
        if (answer.status() == 201) sent.add();
        return answer;
      },
      often(10'000, 60));
  app.patch("/api/v1/chat/messages/{id:int}", Auth::user, [&](Request& r) { return texts.edit(r); });
  app.del("/api/v1/chat/messages/{id:int}", Auth::user, [&](Request& r) { return texts.remove(r); });
  app.get("/api/v1/chat/messages/{id:int}/revisions", Auth::user,
          [&](Request& r) { return texts.revisions(r); });
  app.put(
      "/api/v1/chat/conversations/{id:int}/read", Auth::user, [&](Request& r) { return texts.read(r); },
      often(600, 60));

  app.claim(
      "chat:",
      [&](std::optional<User> user, std::string_view channel) -> Result<void> {
        if (!user) return Error{ErrorCode::unauthenticated, "Log in to listen to a conversation."};
        return conversations.check_member(user->id, conversation_of(channel));
      },
      [&](const Operation& operation) { return typing.operate(operation); });

  app.page("/messages", "chat.messages", [](Request&) { return private_page("Messages"); });
  app.page("/messages/{id:int}", "chat.conversation", [](Request&) { return private_page("Messages"); });
});

// The routes of the host itself.
#include <algorithm>

#include "host/host.hpp"
#include "host/secrets.hpp"
#include "plugins/boundary.hpp"
#include "stoa/json.hpp"

namespace stoa::core::host {

namespace {

using plugins::RequestPtr;

constexpr std::uint32_t kAdminDeadlineMs = 60'000;  // draining takes its time
constexpr std::uint64_t kSettingsLimit = 256 * 1024;

plugins::Target target_of(http::Method method, std::string pattern, stoa_auth auth,
                          std::function<void(const RequestPtr&)> handler) {
  plugins::Target target;
  target.route.method = method;
  target.route.segments = http::parse_pattern(pattern).value();
  target.route.pattern = std::move(pattern);
  target.route.auth = auth;
  target.route.permission = plugins::kAdminPermission;
  target.route.body_limit = 1024;
  target.host = std::move(handler);
  return target;
}

plugins::Target open_to_strangers(plugins::Target target) {
  target.route.open = true;
  return target;
}

void answer(const RequestPtr& request, std::uint32_t status, std::string_view body,
            stoa_audience audience = STOA_AUDIENCE_PERSONAL) {
  stoa_response response{};
  response.size = sizeof response;
  response.status = status;
  response.body = plugins::str(body);
  response.audience = audience;
  request->respond(response);
}

std::string parameter(const RequestPtr& request, std::string_view name) {
  for (const auto& [key, value] : request->parameters) {
    if (key == name) return value;
  }
  return {};
}

// What a snapshot cannot know.
struct Now {
  plugins::State state;
  std::string error;
};
Now now_of(const plugins::PluginInfo& plugin) {
  Now now{plugin.state, plugin.error};
  if (!plugin.generation) return now;
  if (const int overdue = plugin.generation->overdue; overdue > 0)
    return {plugins::State::wedged,
            std::to_string(overdue) + " of its handlers are past their deadline and do not end"};
  const auto budget = plugin.generation->budget.state(std::chrono::steady_clock::now());
  if (budget.paused) now.error = "it fails too often and is paused for a moment; the log says what fails";
  return now;
}

std::string readiness(const plugins::Snapshot& snapshot, const plugins::Health& health, bool ready) {
  Json json;
  json.begin_object().field("status", ready ? "ready" : "not ready").key("plugins").begin_array();
  for (const auto& plugin : snapshot.plugins) {
    json.begin_object().field("id", plugin.id).field("state", plugins::to_string(now_of(plugin).state));
    const auto said = health.of(plugin.id);
    if (plugin.state == plugins::State::active) json.field("healthy", !said || said->ok);
    json.end_object();
  }
  return json.end_array().end_object().take();
}

std::string settings_shown(const plugins::PluginInfo& plugin) {
  return plugin.settings.empty() ? "{}" : without_secrets(plugin.settings, plugin.schema);
}

std::string plugins_for_admins(const plugins::Snapshot& snapshot, plugins::Background& background) {
  Json json;
  json.begin_object().key("items").begin_array();
  for (const auto& plugin : snapshot.plugins) {
    const Now now = now_of(plugin);
    json.begin_object()
        .field("id", plugin.id)
        .field("name", plugin.name)
        .field("version", plugin.version)
        .field("description", plugin.description)
        .field("state", plugins::to_string(now.state));
    json.key("last_error");
    now.error.empty() ? json.value(nullptr) : json.value(now.error);
    describe(json, background, plugin.id);
    json.raw_field("settings", settings_shown(plugin));
    json.raw_field("schema", plugin.schema.empty() ? "null" : plugin.schema).end_object();
  }
  return json.end_array().end_object().take();
}

// Answers later, from the thread of the administration.
std::function<void(Result<std::string>)> later(plugins::Deferreds& deferreds, const RequestPtr& request,
                                               std::function<std::string(const std::string&)> body) {
  request->deferred = true;
  return
      [&deferreds, token = deferreds.add(request), body = std::move(body)](const Result<std::string>& done) {
        const RequestPtr waiting = deferreds.take(token, nullptr);
        if (!waiting) return;
        if (!done) {
          waiting->fail(done.error());
        } else {
          answer(waiting, 200, body(*done));
        }
      };
}

}  // namespace

std::vector<plugins::Target> Host::routes() {
  using Action = Administration::Action;
  const auto act = [this](Action action) {
    return [this, action](const RequestPtr& request) {
      const std::string id = parameter(request, "id");
      administration_->act(
          action, id, later(deferreds_, request, [id](const std::string& state) {
            return Json().begin_object().field("id", id).field("state", state).end_object().take();
          }));
    };
  };
  const auto get_settings = [this](const RequestPtr& request) {
    const auto snapshot = manager_->snapshot();
    for (const auto& plugin : snapshot->plugins) {
      if (plugin.id == parameter(request, "id")) return answer(request, 200, settings_shown(plugin));
    }
    request->fail({ErrorCode::not_found, "There is no such plugin."});
  };
  const auto put_settings = [this](const RequestPtr& request) {
    const auto body = parse_json(request->body());
    if (!body || !body->IsObject()) {
      Error error{ErrorCode::validation, "These settings are not as they should be."};
      error.fields.push_back({"", "type", "must be an object"});
      request->fail(error);
      return;
    }
    administration_->set_settings(
        parameter(request, "id"), std::string(request->body()),
        later(deferreds_, request, [](const std::string& settings) { return settings; }));
  };

  std::vector<plugins::Target> all;
  const auto add = [&](plugins::Target target) -> plugins::Target& {
    return all.emplace_back(std::move(target));
  };
  add(open_to_strangers(
      target_of(http::Method::get, "/healthz", STOA_AUTH_NONE,
                [](const RequestPtr& request) { answer(request, 200, "{\"status\":\"ok\"}"); })));
  add(open_to_strangers(
      target_of(http::Method::get, "/readyz", STOA_AUTH_NONE, [this](const RequestPtr& request) {
        answer(request, ready_ ? 200 : 503, readiness(*manager_->snapshot(), background_->health(), ready_));
      })));
  add(open_to_strangers(
      target_of(http::Method::get, "/metrics", STOA_AUTH_NONE, [this](const RequestPtr& request) {
        answer_metrics(*request, metrics_, settings_.metrics.is_public);
      })));
  add(open_to_strangers(
      target_of(http::Method::get, "/api/v1/plugins", STOA_AUTH_NONE, [this](const RequestPtr& request) {
        answer(request, 200, manager_->snapshot()->public_plugins, STOA_AUDIENCE_SHARED);
      })));
  add(target_of(http::Method::get, "/api/v1/openapi.json", STOA_AUTH_NONE, [this](const RequestPtr& request) {
    answer(request, 200, manager_->snapshot()->openapi, STOA_AUDIENCE_SHARED);
  }));
  add(target_of(http::Method::get, "/api/v1/admin/plugins", STOA_AUTH_PERMISSION,
                [this](const RequestPtr& request) {
                  answer(request, 200, plugins_for_admins(*manager_->snapshot(), *background_));
                }));
  for (const auto& [word, action] :
       {std::pair{"enable", Action::enable}, std::pair{"disable", Action::disable},
        std::pair{"upgrade", Action::upgrade}, std::pair{"reset", Action::reset},
        std::pair{"retry", Action::retry}}) {
    add(target_of(http::Method::post, std::string("/api/v1/admin/plugins/{id}/") + word, STOA_AUTH_PERMISSION,
                  act(action)))
        .route.deadline_ms = kAdminDeadlineMs;
  }
  add(target_of(http::Method::get, "/api/v1/admin/plugins/{id}/settings", STOA_AUTH_PERMISSION,
                get_settings));
  auto& put = add(target_of(http::Method::put, "/api/v1/admin/plugins/{id}/settings", STOA_AUTH_PERMISSION,
                            put_settings));
  put.route.deadline_ms = kAdminDeadlineMs;
  put.route.body = STOA_BODY_JSON;
  put.route.body_limit = kSettingsLimit;
  return all;
}

}  // namespace stoa::core::host

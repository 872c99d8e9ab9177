// One misdeed in one place: compiled with -DMISDEED=throws -DPLACE=handler and so on.
#include <unistd.h>

#include <stdexcept>

#include "skeleton.hpp"

namespace {

enum class Misdeed { throws, hangs, overflows, crashes };
enum class Place {
  constructor,
  create,
  start,
  drain,
  stop,
  destroy,
  configure,
  health,
  handler,
  page,
  filter,
  subscriber,
  authorize,
  operate,
  command,
  timer,
  queue
};
constexpr Misdeed kMisdeed = Misdeed::MISDEED;
constexpr Place kPlace = Place::PLACE;

volatile bool deeper_still = true;

int deeper(volatile char* above) {
  volatile char here[4096];
  here[0] = above ? above[0] : 'a';
  return deeper_still ? deeper(here) + here[0] : 0;
}

void do_it() {
  switch (kMisdeed) {
    case Misdeed::throws: throw std::runtime_error("a secret of " + bad::id());
    case Misdeed::hangs:
      for (;;) ::pause();
    case Misdeed::overflows: deeper(nullptr); break;
    case Misdeed::crashes: *reinterpret_cast<volatile int*>(16) = 1; break;
  }
}
void at(Place place) {
  if (place == kPlace) do_it();
}

struct Constructor {
  Constructor() { at(Place::constructor); }
} const constructor;

const stoa_jobs_v1* jobs = nullptr;

void go(bad::Plugin& plugin, stoa_request* request) {
  at(Place::handler);
  if (kPlace == Place::queue) {
    plugin.storage->write(
        plugin.ctx,
        [](void*, stoa_tx* tx) -> stoa_status {
          return jobs->enqueue(tx, bad::text("errands"), bad::text("{}"), 0);
        },
        nullptr);
  }
  bad::answer(plugin, request, "{}");
}

stoa_status create(const stoa_host* host, stoa_ctx* ctx, void** self) {
  at(Place::create);
  void* made = nullptr;
  if (const stoa_status status = bad::create<&go>(host, ctx, &made); status != STOA_OK) return status;
  auto& plugin = *static_cast<bad::Plugin*>(made);
  const std::string id = bad::id();
  stoa_status status = STOA_OK;

  if (kPlace == Place::page) {
    const stoa_ui_v1* ui = nullptr;
    const std::string pattern = "/x/" + id + "/page", name = id + ".page";
    stoa_page page{};
    page.size = sizeof page;
    page.pattern = bad::text(pattern);
    page.name = bad::text(name);
    page.handler = [](void*, stoa_request*) -> stoa_status { return at(Place::page), STOA_E_NOT_FOUND; };
    status = bad::fetch(plugin, ui, STOA_UI_ID) ? ui->page(ctx, &page) : STOA_E_UNSUPPORTED;
  }
  if (kPlace == Place::filter) {
    const stoa_hooks_v1* hooks = nullptr;
    stoa_filter filter{};
    filter.size = sizeof filter;
    filter.hook = bad::text("posts.post.create/1");
    filter.on_error = STOA_HOOK_OPEN;
    filter.call = [](void*, stoa_str, const stoa_sink*) -> stoa_hook_verdict {
      return at(Place::filter), STOA_HOOK_CONTINUE;
    };
    status = bad::fetch(plugin, hooks, STOA_HOOKS_ID) ? hooks->filter(ctx, &filter) : STOA_E_UNSUPPORTED;
  }
  if (kPlace == Place::subscriber) {
    const stoa_events_v1* events = nullptr;
    const stoa_str type = bad::text("auth.user.created");
    stoa_subscriber subscriber{};
    subscriber.size = sizeof subscriber;
    subscriber.flags = STOA_SUBSCRIBE_DURABLE;
    subscriber.name = bad::text("users");
    subscriber.types = &type;
    subscriber.type_count = 1;
    subscriber.apply = [](void*, stoa_tx*, const stoa_event*) -> stoa_status {
      return at(Place::subscriber), STOA_OK;
    };
    status =
        bad::fetch(plugin, events, STOA_EVENTS_ID) ? events->subscribe(ctx, &subscriber) : STOA_E_UNSUPPORTED;
  }
  if (kPlace == Place::authorize || kPlace == Place::operate) {
    const stoa_realtime_v1* realtime = nullptr;
    const std::string prefix = id + ":";
    stoa_channel_claim claim{};
    claim.size = sizeof claim;
    claim.prefix = bad::text(prefix);
    claim.authorize = [](void*, const stoa_principal*, stoa_str) -> stoa_status {
      return at(Place::authorize), STOA_OK;
    };
    claim.operate = [](void*, const stoa_operation*) -> stoa_status { return at(Place::operate), STOA_OK; };
    status =
        bad::fetch(plugin, realtime, STOA_REALTIME_ID) ? realtime->claim(ctx, &claim) : STOA_E_UNSUPPORTED;
  }
  if (kPlace == Place::command) {
    const stoa_commands_v1* commands = nullptr;
    const std::string name = id + " go";
    stoa_command command{};
    command.size = sizeof command;
    command.name = bad::text(name);
    command.help = bad::text("Does it");
    command.run = [](void*, stoa_str, const stoa_sink*) -> stoa_status {
      return at(Place::command), STOA_OK;
    };
    status =
        bad::fetch(plugin, commands, STOA_COMMANDS_ID) ? commands->add(ctx, &command) : STOA_E_UNSUPPORTED;
  }
  if (kPlace == Place::timer || kPlace == Place::queue)
    status = bad::fetch(plugin, jobs, STOA_JOBS_ID) ? STOA_OK : STOA_E_UNSUPPORTED;
  if (kPlace == Place::queue && status == STOA_OK) {
    stoa_queue queue{};
    queue.size = sizeof queue;
    queue.attempts = 1;
    queue.name = bad::text("errands");
    queue.backoff_ms = 1;
    queue.run = [](void*, stoa_job, stoa_str) -> stoa_status { return at(Place::queue), STOA_OK; };
    status = jobs->queue(ctx, &queue);
  }
  if (status != STOA_OK) {
    bad::destroy(made);
    return status;
  }
  *self = made;
  return STOA_OK;
}

stoa_plugin_desc describe() {
  stoa_plugin_desc out = stoa_generated_desc;
  out.create = &create;
  out.start = [](void* self) -> stoa_status {
    at(Place::start);
    if (kPlace != Place::timer) return STOA_OK;
    stoa_job job = 0;
    return jobs->after(
        static_cast<bad::Plugin*>(self)->ctx, 1, nullptr, [](void*, stoa_job) { at(Place::timer); }, &job);
  };
  out.drain = [](void*, uint32_t) -> stoa_status { return at(Place::drain), STOA_OK; };
  out.stop = [](void*) -> stoa_status { return at(Place::stop), STOA_OK; };
  out.destroy = [](void* self) {
    bad::destroy(self);
    at(Place::destroy);
  };
  out.configure = [](void*, stoa_str) -> stoa_status { return at(Place::configure), STOA_OK; };
  out.health = [](void*, const stoa_sink*) -> stoa_status { return at(Place::health), STOA_OK; };
  return out;
}

}  // namespace

BAD_PLUGIN(describe())

#include "validate/exercise.hpp"

#include <cxxabi.h>

#include <limits>
#include <memory>
#include <string>
#include <thread>

#include "http/utf8.hpp"
#include "plugins/boundary.hpp"
#include "plugins/subscribers.hpp"
#include "stoa/json.hpp"
#include "storage/job_table.hpp"
#include "validate/made_up_request.hpp"
#include "validate/samples.hpp"

namespace stoa::core::validate {

namespace {

using plugins::str;

constexpr int kMostRuns = 100;                     // of entries
constexpr stoa_job kFirstJob = stoa_job{1} << 62;  // beyond those of timers

// A request whose handler runs.
class Opened {
 public:
  Opened(Watch& watch, stoa_request& request) : watch_(watch), scope_(request) {
    watch_.open(scope_.handle(), true);
  }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  ~Opened() { watch_.close(scope_.handle()); }
  stoa_request* handle() const { return scope_.handle(); }

 private:
  Watch& watch_;
  const plugins::RequestScope scope_;
};

class Exercise {
 public:
  Exercise(Stage& stage, Watch& watch, const plugins::GenerationPtr& generation, bool lenient)
      : stage_(stage), watch_(watch), generation_(generation), lenient_(lenient) {
    who_.user_id = 1;
    who_.role = STOA_ROLE_ADMIN;
    who_.nickname = "ann";
    who_.session_id = "validate";
  }

  void all() {
    for (const plugins::RouteEntry& route : parts().routes) {
      each([&] { request(route, ""); });
      each([&] { request(route, R"({"name":"validate","id":1})"); });
    }
    for (const plugins::PageEntry& entry : parts().pages) each([&] { page(entry); });
    for (const plugins::FilterEntry& entry : parts().filters) each([&] { filter(entry); });
    for (const plugins::ChannelEntry& entry : parts().channels) each([&] { channel(entry); });
    for (const plugins::SubscriberEntry& entry : parts().subscribers) each([&] { subscriber(entry); });
    for (const plugins::CommandEntry& entry : parts().commands) each([&] { command(entry); });
    for (const Timer& set : watch_.take_timers()) each([&] { timer(set); });
    queues();
    each([&] { health(); });
    each([&] { configure(); });
  }

 private:
  // Where one call is made to fail, what comes after its callback is known already.
  template <class F>
  void each(F&& call) {
    if (!lenient_ || !watch_.failed_one()) call();
  }

  const plugins::Contributions& parts() const { return generation_->contributions; }

  // On a thread of its own, as a worker would. False: an exception left it.
  template <class F>
  bool on_worker(const std::string& name, F&& work) {
    watch_.teller().step(name);
    (void)watch_.take_logged();
    bool whole = true;
    std::thread([&] {
      plugins::clear_callback_error();
      try {
        work();
      } catch (abi::__forced_unwind&) {
        throw;
      } catch (const std::exception& e) {
        whole = false;
        watch_.fault("let an exception out of " + name + ": " + e.what());
      } catch (...) {
        whole = false;
        watch_.fault("let an exception out of " + name);
      }
    }).join();
    return whole;
  }

  void wrong(const std::string& sentence) {
    if (lenient_) return;
    const std::string logged = watch_.take_logged();
    watch_.fault(sentence + (logged.empty() ? "" : " (it logged: " + logged + ")"));
  }

  // One that only a bug brings about.
  void expect_no_bug(const std::string& name, stoa_status status) {
    if (status == STOA_E_INTERNAL || status == STOA_E_STALE || status == STOA_E_WRONG_THREAD ||
        status == STOA_E_ARGUMENT || status < STOA_OK || status > STOA_E_ARGUMENT) {
      wrong(name + " gave status " + std::to_string(status));
    }
  }

  std::shared_ptr<MadeUpRequest> make(const std::string& method, const std::string& pattern,
                                      const std::vector<http::Segment>& segments, bool page,
                                      std::string body) {
    auto request = std::make_shared<MadeUpRequest>(page, std::move(body));
    request->owner = generation_;
    request->method = method;
    request->path = pattern;
    request->peer = "127.0.0.1";
    request->request_id = "validate";
    for (const http::Segment& segment : segments) {
      if (segment.kind == http::Segment::Kind::integer) request->parameters.emplace_back(segment.text, "1");
      if (segment.kind == http::Segment::Kind::text)
        request->parameters.emplace_back(segment.text, "validate");
    }
    return request;
  }

  void request(const plugins::RouteEntry& route, const char* body) {
    const std::string name = std::string(http::to_string(route.method)) + " " + route.pattern;
    const bool json = route.body == STOA_BODY_JSON;
    const auto request = make(std::string(http::to_string(route.method)), route.pattern, route.segments,
                              false, json && !*body ? "{}" : body);
    if (route.auth != STOA_AUTH_NONE) {
      request->user = who_;
      request->user_c = request->user->c();
    }
    const bool whole = on_worker(name, [&] {
      const Opened opened(watch_, *request);
      route.handler(route.self, opened.handle());
    });
    if (!whole) return;
    const int status = request->status();
    if (status == 0 && !request->deferred) wrong(name + " neither answers nor defers");
    if (status >= 500) wrong(name + " answers " + std::to_string(status));
  }

  void page(const plugins::PageEntry& page) {
    const std::string name = "the page " + page.pattern;
    const auto request = make("GET", page.pattern, page.segments, true, "");
    stoa_status status = STOA_OK;
    const bool whole = on_worker(name, [&] {
      const Opened opened(watch_, *request);
      status = page.handler(page.self, opened.handle());
    });
    if (!whole) return;
    expect_no_bug(name, status);
    if (status == STOA_OK && !request->answered()) wrong(name + " says OK, but renders nothing");
  }

  void filter(const plugins::FilterEntry& filter) {
    const std::string name = "the filter of " + filter.hook;
    std::string modified;
    const stoa_sink sink = stoa::detail::sink_to(modified);
    stoa_hook_verdict verdict = STOA_HOOK_CONTINUE;
    const auto sample = sample_payload(filter.hook);
    const std::string_view payload = sample.value_or("{}");
    const bool whole = on_worker(name, [&] { verdict = filter.call(filter.self, str(payload), &sink); });
    if (!whole) return;
    if (verdict < STOA_HOOK_CONTINUE || verdict > STOA_HOOK_FAILED)
      wrong(name + " gave the verdict " + std::to_string(verdict));
    // What another plugin's hook carries is not known here.
    if (verdict == STOA_HOOK_FAILED && sample)
      wrong(name + " could not decide about " + std::string(payload));
    if (verdict == STOA_HOOK_MODIFIED && !parse_json(modified)) wrong(name + " writes what is not JSON");
  }

  void channel(const plugins::ChannelEntry& channel) {
    const std::string whole_name = channel.prefix.back() == ':' ? channel.prefix + "1" : channel.prefix;
    const stoa_principal user = who_.c();
    for (const stoa_principal* who : {static_cast<const stoa_principal*>(nullptr), &user}) {
      const std::string name = "authorize of " + channel.prefix;
      stoa_status status = STOA_OK;
      if (on_worker(name, [&] { status = channel.authorize(channel.self, who, str(whole_name)); }))
        expect_no_bug(name, status);
      if (!channel.operate) continue;
      const stoa_operation operation{
          sizeof operation, 0, who, str("1"), str("validate"), str(whole_name), str(R"({"op":"validate"})")};
      const std::string operate = "operate of " + channel.prefix;
      if (on_worker(operate, [&] { status = channel.operate(channel.self, &operation); }))
        expect_no_bug(operate, status);
    }
  }

  void subscriber(const plugins::SubscriberEntry& entry) {
    for (std::string type : entry.types) {
      if (type.size() > 2 && type.substr(type.size() - 2) == ".*")
        type.replace(type.size() - 1, 1, "validated");
      const std::string name = "the subscriber of " + type;
      // As one whose subject was redacted, which every subscriber must bear.
      Event event;
      event.seq = 1;
      event.owner = type.substr(0, type.find('.'));
      event.type = type;
      event.data = "{}";
      Result<void> applied;
      if (!entry.durable) {
        on_worker(name, [&] { applied = plugins::apply_event(*generation_, entry, nullptr, event); });
      } else {
        watch_.teller().step(name);
        bool whole = true;
        const auto apply = [&](storage::Transaction& t) -> Result<void> {
          try {
            applied = plugins::apply_event(*generation_, entry, &t, event);
          } catch (const std::exception& e) {
            whole = false;
            watch_.fault("let an exception out of " + name + ": " + e.what());
          } catch (...) {
            whole = false;
            watch_.fault("let an exception out of " + name);
          }
          return Error{ErrorCode::conflict, "nothing of it is kept"};
        };
        (void)stage_.database().write(generation_->id, apply);
        if (!whole) continue;
      }
      if (!applied && applied.error().code == ErrorCode::internal)
        wrong(name + " failed: " + applied.error().message);
    }
  }

  void command(const plugins::CommandEntry& command) {
    const std::string name = "the command \"" + command.name + "\"";
    Json arguments;
    arguments.begin_object();
    for (const auto& option : command.options) {
      if (!option.required) continue;
      option.flag ? arguments.field(option.name, true) : arguments.field(option.name, "validate");
    }
    const std::string json = arguments.end_object().take();
    std::string text;
    const stoa_sink sink = stoa::detail::sink_to(text);
    stoa_status status = STOA_OK;
    if (!on_worker(name, [&] { status = command.run(command.self, str(json), &sink); })) return;
    expect_no_bug(name, status);
    if (!http::is_utf8(text)) wrong(name + " prints text that is not UTF-8");
  }

  // Once, whenever it would be due.
  void timer(const Timer& timer) {
    on_worker("a timer", [&] {
      const Run run(timer.job);
      timer.run(timer.self, timer.job);
    });
  }

  // What the plugin itself has enqueued until now: a payload that was made up would be nobody's promise.
  void queues() {
    storage::JobTable table(stage_.database());
    int runs = kMostRuns;
    for (const auto& [name, queue] : watch_.queues()) {
      while (runs > 0 && !(lenient_ && watch_.failed_one())) {
        const auto next = table.next(generation_->id, name, std::numeric_limits<std::int64_t>::max());
        if (!next || !next->entry) break;
        for (std::uint32_t attempt = 1; attempt <= queue.attempts && runs-- > 0; ++attempt) {
          if (entry(name, queue, next->entry->payload)) break;
        }
        if (!table.remove(next->entry->id)) break;
      }
    }
  }

  // True: there is no use in another attempt. To fail is allowed, but by a bug.
  bool entry(const std::string& name, const Queue& queue, const std::string& payload) {
    const std::string step = "the queue " + name;
    const stoa_job job = next_job_++;
    stoa_status status = STOA_OK;
    const bool whole = on_worker(step, [&] {
      const Run run(job);
      status = queue.run(queue.self, job, str(payload));
    });
    if (!whole) return true;
    expect_no_bug(step, status);
    return status == STOA_OK;
  }

  void health() {
    const stoa_plugin_desc& desc = *generation_->desc;
    if (desc.size < offsetof(stoa_plugin_desc, health) + sizeof(void*) || !desc.health) return;
    std::string text;
    const stoa_sink sink = stoa::detail::sink_to(text);
    stoa_status status = STOA_OK;
    if (on_worker("health", [&] { status = desc.health(generation_->self, &sink); }) && status != STOA_OK)
      wrong("health: " + text);
  }

  void configure() {
    const stoa_plugin_desc& desc = *generation_->desc;
    if (desc.size < offsetof(stoa_plugin_desc, configure) + sizeof(void*) || !desc.configure) return;
    const auto settings = generation_->settings();
    stoa_status status = STOA_OK;
    if (on_worker("configure", [&] { status = desc.configure(generation_->self, str(*settings)); }) &&
        status != STOA_OK && status != STOA_E_UNSUPPORTED)
      wrong("configure refuses the defaults with status " + std::to_string(status));
  }

  Stage& stage_;
  Watch& watch_;
  const plugins::GenerationPtr& generation_;
  const bool lenient_;
  plugins::Principal who_;
  stoa_job next_job_ = kFirstJob;
};

}  // namespace

void exercise(Stage& stage, Watch& watch, const plugins::GenerationPtr& generation, bool lenient) {
  Exercise(stage, watch, generation, lenient).all();
}

}  // namespace stoa::core::validate

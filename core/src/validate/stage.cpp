#include "validate/stage.hpp"

#include <algorithm>
#include <atomic>
#include <fstream>
#include <stdexcept>
#include <utility>

#include "plugins/boundary.hpp"
#include "plugins/call.hpp"
#include "plugins/library.hpp"

namespace stoa::core::validate {

namespace fs = std::filesystem;

namespace {

constexpr std::uint32_t kDrainMs = 500;
constexpr std::chrono::milliseconds kGrace{1'000};

[[noreturn]] void give_up(const std::string& sentence) {
  throw std::runtime_error(sentence);
}

Result<std::string> host_value(std::string_view key, const fs::path& scratch) {
  if (key == "forum.name") return std::string("\"A forum\"");
  if (key == "forum.private") return std::string("false");
  if (key == "http.public_url") return std::string("\"http://localhost:8080\"");
  if (key == "limits.enabled") return std::string("true");
  if (key == "data_dir") return "\"" + scratch.string() + "\"";
  return Error{ErrorCode::not_found, "there is no host value \"" + std::string(key) + "\""};
}

}  // namespace

std::unique_ptr<storage::Database> open_database(const fs::path& path) {
  storage::DatabaseOptions options;
  options.path = path.string();
  options.now_ms = [] {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  };
  options.on_stuck = [](const std::string&) {};
  options.log = [](std::string_view, std::string_view) {};
  auto database = storage::Database::open(std::move(options));
  if (!database) give_up(database.error().message);
  return std::move(*database);
}

std::vector<storage::Migration> migrations_of(const stoa_plugin_desc& desc) {
  std::vector<storage::Migration> out;
  for (std::size_t i = 0; i < desc.migration_count; ++i) {
    const stoa_migration& migration = *desc.migrations[i];
    out.push_back({static_cast<int>(migration.number), std::string(plugins::view(migration.name)),
                   std::string(plugins::view(migration.sql))});
  }
  return out;
}

Stage::Stage(StageOptions options, const plugins::Binary& binary)
    : options_(std::move(options)),
      binary_(binary),
      pool_({.threads = 2, .per_owner = 2}),
      snapshot_(std::make_shared<const plugins::Snapshot>()) {
  options_.teller.step("an empty database");
  fs::create_directories(options_.scratch);
  const fs::path file = options_.scratch / "stoa.toml";
  std::ofstream(file).flush();
  auto [config, mistakes] = config::Config::load({.file = file, .directory = options_.scratch});
  if (!config) give_up("the check's own configuration is wrong");
  config_ = std::move(config);
  parts_.cache = &cache_;
  parts_.pool = &pool_;
  parts_.deferreds = &deferreds_;
  parts_.snapshot = [this] { return std::atomic_load(&snapshot_); };
  parts_.announce = [](const std::string&, const std::string&) {};
  parts_.host_value = [this](std::string_view key) { return host_value(key, options_.scratch); };
  database_ = open_database(options_.scratch / "stage.db");
  parts_.database = database_.get();
  jobs_ = std::make_unique<jobs::Engine>(jobs::Options{.runs = false}, *database_);
  background_ = std::make_unique<plugins::Background>(*jobs_, metrics_, true);
  parts_.jobs = background_.get();
  add_required(binary_.manifest, {});
  publish(required_);
  settings_ = settings_of(binary_.manifest);
  options_.teller.step("its loading");
  auto desc = plugins::load(binary_, options_.scratch / "run");
  if (!desc) give_up(desc.error().message);
  desc_ = *desc;
}

Stage::~Stage() {
  publish({});
  for (auto required = required_.rbegin(); required != required_.rend(); ++required) {
    if ((*required)->desc->stop) (*required)->desc->stop((*required)->self);
    (*required)->desc->destroy((*required)->self);
  }
  pool_.stop(std::chrono::seconds(1));
  database_->close();
}

std::string Stage::settings_of(const plugins::Manifest& manifest) const {
  std::vector<config::Mistake> mistakes;
  std::string out = config_->plugin_settings(manifest.id, manifest.settings, mistakes);
  if (!mistakes.empty()) give_up("the defaults of its settings break its schema: " + mistakes[0].message);
  return out;
}

void Stage::add_required(const plugins::Manifest& manifest, std::vector<std::string> path) {
  path.push_back(manifest.id);
  for (const std::string& need : manifest.needs) {
    if (std::find(path.begin(), path.end(), need) != path.end()) give_up("it requires itself, by " + need);
    if (std::any_of(required_.begin(), required_.end(), [&](const auto& there) { return there->id == need; }))
      continue;
    options_.teller.step("reading what it requires, " + need);
    const auto shelf =
        std::find_if(options_.shelves.begin(), options_.shelves.end(),
                     [&](const fs::path& path_of) { return fs::exists(path_of / (need + ".so")); });
    if (shelf == options_.shelves.end())
      give_up("it requires " + need + ", and there is no " + need + ".so here");
    const auto binary = plugins::inspect(*shelf / (need + ".so"));
    if (!binary) give_up("it requires " + need + ", which " + binary.error().message);
    add_required(binary->manifest, path);
    options_.teller.step("loading what it requires, " + need);
    auto desc = plugins::load(*binary, options_.scratch / "run");
    if (!desc) give_up("it requires " + need + ", which " + desc.error().message);
    auto generation = std::make_shared<plugins::Generation>(parts_, *binary);
    generation->desc = *desc;
    generation->set_settings(settings_of(binary->manifest));
    generation->registering = true;
    options_.teller.step("starting what it requires, " + need);
    if ((*desc)->create(plugins::host_table(), generation.get(), &generation->self) != STOA_OK)
      give_up("it requires " + need + ", which could not be created");
    generation->registering = false;
    if (auto done = database_->migrate(need, migrations_of(**desc)); !done) give_up(done.error().message);
    generation->usable = true;
    if ((*desc)->start && (*desc)->start(generation->self) != STOA_OK)
      give_up("it requires " + need + ", which could not be started");
    generation->accepting = true;
    required_.push_back(std::move(generation));
    publish(required_);
  }
}

void Stage::publish(std::vector<plugins::GenerationPtr> active) {
  auto snapshot = plugins::build_snapshot(active, {}, {}, {}, R"({"openapi":"3.1.0","paths":{}})");
  if (!snapshot) give_up(snapshot.error().message);
  std::atomic_store(&snapshot_, std::move(*snapshot));
}

void Stage::activate(const plugins::GenerationPtr& generation) {
  std::vector<plugins::GenerationPtr> active = required_;
  active.push_back(generation);
  publish(std::move(active));
  background_->attach(generation);
}
void Stage::deactivate(const plugins::Generation& generation) {
  background_->detach(generation, std::chrono::seconds(1));
  publish(required_);
}

std::vector<std::string> Stage::held() const {
  std::vector<std::string> out;
  for (const plugins::GenerationPtr& required : required_) {
    if (required->calls.load() > 0) out.push_back(required->id);
  }
  return out;
}

// ---- One generation

Subject::Subject(Stage& stage, Watch& watch)
    : stage_(stage),
      watch_(watch),
      generation_(std::make_shared<plugins::Generation>(stage.parts(), stage.binary())) {
  generation_->desc = &stage.desc();
  generation_->set_settings(stage.settings());
  watch_.begin(*generation_);
}

Subject::~Subject() {
  destroy();
}

template <class F>
bool Subject::call(const char* name, F&& work) {
  watch_.teller().step(name);
  plugins::clear_callback_error();
  (void)watch_.take_logged();
  try {
    const stoa_status status = work();
    if (status == STOA_OK) return true;
    // What the wrapper says of an exception is in the log only.
    const std::string logged = watch_.take_logged();
    const Error error = plugins::take_callback_error(status);
    const std::string& why = error.message.empty() ? logged : error.message;
    refusal_ = std::string(name) + " gave status " + std::to_string(status) + (why.empty() ? "" : ": " + why);
  } catch (const std::exception& e) {
    refusal_ = std::string("let an exception out of ") + name + ": " + e.what();
    watch_.fault(refusal_);
  } catch (...) {
    refusal_ = std::string("let an exception out of ") + name;
    watch_.fault(refusal_);
  }
  return false;
}

bool Subject::create() {
  generation_->registering = true;
  const bool done = call(
      "create", [&] { return stage_.desc().create(watch_.host(), generation_.get(), &generation_->self); });
  generation_->registering = false;
  created_ = done;
  if (done) watch_subscribers(*generation_);
  return done;
}

bool Subject::migrate() {
  watch_.teller().step("its migrations");
  auto done = stage_.database().migrate(generation_->id, migrations_of(stage_.desc()));
  if (!done) refusal_ = "could not be migrated: " + done.error().message;
  return done.has_value();
}

bool Subject::start() {
  generation_->usable = true;
  started_ = true;
  if (stage_.desc().start && !call("start", [&] { return stage_.desc().start(generation_->self); }))
    return false;
  generation_->accepting = true;
  stage_.activate(generation_);
  return true;
}

bool Subject::drain() {
  if (!generation_->accepting) return true;
  generation_->accepting = false;
  stage_.deactivate(*generation_);
  if (!stage_.desc().drain) return true;
  const auto begin = std::chrono::steady_clock::now();
  const bool done = call("drain", [&] { return stage_.desc().drain(generation_->self, kDrainMs); });
  const auto took = std::chrono::steady_clock::now() - begin;
  if (took > std::chrono::milliseconds(kDrainMs) + kGrace) watch_.fault("drain goes on past its deadline");
  return done;
}

bool Subject::stop() {
  if (generation_->accepting) stage_.deactivate(*generation_);
  generation_->accepting = false;
  // What was left behind, as a write that nobody waits for, ends first: the host promises that.
  (void)plugins::wait_until_idle(*generation_,
                                 std::chrono::steady_clock::now() + std::chrono::milliseconds(kDrainMs));
  const bool done =
      !started_ || !stage_.desc().stop || call("stop", [&] { return stage_.desc().stop(generation_->self); });
  started_ = false;
  generation_->usable = false;
  return done;
}

void Subject::destroy() {
  if (started_) stop();
  if (std::exchange(created_, false)) {
    call("destroy", [&] {
      stage_.desc().destroy(generation_->self);
      return STOA_OK;
    });
  }
  watch_.end(*generation_);
}

bool Subject::live() {
  const bool lived = create() && migrate() && start();
  const std::string why = refusal_;
  const bool drained = lived && drain();
  const bool stopped = stop();
  destroy();
  if (!lived) refusal_ = why;
  return lived && drained && stopped;
}

}  // namespace stoa::core::validate

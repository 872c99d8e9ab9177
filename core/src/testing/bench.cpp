#include "testing/bench.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <system_error>

#include "log/log.hpp"
#include "plugins/elf.hpp"
#include "stoa/json.hpp"
#include "testing/test_exchange.hpp"

namespace stoa::core::testing {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::milliseconds kPatience{30'000};

Error broken(std::string why) {
  return {ErrorCode::unavailable, std::move(why)};
}

bool has(const std::vector<std::pair<std::string, std::string>>& fields, std::string_view name) {
  return std::any_of(fields.begin(), fields.end(),
                     [&](const auto& field) { return http::equal_ignoring_case(field.first, name); });
}

}  // namespace

Result<std::unique_ptr<Bench>> Bench::open(BenchOptions options) {
  std::unique_ptr<Bench> bench(new Bench(std::move(options)));
  bench->world_ = std::make_unique<World>(bench->options_.now_ms, bench->options_.seed);
  if (auto done = bench->lay_out(); !done) return done.error();
  log::start("info");
  log::divert([world = bench->world_.get()](std::string_view line) { world->log(line); });
  if (auto done = bench->start(); !done) return done.error();
  return bench;
}

Bench::~Bench() {
  stop();
  log::divert({});
  std::error_code code;
  if (!directory_.empty()) fs::remove_all(directory_, code);
}

// A plugin directory with the files under test and all that they require.
Result<void> Bench::lay_out() {
  std::string pattern = (fs::temp_directory_path() / "stoa-test-XXXXXX").string();
  if (!::mkdtemp(pattern.data())) return broken("no temporary directory at " + pattern);
  directory_ = pattern;
  fs::create_directory(directory_ / "plugins");

  std::map<std::string, fs::path> files;
  std::vector<std::string> wanted = options_.with;
  for (const fs::path& path : options_.plugins) {
    const auto binary = plugins::inspect(path);
    if (!binary) return broken(path.string() + " " + binary.error().message);
    files[binary->manifest.id] = fs::absolute(path);
    wanted.push_back(binary->manifest.id);
  }
  wanted.push_back("auth");
  while (!wanted.empty()) {
    const std::string id = wanted.back();
    wanted.pop_back();
    if (std::find(enabled_.begin(), enabled_.end(), id) != enabled_.end()) continue;
    fs::path file = options_.prefix / (id == "auth" ? "lib/stoa/testing" : "lib/stoa/plugins") / (id + ".so");
    if (const auto given = files.find(id); given != files.end()) file = given->second;
    const auto binary = plugins::inspect(file);
    if (!binary) return broken("plugin \"" + id + "\": " + file.string() + " " + binary.error().message);
    fs::create_symlink(file, directory_ / "plugins" / (id + ".so"));
    enabled_.push_back(id);
    wanted.insert(wanted.end(), binary->manifest.needs.begin(), binary->manifest.needs.end());
  }

  std::ofstream file(directory_ / "stoa.toml");
  file << "[forum]\nprivate = " << (options_.private_forum ? "true" : "false")
       << "\n[http]\nworkers = 4\n[limits]\nenabled = " << (options_.limits ? "true" : "false")
       << "\n[plugins]\nenabled = [";
  for (std::size_t i = 0; i < enabled_.size(); ++i) file << (i ? ", \"" : "\"") << enabled_[i] << '"';
  file << "]\ndir = \"plugins\"\nchecked = true\n";
  for (const auto& [id, lines] : options_.settings) file << "[plugin." << id << "]\n" << lines;
  file.close();
  return file ? Result<void>() : broken("stoa.toml could not be written");
}

Result<void> Bench::start() {
  config::Sources sources{
      .file = directory_ / "stoa.toml", .overrides = {}, .environment = {}, .directory = directory_};
  auto [config, mistakes] = config::Config::load(sources);
  std::string all;
  for (const config::Mistake& mistake : mistakes) all += (all.empty() ? "" : "\n") + mistake.to_string();
  if (!all.empty()) return broken(all);

  host::Seams seams;
  seams.frontend = options_.prefix / "share/stoa/frontend";
  seams.wall_ms = [this] { return world_->wall_ms(); };
  seams.monotonic_ms = [this] { return world_->monotonic_ms(); };
  seams.random = [this](void* out, std::size_t count) { world_->fill(out, count); };
  seams.withheld = [this](std::string_view service) { return world_->withheld(service); };
  seams.database = [this](std::unique_ptr<storage::Database> real) {
    auto faulty = std::make_unique<FaultyDatabase>(std::move(real));
    database_ = faulty.get();
    return faulty;
  };
  seams.hub = [this](realtime::Backend& backend) {
    auto hub = std::make_unique<TestHub>(backend);
    hub_ = hub.get();
    return hub;
  };
  host_ = std::make_unique<host::Host>(std::move(config), std::move(sources), std::move(seams));
  if (auto failure = host_->open()) return broken(failure->message);
  if (auto failure = host_->start()) return broken(failure->message);
  auto application = host_->application();
  if (!application) return application.error();
  application_ = *application;
  for (const User& user : users_) {
    if (auto told = tell(user); !told) return told;
  }
  return {};
}

void Bench::stop() {
  application_ = nullptr;
  host_.reset();
  database_ = nullptr;
  hub_ = nullptr;
}

Result<void> Bench::restart() {
  stop();
  return start();
}

Result<Reply> Bench::request(std::string_view method, std::string_view target,
                             std::vector<std::pair<std::string, std::string>> fields, std::string body,
                             std::int64_t user) {
  if (!body.empty() && !has(fields, "Content-Type")) fields.emplace_back("Content-Type", "application/json");
  if (user != 0 && !has(fields, "Authorization"))
    fields.emplace_back("Authorization", "Bearer t" + std::to_string(user));
  auto answer = std::make_shared<Answer>();
  auto exchange = TestExchange::make(method, target, fields, std::move(body), answer);
  if (!exchange) return exchange.error();
  const http::RequestHead& head = (*exchange)->head();
  if (head.content_length) (*exchange)->limit_body(application_->admit(head).body_limit);
  application_->handle(std::move(*exchange));
  auto response = answer->wait(kPatience);
  if (!response)
    return Error{ErrorCode::timeout, "nobody answered " + std::string(method) + " " + std::string(target)};
  return Reply{response->status, std::move(response->fields),
               response->body ? *response->body : std::string()};
}

Result<void> Bench::tell(const User& user) {
  const auto done = command(
      {"testing", "user", "--id", std::to_string(user.id), "--nickname", user.nickname, "--role", user.role});
  return done.status == 0 ? Result<void>() : Error{ErrorCode::validation, done.err};
}

Result<std::int64_t> Bench::add_user(std::string nickname, std::string role) {
  const User user{static_cast<std::int64_t>(users_.size()) + 1, std::move(nickname), std::move(role)};
  if (auto told = tell(user); !told) return told.error();
  users_.push_back(user);
  return user.id;
}

const User* Bench::user(std::int64_t id) const {
  const auto found =
      std::find_if(users_.begin(), users_.end(), [&](const User& user) { return user.id == id; });
  return found == users_.end() ? nullptr : &*found;
}

Result<int> Bench::connect(std::int64_t id) {
  if (id == 0) return hub_->connect(std::nullopt);
  const User* who = user(id);
  if (!who) return Error{ErrorCode::not_found, "there is no user " + std::to_string(id)};
  return hub_->connect(realtime::Member{who->id, who->nickname, who->role, "s" + std::to_string(id)});
}

host::CommandResult Bench::command(const std::vector<std::string>& words) {
  return host_->control(words);
}

Result<std::uint64_t> Bench::emit(const std::string& owner, const NewEvent& event) {
  std::uint64_t seq = 0;
  auto done = database_->write(owner, [&](storage::Transaction& transaction) -> Result<void> {
    auto emitted = transaction.emit(event);
    if (!emitted) return emitted.error();
    seq = *emitted;
    return {};
  });
  if (!done) return done.error();
  return seq;
}

void Bench::advance(std::int64_t ms) {
  world_->advance(ms);
  host_->clock_moved();
}

bool Bench::settle() {
  return database_->settle([this] { return hub_->events(); });
}

}  // namespace stoa::core::testing

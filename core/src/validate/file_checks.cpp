#include <dlfcn.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "http/utf8.hpp"
#include "plugins/boundary.hpp"
#include "plugins/library.hpp"
#include "stoa/json.hpp"
#include "validate/checks.hpp"
#include "validate/process.hpp"
#include "validate/symbols.hpp"

namespace stoa::core::validate {

namespace fs = std::filesystem;
using plugins::view;

namespace {

constexpr std::chrono::milliseconds kLoadLimit{1'000};
// Members up to and including `destroy` came with the first release.
constexpr std::uint32_t kFirstSize = offsetof(stoa_plugin_desc, destroy) + sizeof(void*);

void* open_library(const plugins::Binary& binary) {
  void* library = ::dlopen(fs::absolute(binary.path).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) throw std::runtime_error("cannot be loaded: " + plugins::linker_words(::dlerror()));
  return library;
}

void check_text(Teller& teller, const char* what, stoa_str text) {
  if (!http::is_utf8(view(text))) teller.fault(std::string(what) + " is not UTF-8");
}

void check_migration_list(Teller& teller, const stoa_plugin_desc& desc) {
  for (std::size_t i = 0; i < desc.migration_count; ++i) {
    const stoa_migration* migration = desc.migrations ? desc.migrations[i] : nullptr;
    const std::string name = "migration " + std::to_string(i + 1);
    if (!migration) {
      teller.fault(name + " is missing");
      continue;
    }
    if (migration->size < sizeof(stoa_migration))
      teller.fault(name + " has the size " + std::to_string(migration->size));
    if (migration->number != i + 1)
      teller.fault(name + " has the number " + std::to_string(migration->number));
    if (migration->name.len == 0 || migration->sql.len == 0) teller.fault(name + " is empty");
    check_text(teller, name.c_str(), migration->sql);
  }
}

void check_assets(Teller& teller, const stoa_plugin_desc& desc) {
  for (std::size_t i = 0; i < desc.asset_count; ++i) {
    const stoa_asset* asset = desc.assets ? desc.assets[i] : nullptr;
    if (!asset) {
      teller.fault("asset " + std::to_string(i + 1) + " is missing");
      continue;
    }
    const std::string path(view(asset->path));
    if (path.empty() || path[0] == '/' || path.find("..") != std::string::npos)
      teller.fault("the asset \"" + path + "\" has no relative path");
  }
}

}  // namespace

void check_undefined(Teller& teller, const plugins::Binary& binary, const Place&) {
  const auto symbols = symbols_of(binary.path);
  if (!symbols) throw std::runtime_error(symbols.error().message);
  for (const std::string& name : unresolved(*symbols))
    teller.fault("takes " + plugins::written_name(name) + " from none of its libraries");
  std::string libraries;
  for (const std::string& name : symbols->needed) libraries += (libraries.empty() ? "" : ", ") + name;
  teller.note("needs " + (libraries.empty() ? "no library" : libraries));
}

void check_load(Teller& teller, const plugins::Binary& binary, const Place&) {
  const auto symbols = symbols_of(binary.path);
  if (!symbols) throw std::runtime_error(symbols.error().message);
  const std::size_t threads = thread_count();
  teller.step("its static constructors");
  const auto begin = std::chrono::steady_clock::now();
  open_library(binary);
  const auto took =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
  if (took > kLoadLimit) teller.fault("takes " + std::to_string(took.count()) + " ms to load");
  if (thread_count() > threads) teller.fault("starts a thread in a static constructor");
  teller.note("loaded in " + std::to_string(took.count()) +
              " ms, static constructors: " + std::to_string(symbols->constructors));
}

void check_description(Teller& teller, const plugins::Binary& binary, const Place&) {
  void* library = open_library(binary);
  const auto entry = reinterpret_cast<stoa_plugin_entry>(::dlsym(library, "stoa_plugin_v1"));
  if (!entry) throw std::runtime_error("has no entry stoa_plugin_v1");
  teller.step("stoa_plugin_v1");
  const stoa_plugin_desc* desc = entry();
  if (!desc) throw std::runtime_error("stoa_plugin_v1 gives no description");
  if (entry() != desc) teller.fault("stoa_plugin_v1 gives another description each time");
  if (desc->size < kFirstSize)
    throw std::runtime_error("its description has the size " + std::to_string(desc->size) + ", at least " +
                             std::to_string(kFirstSize) + " are needed");
  teller.step("its description");
  if (desc->abi_major != STOA_ABI_MAJOR)
    teller.fault("its description is of ABI " + std::to_string(desc->abi_major) + ", this host has " +
                 std::to_string(STOA_ABI_MAJOR));
  if (desc->sdk_built != binary.sdk_built || desc->sdk_minimum != binary.sdk_minimum)
    teller.fault("its description and its note contradict each other about the SDK");
  if (view(desc->id) != binary.manifest.id) teller.fault("its description has another id than its manifest");
  if (view(desc->version) != binary.manifest.version)
    teller.fault("its description has another version than its manifest");
  if (!desc->create) teller.fault("its description has no create");
  if (!desc->destroy) teller.fault("its description has no destroy");
  if (desc->openapi.len > 0 && !parse_json(view(desc->openapi))) teller.fault("its OpenAPI part is not JSON");
  check_text(teller, "its manifest", desc->manifest);
  check_migration_list(teller, *desc);
  check_assets(teller, *desc);
}

void check_settings(Teller& teller, const plugins::Binary& binary, const Place& place) {
  const std::string& id = binary.manifest.id;
  fs::create_directories(place.scratch);
  const auto mistakes_with = [&](const std::string& section) {
    const fs::path file = place.scratch / "stoa.toml";
    std::ofstream(file, std::ios::trunc) << section;
    std::vector<config::Mistake> mistakes;
    const auto [config, wrong] = config::Config::load({.file = file, .directory = place.scratch});
    if (!config) throw std::runtime_error("the check's own configuration is wrong");
    (void)config->plugin_settings(id, binary.manifest.settings, mistakes);
    return mistakes;
  };
  const auto of_defaults = mistakes_with("");
  for (const config::Mistake& mistake : of_defaults)
    teller.fault("the schema refuses its own defaults: " + mistake.key + ": " + mistake.message);
  const auto with_unknown = mistakes_with("[plugin." + id + "]\nno_such_setting_at_all = 1\n");
  const bool refused = std::any_of(with_unknown.begin(), with_unknown.end(), [&](const auto& mistake) {
    return std::none_of(of_defaults.begin(), of_defaults.end(), [&](const auto& known) {
      return known.key == mistake.key && known.message == mistake.message;
    });
  });
  if (!refused)
    teller.fault("the schema accepts settings it does not know: \"additionalProperties\" must be false");
}

void check_migrations(Teller& teller, const plugins::Binary& binary, const Place& place) {
  Stage stage({place.scratch, place.shelves, teller}, binary);
  const auto all = migrations_of(stage.desc());
  if (all.empty()) {
    teller.note("it has none");
    return;
  }
  const auto migrate = [&](storage::Database& database, std::size_t count, const std::string& when) {
    teller.step("its migrations " + when);
    auto done = database.migrate(binary.manifest.id, std::span(all).first(count));
    if (!done) throw std::runtime_error(when + ": " + done.error().message);
    return *done;
  };
  for (std::size_t first = 0; first < all.size(); ++first) {
    const std::string when = first == 0 ? "on an empty database" : "after step " + std::to_string(first);
    const auto database = open_database(place.scratch / ("from" + std::to_string(first) + ".db"));
    migrate(*database, first, when);
    migrate(*database, all.size(), when);
    if (migrate(*database, all.size(), "once more") != 0) teller.fault("is migrated once more");
    if (auto sound = database->integrity(); !sound || *sound != "ok")
      teller.fault(when + ": the database is damaged: " + (sound ? *sound : sound.error().message));
    database->close();
  }
  teller.note(std::to_string(all.size()) + (all.size() == 1 ? " step" : " steps"));
}

}  // namespace stoa::core::validate

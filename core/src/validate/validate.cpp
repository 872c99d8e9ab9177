#include "validate/validate.hpp"

#include <stdlib.h>

#include <algorithm>
#include <fstream>
#include <regex>
#include <stdexcept>
#include <string>
#include <system_error>

#include "plugins/elf.hpp"
#include "stoa/stoa.h"
#include "validate/checks.hpp"
#include "validate/symbols.hpp"

namespace stoa::core::validate {

namespace fs = std::filesystem;

namespace {

std::string release_name(std::uint32_t version) {
  return std::to_string(version / 1'000'000) + "." + std::to_string(version / 1'000 % 1'000) + "." +
         std::to_string(version % 1'000);
}

// Removed with everything in it.
class Scratch {
 public:
  Scratch() {
    std::string name = (fs::temp_directory_path() / "stoa-validate-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error("no scratch directory " + name);
    path_ = name;
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::vector<std::string> manifest_faults(const plugins::Binary& binary) {
  static const std::regex kVersion(
      R"((0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?)");
  static const std::regex kSdk(R"((0|[1-9]\d*)\.(0|[1-9]\d*))");
  const plugins::Manifest& manifest = binary.manifest;
  std::vector<std::string> out;
  if (!std::regex_match(manifest.version, kVersion))
    out.push_back("plugin.json: \"version\" must be a semantic version, as 1.2.3, not \"" + manifest.version +
                  "\"");
  std::smatch parts;
  if (!std::regex_match(manifest.sdk, parts, kSdk))
    out.push_back("plugin.json: \"sdk\" must be a release of the SDK, as 1.0, not \"" + manifest.sdk + "\"");
  else if (parts[1] != std::to_string(STOA_ABI_MAJOR))
    out.push_back("plugin.json: \"sdk\" is of another major release: " + manifest.sdk);
  for (const std::string& need : manifest.needs) {
    if (need == manifest.id) out.push_back("plugin.json: it requires itself");
    if (!plugins::valid_id(need)) out.push_back("plugin.json: \"" + need + "\" in \"requires\" is no id");
  }
  return out;
}

class Validation {
 public:
  explicit Validation(const Options& options) : options_(options) {
    report_.file = options.file.filename().string();
  }

  Report run() {
    const auto binary = plugins::inspect(options_.file);
    if (!binary) return refuse(binary.error().message);
    report_.plugin = binary->manifest.id;
    report_.version = binary->manifest.version;
    add("note", {}, {binary->compiler + ", SDK " + release_name(binary->sdk_built)});
    add("manifest", manifest_faults(*binary), {});
    symbols();
    in_own_process(*binary);
    return std::move(report_);
  }

 private:
  struct Row {
    const char* name;
    Check check;
    const char* needs;  // skipped where that failed
  };
  static const std::vector<Row>& rows() {
    static const std::vector<Row> all = {
        {"undefined", &check_undefined, ""},
        {"load", &check_load, "undefined"},
        {"description", &check_description, "load"},
        {"settings", &check_settings, ""},
        {"migrations", &check_migrations, "description"},
        {"lifecycle", &check_lifecycle, "migrations"},
        {"leaks", &check_leaks, "lifecycle"},
        {"cycles", &check_cycles, "lifecycle"},
        {"tables", &check_tables, "lifecycle"},
        {"callbacks", &check_callbacks, "lifecycle"},
        {"faults", &check_faults, "callbacks"},
    };
    return all;
  }

  void add(std::string check, std::vector<std::string> faults, std::vector<std::string> notes) {
    const Outcome outcome = faults.empty() ? Outcome::ok : Outcome::failed;
    report_.findings.push_back(
        {std::move(check), outcome, faults.empty() ? std::move(notes) : std::move(faults)});
  }
  void skip(std::string check, const std::string& needs) {
    report_.findings.push_back({std::move(check), Outcome::skipped, {"because of " + needs}});
  }

  // Nothing of a file like that is run.
  Report refuse(const std::string& why) {
    const bool manifest = why.rfind("plugin.json", 0) == 0 || why.find("manifest") != std::string::npos;
    add(manifest ? "manifest" : "note", {why}, {});
    for (const char* check : {"exports", "unique"}) skip(check, report_.findings[0].check);
    for (const Row& row : rows()) skip(row.name, report_.findings[0].check);
    return std::move(report_);
  }

  void symbols() {
    const auto symbols = symbols_of(options_.file);
    if (!symbols) {
      add("exports", {symbols.error().message}, {});
      return;
    }
    std::vector<std::string> faults;
    const auto& exported = symbols->exported;
    if (std::find(exported.begin(), exported.end(), "stoa_plugin_v1") == exported.end())
      faults.push_back("does not export stoa_plugin_v1");
    for (const std::string& name : exported) {
      if (name != "stoa_plugin_v1") faults.push_back("exports " + name + ", too");
    }
    add("exports", faults, {});
    std::vector<std::string> pins;
    for (const std::string& name : symbols->unique) pins.push_back(name + " pins it in memory for ever");
    add("unique", pins, {});
  }

  void in_own_process(const plugins::Binary& binary) {
    const Scratch scratch;
    for (const Row& row : rows()) {
      const Finding* needed = report_.find(row.needs);
      if (needed && needed->outcome != Outcome::ok) {
        skip(row.name, row.needs);
        continue;
      }
      const Place place{scratch.path() / row.name, options_.shelves};
      ChildResult result = in_child([&](Teller& teller) { row.check(teller, binary, place); },
                                    options_.step_limit, options_.check_limit);
      add(row.name, std::move(result.faults), std::move(result.notes));
      report_.findings.back().took = result.took;
    }
  }

  const Options& options_;
  Report report_;
};

}  // namespace

Result<Report> validate(const Options& options) {
  std::error_code code;
  if (!fs::is_regular_file(options.file, code) || !std::ifstream(options.file, std::ios::binary))
    return Error{ErrorCode::not_found, options.file.string() + " cannot be read"};
  return Validation(options).run();
}

}  // namespace stoa::core::validate

#include <stdlib.h>
#include <sys/utsname.h>

#include <cstdio>
#include <fstream>
#include <system_error>

#include "cli/plugin_tools.hpp"
#include "host/host.hpp"
#include "plugins/elf.hpp"
#include "stoa/json.hpp"
#include "validate/validate.hpp"

namespace stoa::core::cli {

namespace fs = std::filesystem;

namespace {

int refuse(host::Exit code, const std::string& why) {
  std::fprintf(stderr, "stoa: %s\n", why.c_str());
  return static_cast<int>(code);
}

std::string sdk_version(std::uint32_t number) {
  return std::to_string(number / 1'000'000) + "." + std::to_string(number / 1'000 % 1'000) + "." +
         std::to_string(number % 1'000);
}

// What an operator wants to know before anything is installed.
std::string summary(const plugins::Binary& binary, const std::string& machine) {
  Json json;
  json.begin_object()
      .field("id", binary.manifest.id)
      .field("name", binary.manifest.name)
      .field("version", binary.manifest.version)
      .field("description", binary.manifest.description)
      .field("machine", machine)
      .field("compiler", binary.compiler)
      .field("sdk_built", sdk_version(binary.sdk_built))
      .field("sdk_minimum", sdk_version(binary.sdk_minimum));
  for (const auto& [name, list] :
       {std::pair{"requires", &binary.manifest.needs}, std::pair{"prefixes", &binary.manifest.prefixes},
        std::pair{"channels", &binary.manifest.channels}}) {
    json.key(name).begin_array();
    for (const std::string& text : *list) json.value(text);
    json.end_array();
  }
  return json.end_object().take() + "\n";
}

// A directory that is gone with its owner.
struct Scratch {
  fs::path path;
  Scratch() {
    std::string pattern = (fs::temp_directory_path() / "stoa-pack-XXXXXX").string();
    if (::mkdtemp(pattern.data())) path = pattern;
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code code;
    if (!path.empty()) fs::remove_all(path, code);
  }
};

}  // namespace

int plugin_pack(const PluginTool& tool) {
  fs::path file = tool.path;
  if (fs::is_directory(file)) {
    const std::string id = plugin_of(file);
    if (id.empty()) return static_cast<int>(host::Exit::usage);
    file = file / "build" / (id + ".so");
    if (!fs::exists(file))
      return refuse(host::Exit::usage, file.string() + " is not there; build the plugin first");
  }
  const auto binary = plugins::inspect(file);
  if (!binary) return refuse(host::Exit::usage, file.string() + " " + binary.error().message);

  utsname system{};
  ::uname(&system);
  const std::string machine = std::string("linux-") + system.machine;
  const std::string& id = binary->manifest.id;
  const fs::path out = fs::absolute(
      tool.out.empty() ? id + "-" + binary->manifest.version + "-" + machine + ".tar.gz" : tool.out);
  const Scratch scratch;
  if (scratch.path.empty()) return refuse(host::Exit::software, "there is no temporary directory");
  const fs::path library = scratch.path / (id + ".so");
  if (run_program({"strip", "--strip-unneeded", "-o", library.string(), file.string()}) != 0)
    return refuse(host::Exit::software, "strip did not accept " + file.string());
  // What is packed is judged, not what it was made of.
  validate::Options what;
  what.file = library;
  what.shelves = {file.parent_path(), host::Layout::of_this_program().plugins};
  const auto report = validate::validate(what);
  if (!report) return refuse(host::Exit::software, report.error().message);
  if (!report->valid()) {
    std::fputs(report->text().c_str(), stderr);
    return refuse(host::Exit::software, file.string() + " is not packed");
  }
  std::ofstream(scratch.path / "plugin-summary.json") << summary(*binary, machine);
  fs::permissions(library, fs::perms(0644));
  if (run_program({"sha256sum", id + ".so", "plugin-summary.json"}, scratch.path,
                  scratch.path / "SHA256SUMS") != 0)
    return refuse(host::Exit::software, "sha256sum failed");
  const fs::path fresh = out.string() + ".new";
  if (run_program({"tar", "--create", "--gzip", "--sort=name", "--owner=0", "--group=0", "--numeric-owner",
                   "--mtime=@0", "--file", fresh.string(), id + ".so", "plugin-summary.json", "SHA256SUMS"},
                  scratch.path) != 0)
    return refuse(host::Exit::software, "tar could not write " + fresh.string());
  std::error_code code;
  fs::rename(fresh, out, code);
  if (code) return refuse(host::Exit::software, out.string() + ": " + code.message());
  std::printf("Packed %s %s for %s: %s\n", id.c_str(), binary->manifest.version.c_str(), machine.c_str(),
              out.c_str());
  return 0;
}

}  // namespace stoa::core::cli

// plugin.json, and the schema of a plugin's settings in it: a manifest or an error that says what is wrong.
#include "plugins/manifest.hpp"

#include <algorithm>
#include <string>

#include "config/check.hpp"
#include "config/schema.hpp"
#include "config/toml_file.hpp"
#include "input.hpp"
#include "stoa/json.hpp"

namespace {

using namespace stoa::core;
using stoa::fuzz::expect;

void check_schema(const std::string& text) {
  const auto schema = config::Schema::parse(text);
  expect(schema.has_value(), "the settings of a manifest are a schema");
  for (const auto& key : schema->keys()) {
    schema->at(key);
    schema->is_secret(key);
  }
  // valijson takes an author at his word: patterns may take any time, references go in circles, zero divides.
  for (const char* word : {"attern", "$ref", "multipleOf"})
    if (text.find(word) != std::string::npos) return;
  std::vector<config::Mistake> mistakes;
  const config::KeyPath base{"plugin", "x"};
  config::Tree tree = config::read_toml(
      "[plugin.x]\na = 1\nb = \"two\"\nc = [1, \"2\"]\nd = {a = {a = {a = true}}}\n", "stoa.toml", mistakes);
  expect(mistakes.empty(), "the settings can be read");
  tree.fill(base, *schema);
  config::check(*schema, tree, base, mistakes);
  for (const config::Mistake& mistake : mistakes) {
    expect(mistake.key.rfind("plugin.x", 0) == 0, "a mistake names its key");
    expect(!mistake.message.empty(), "and says what is wrong");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto manifest = plugins::parse_manifest(text);
  if (!manifest) {
    expect(manifest.error().message.rfind("plugin.json: ", 0) == 0 && manifest.error().message.size() > 13,
           "an error names the file and says why");
    return 0;
  }
  expect(plugins::valid_id(manifest->id) && manifest->id != "core", "an id is one");
  expect(!manifest->name.empty(), "there is a name");
  for (const std::string& prefix : manifest->prefixes)
    expect(prefix.size() >= 2 && prefix.front() == '/' && prefix.back() != '/', "a prefix is a path");
  if (manifest->settings.empty()) return 0;
  const auto settings = stoa::parse_json(manifest->settings);
  expect(settings && settings->IsObject(), "settings are a JSON object");
  check_schema(manifest->settings);
  return 0;
}

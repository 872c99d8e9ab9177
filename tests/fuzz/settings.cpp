// stoa.toml against the program's own schema: settings, or mistakes that name their place.
#include <algorithm>
#include <string>

#include "config/check.hpp"
#include "config/cross_checks.hpp"
#include "config/mistake.hpp"
#include "config/network.hpp"
#include "config/schema.hpp"
#include "config/toml_file.hpp"
#include "config/toml_text.hpp"
#include "input.hpp"

namespace {

using namespace stoa::core::config;
using stoa::fuzz::expect;

constexpr std::string_view kName = "stoa.toml";

// "stoa.toml:12", with the column behind it where the text is no TOML; empty for what nobody wrote.
bool is_place(std::string_view where, std::size_t lines) {
  if (where.empty()) return true;
  if (where.substr(0, kName.size() + 1) != "stoa.toml:") return false;
  const std::string number(where.substr(kName.size() + 1));
  return !number.empty() && number.front() >= '1' && number.front() <= '9' && std::stoul(number) <= lines;
}

// Values written as TOML are the same values when they are read.
void check_round_trip(const Tree& tree) {
  std::string text;
  const rapidjson::Value* root = tree.find({});
  for (const auto& entry : root->GetObject())
    text += (is_bare_key(text_of(entry.name)) ? std::string(text_of(entry.name))
                                              : toml_quoted(text_of(entry.name))) +
            " = " + toml_text(entry.value) + "\n";
  std::vector<Mistake> mistakes;
  const Tree again = read_toml(text, "again", mistakes);
  expect(mistakes.empty(), "values are written as TOML");
  expect(*again.find({}) == *root, "and stay the same");
}

void check_settings(const Tree& tree) {
  const auto text = [&](const KeyPath& path) {
    const rapidjson::Value* value = tree.find(path);
    expect(value && value->IsString(), "a text that has a default is there");
    return text_of(*value);
  };
  const rapidjson::Value* port = tree.find({"http", "port"});
  expect(port && port->IsInt() && port->GetInt() >= 0 && port->GetInt() <= 65535, "a port is one");
  expect(is_address(text({"http", "host"})) || is_host_name(text({"http", "host"})), "a host is one");
  const auto url = text({"http", "public_url"});
  expect(url.empty() || is_public_url(url), "a URL is one");
  for (const auto& proxy : tree.find({"http", "trusted_proxies"})->GetArray())
    expect(is_network(text_of(proxy)), "a proxy is a network");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto lines = 1 + static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  std::vector<Mistake> mistakes;
  Tree tree = read_toml(text, std::string(kName), mistakes);
  if (mistakes.empty()) check_round_trip(tree);
  const Schema& schema = Schema::of_the_file();
  tree.fill({}, schema);
  check(schema, tree, {}, mistakes);
  cross_check(tree, mistakes);
  sort_by_place(mistakes);
  for (const Mistake& mistake : mistakes) {
    expect(is_place(mistake.where, lines), "a mistake names its line");
    expect(!mistake.message.empty(), "a mistake says what is wrong");
    expect(!mistake.where.empty() || !mistake.key.empty(), "a mistake has a place or a key");
  }
  if (mistakes.empty()) check_settings(tree);
  return 0;
}

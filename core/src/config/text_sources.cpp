#include "config/text_sources.hpp"

#include "config/file_text.hpp"
#include "config/plugin_id.hpp"

namespace stoa::core::config {
namespace {

constexpr std::string_view kFileSuffix = "__FILE";

// Splits off plugin.<id>. false: it was reported.
bool take_plugin(TextValue& value, std::string_view section, const std::string& shape,
                 std::vector<Mistake>& mistakes) {
  if (value.parts.front() != section) return true;
  if (value.parts.size() < 3) {
    mistakes.push_back(
        {value.origin.where, "plugin", "is a section, not a value; a plugin's setting is " + shape});
    return false;
  }
  value.plugin = value.is_variable ? lower_case(value.parts[1]) : value.parts[1];
  value.parts.erase(value.parts.begin(), value.parts.begin() + 2);
  if (is_plugin_id(value.plugin)) return true;
  mistakes.push_back({value.origin.where, dotted({"plugin", value.plugin}), not_a_plugin_id(value.plugin)});
  return false;
}

bool is_known(const KeyPath& parts) {
  // A plugin's keys are not known yet; [plugin.<id>] itself holds no value.
  if (parts.front() == "PLUGIN") return parts.size() > 2;
  return Schema::of_the_file().resolve(parts, false).has_value();
}

// Those that end in FILE and are no key by themselves.
bool names_file(const KeyPath& parts) {
  if (parts.size() < 2 || parts.back() != "FILE") return false;
  if (parts.front() == "PLUGIN") return parts.size() > 3;
  return !is_known(parts);
}

// false: it was reported.
bool read_secret(const Sources& sources, TextValue& value, std::vector<Mistake>& mistakes) {
  value.origin.secret = true;
  const std::filesystem::path file = value.text;
  Result<std::string> text = read_text(sources.directory / file);
  if (file.empty() || !text) {
    mistakes.push_back({value.origin.where, "",
                        file.empty() ? "must name a file" : file.string() + " " + text.error().message});
    return false;
  }
  value.text = std::move(*text);
  if (value.text.ends_with('\n')) value.text.pop_back();
  if (value.text.ends_with('\r')) value.text.pop_back();
  return true;
}

}  // namespace

std::vector<TextValue> from_environment(const Sources& sources, std::vector<Mistake>& mistakes) {
  std::vector<TextValue> values;
  for (const auto& [name, text] : sources.environment) {
    if (!name.starts_with(kVariablePrefix)) continue;
    TextValue value{.parts = split(std::string_view(name).substr(kVariablePrefix.size()), "__"),
                    .is_variable = true,
                    .text = text,
                    .origin = {.where = "environment " + name}};
    if (names_file(value.parts)) {
      value.parts.pop_back();
      const std::string plain = name.substr(0, name.size() - kFileSuffix.size());
      if (sources.environment.contains(plain)) {
        mistakes.push_back({value.origin.where, "", plain + " is set too; only one of them may be"});
        continue;
      }
      if (is_known(value.parts) && !read_secret(sources, value, mistakes)) continue;
    }
    if (take_plugin(value, "PLUGIN", "STOA__PLUGIN__<ID>__<KEY>", mistakes))
      values.push_back(std::move(value));
  }
  return values;
}

std::vector<TextValue> from_options(const Sources& sources, std::vector<Mistake>& mistakes) {
  std::vector<TextValue> values;
  for (const auto& [key, text] : sources.overrides) {
    TextValue value{.parts = split_key(key), .text = text, .origin = {.where = "command line"}};
    if (take_plugin(value, "plugin", "plugin.<id>.<key>", mistakes)) values.push_back(std::move(value));
  }
  return values;
}

}  // namespace stoa::core::config

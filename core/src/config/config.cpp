#include "config/config.hpp"

#include <set>

#include "config/check.hpp"
#include "config/cross_checks.hpp"
#include "config/mistake.hpp"
#include "config/print.hpp"
#include "config/settings.hpp"
#include "config/source_files.hpp"
#include "config/text_sources.hpp"
#include "stoa/json.hpp"

extern "C" char** environ;

namespace stoa::core::config {
namespace {

// Everything that was given, lowest first.
struct Given {
  std::filesystem::path file;    // empty: none
  Tree tree;                     // files joined, and the texts of the file's own keys
  std::vector<TextValue> texts;  // environment, then options
};

std::vector<TextValue> texts_for(const std::vector<TextValue>& texts, std::string_view plugin) {
  std::vector<TextValue> chosen;
  for (const TextValue& text : texts) {
    if (text.plugin == plugin) chosen.push_back(text);
  }
  return chosen;
}

// Where the local file is looked for; it says nothing about that itself.
std::string data_dir_of(const Tree& file, const std::vector<TextValue>& texts) {
  const Schema& schema = Schema::of_the_file();
  Tree tree = file;
  std::vector<Mistake> told_later;
  apply(texts_for(texts, ""), schema, {}, tree, told_later);
  tree.fill({}, schema);
  const rapidjson::Value* data_dir = tree.find({"data_dir"});
  return data_dir && data_dir->IsString() ? std::string(text_of(*data_dir)) : std::string();
}

Given gather(const Sources& sources, std::vector<Mistake>& mistakes) {
  Given given;
  if (const auto file = find_file(sources)) {
    given.file = absolute_path(sources.directory, *file);
    given.tree = read_file(sources, *file, mistakes);
  }
  given.texts = from_environment(sources, mistakes);
  for (TextValue& option : from_options(sources, mistakes)) given.texts.push_back(std::move(option));
  if (const std::string data_dir = data_dir_of(given.tree, given.texts); !data_dir.empty())
    given.tree.merge(read_local_file(sources, data_dir, mistakes));
  apply(texts_for(given.texts, ""), Schema::of_the_file(), {}, given.tree, mistakes);
  return given;
}

class LoadedConfig final : public Config {
 public:
  LoadedConfig(Given given, Settings settings) : given_(std::move(given)), settings_(std::move(settings)) {}

  const Settings& settings() const override { return settings_; }
  std::filesystem::path file() const override { return given_.file; }

  std::vector<std::string> plugin_sections() const override {
    std::set<std::string> ids;
    if (const rapidjson::Value* sections = given_.tree.find({"plugin"})) {
      for (const auto& entry : sections->GetObject()) ids.emplace(text_of(entry.name));
    }
    for (const TextValue& text : given_.texts) {
      if (!text.plugin.empty()) ids.insert(text.plugin);
    }
    return {ids.begin(), ids.end()};
  }

  std::string pinned_by(std::string_view dotted_key) const override {
    for (const TextValue& text : given_.texts) {
      std::string key = text.plugin.empty() ? "" : "plugin." + text.plugin;
      if (text.plugin.empty()) {
        for (const std::string& part : text.parts) key += (key.empty() ? "" : ".") + lower_case(part);
      }
      if (key == dotted_key) return text.origin.where;
    }
    return {};
  }

  std::string plugin_settings(std::string_view id, std::string_view schema_text,
                              std::vector<Mistake>& mistakes) const override {
    const KeyPath base{"plugin", std::string(id)};
    std::vector<Mistake> found;
    const Result<Schema> schema = Schema::parse(schema_text);
    std::string json = "{}";
    if (schema) {
      const Tree tree = with_plugin(base, *schema, found);
      check(*schema, tree, base, found);
      if (const rapidjson::Value* section = tree.find(base)) json = json_text(*section);
    } else {
      found.push_back(
          {"", dotted(base), "cannot be checked, because its schema is broken: " + schema.error().message});
    }
    sort_by_place(found);
    mistakes.insert(mistakes.end(), found.begin(), found.end());
    return json;
  }

  std::string print(bool with_origin,
                    const std::map<std::string, std::string>& plugin_schemas) const override {
    Tree own = given_.tree;
    own.set({"plugin"}, rapidjson::Value(rapidjson::kObjectType), {});
    std::string lines = printed(own, Schema::of_the_file(), {}, with_origin, true);
    std::set<std::string> ids;
    for (const std::string& id : plugin_sections()) ids.insert(id);
    for (const auto& [id, schema] : plugin_schemas) ids.insert(id);
    for (const std::string& id : ids) lines += print_plugin(id, plugin_schemas, with_origin);
    return lines;
  }

 private:
  static std::string json_text(const rapidjson::Value& value) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    value.Accept(writer);
    return {buffer.GetString(), buffer.GetSize()};
  }

  // All that was given, with this plugin's texts and defaults in its section.
  Tree with_plugin(const KeyPath& base, const Schema& schema, std::vector<Mistake>& mistakes) const {
    Tree tree = given_.tree;
    apply(texts_for(given_.texts, base.back()), schema, base, tree, mistakes);
    if (!tree.find(base)) tree.set(base, rapidjson::Value(rapidjson::kObjectType), {});
    tree.fill(base, schema);
    return tree;
  }

  std::string print_plugin(const std::string& id, const std::map<std::string, std::string>& schemas,
                           bool with_origin) const {
    const auto text = schemas.find(id);
    Result<Schema> schema = Schema::parse(text == schemas.end() ? kAnything : std::string_view(text->second));
    const bool known = text != schemas.end() && schema;
    if (!schema) schema = Schema::parse(kAnything);
    const KeyPath base{"plugin", id};
    std::vector<Mistake> told_elsewhere;
    return printed(with_plugin(base, *schema, told_elsewhere), *schema, base, with_origin, known);
  }

  static constexpr std::string_view kAnything = R"({"additionalProperties": true})";

  Given given_;
  Settings settings_;
};

}  // namespace

std::pair<std::unique_ptr<Config>, std::vector<Mistake>> Config::load(const Sources& sources) {
  std::vector<Mistake> mistakes;
  Given given = gather(sources, mistakes);
  given.tree.fill({}, Schema::of_the_file());
  check(Schema::of_the_file(), given.tree, {}, mistakes);
  cross_check(given.tree, mistakes);
  if (!mistakes.empty()) {
    sort_by_place(mistakes);
    return {nullptr, std::move(mistakes)};
  }
  Settings settings = settings_of(given.tree, sources.directory);
  return {std::make_unique<LoadedConfig>(std::move(given), std::move(settings)), std::vector<Mistake>()};
}

Sources Config::process_sources() {
  Sources sources;
  for (char** entry = environ; entry && *entry; ++entry) {
    const std::string_view variable = *entry;
    const std::size_t equals = variable.find('=');
    if (!variable.starts_with("STOA_") || equals == std::string_view::npos) continue;
    sources.environment.emplace(variable.substr(0, equals), variable.substr(equals + 1));
  }
  sources.directory = std::filesystem::current_path();
  return sources;
}

}  // namespace stoa::core::config

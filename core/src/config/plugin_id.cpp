#include "config/plugin_id.hpp"

#include <algorithm>

#include "config/rule_text.hpp"
#include "config/schema.hpp"
#include "config/toml_text.hpp"

namespace stoa::core::config {

bool is_plugin_id(std::string_view text) {
  if (text.size() < 2 || text.size() > 32 || text.front() < 'a' || text.front() > 'z') return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

std::string not_a_plugin_id(std::string_view text) {
  const rapidjson::Value* rule = Schema::of_the_file().at({"plugins", "enabled", "[0]"});
  return "must be " + (rule ? described(*rule) : "a plugin id") + ", not " + toml_quoted(text);
}

}  // namespace stoa::core::config

// Values that come as text: environment variables and command line options.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "config/schema.hpp"
#include "config/tree.hpp"

namespace stoa::core::config {

struct TextValue {
  std::string plugin = {};   // of [plugin.<id>]; empty: of the file itself
  KeyPath parts = {};        // below that; as written, so in upper case when it is a variable
  bool is_variable = false;  // else an option
  std::string text = {};
  Origin origin = {};
};

// Sets each in the tree as the schema's type, below `base`. Later ones win.
void apply(const std::vector<TextValue>& values, const Schema& schema, const KeyPath& base, Tree& tree,
           std::vector<Mistake>& mistakes);

// false: the text does not say a value of the rule's type. Lists are separated by commas.
bool convert(std::string_view text, const Schema& schema, const rapidjson::Value& rule,
             rapidjson::Value& value, rapidjson::Document::AllocatorType& memory);

}  // namespace stoa::core::config

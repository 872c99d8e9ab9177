// What is wrong with one value, in our words.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/schema.hpp"

namespace stoa::core::config {

struct Finding {
  std::string member = {};  // the unknown or missing key; empty: the value itself
  std::string message = {};
};

// Its members and elements aside. A secret is not repeated. `base` is where the schema's root stands, `path`
// the value's place below it. Empty: the rule has words that are not known here, or the value is right.
std::vector<Finding> explain(const Schema& schema, const rapidjson::Value& value, const KeyPath& base,
                             const KeyPath& path, bool secret);

// "unknown key; did you mean http.port?"
std::string unknown_key(const Schema& schema, const KeyPath& base, const KeyPath& path);

}  // namespace stoa::core::config

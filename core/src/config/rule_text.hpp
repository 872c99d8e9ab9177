// A rule of a schema in words.
#pragma once

#include <string>

#include "stoa/rapidjson.hpp"

namespace stoa::core::config {

// What a value must be: "an integer from 0 to 65535", "one of "stop", "continue"".
std::string described(const rapidjson::Value& rule);
// What a value is: "a string".
std::string kind_of(const rapidjson::Value& value);
// The value itself, short enough for a message.
std::string shown(const rapidjson::Value& value);

}  // namespace stoa::core::config

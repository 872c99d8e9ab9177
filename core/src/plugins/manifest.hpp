// plugin.json, read and checked.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "stoa/result.hpp"

namespace stoa::core::plugins {

struct Manifest {
  std::string id;    // [a-z][a-z0-9_]{1,31}
  std::string name;  // for people
  std::string version;
  std::string description;
  std::string sdk;                 // "1.0": the oldest SDK it works with
  std::vector<std::string> needs;  // "requires": ids of plugins
  std::vector<std::string>
      prefixes;  // paths it answers: "/api/v1/chat"; others below /x/<id>/ and /api/v1/x/<id>/
  std::vector<std::string> channels;  // realtime prefixes it claims: "chat:"
  std::string settings;               // JSON schema; empty: no settings
};

// Error: validation; the message names the key.
Result<Manifest> parse_manifest(std::string_view json);

bool valid_id(std::string_view id);

}  // namespace stoa::core::plugins

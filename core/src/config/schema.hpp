// A JSON schema of settings: finding the rule for a key, filling in defaults. Checking is in check.hpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/key_path.hpp"
#include "stoa/rapidjson.hpp"
#include "stoa/result.hpp"

namespace stoa::core::config {

class Schema {
 public:
  // Empty text and {} allow no keys at all. Tables that list their keys allow no others unless they say so
  // ("additionalProperties"). Error: not a JSON object.
  static Result<Schema> parse(std::string_view text);
  // Of stoa.toml; part of the program.
  static const Schema& of_the_file();

  const rapidjson::Value& root() const { return root_; }
  // The rule of what stands at `path` of a checked value; null when the schema has no single one.
  const rapidjson::Value* at(const KeyPath& path) const;
  const rapidjson::Value* inside(const rapidjson::Value& rule, std::string_view name) const;
  // "writeOnly", here or around.
  bool is_secret(const KeyPath& path) const;
  // References inside the schema followed.
  const rapidjson::Value& followed(const rapidjson::Value& rule) const;

  // Defaults where a table says nothing, in nested tables too.
  void fill(rapidjson::Value& value, rapidjson::Document::AllocatorType& memory) const;
  // The names that a variable's parts mean (upper case, or exact where `exact`); nullopt: no such key.
  std::optional<KeyPath> resolve(const KeyPath& parts, bool exact) const;
  // Of everything that holds a value, in the schema's order; at most 1000. A table that refers back to one it
  // is in is such a value.
  std::vector<KeyPath> keys() const;

 private:
  explicit Schema(rapidjson::Document root) : root_(std::move(root)) {}
  // What the $ref of a rule names; null: there is none, or nothing of that name.
  const rapidjson::Value* referred(const rapidjson::Value& rule) const;
  bool has_endless_reference(const rapidjson::Value& rule) const;
  void fill(const rapidjson::Value& rule, rapidjson::Value& value,
            rapidjson::Document::AllocatorType& memory) const;

  rapidjson::Document root_;
};

// The text of config/stoa.schema.json.
std::string_view file_schema_text();

// ---- One rule of a schema

std::vector<std::string> names_of(const rapidjson::Value& rule);  // "properties", in order
std::vector<std::string_view> types_of(const rapidjson::Value& rule);
bool is_table(const rapidjson::Value& rule);

}  // namespace stoa::core::config

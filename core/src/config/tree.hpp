// Values and where each came from.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "config/key_path.hpp"
#include "config/schema.hpp"
#include "stoa/rapidjson.hpp"

namespace stoa::core::config {

struct Origin {
  std::string where;    // as Mistake::where; empty: a default
  bool secret = false;  // never to be shown
};

class Tree {
 public:
  Tree() { values_.SetObject(); }
  Tree(const Tree& other) : origins_(other.origins_) {
    values_.CopyFrom(other.values_, values_.GetAllocator());
  }
  Tree(Tree&&) = default;
  Tree& operator=(const Tree&) = delete;
  Tree& operator=(Tree&&) = default;

  // Null: not there. Valid until the next change.
  const rapidjson::Value* find(const KeyPath& path) const;
  // Of the value, or of the closest thing around it.
  Origin origin(const KeyPath& path) const;
  // Of the value alone; a default has none.
  Origin own_origin(const KeyPath& path) const;

  // Replaces what was there; tables on the way are made.
  void set(const KeyPath& path, const rapidjson::Value& value, const Origin& origin);
  void set_origin(const KeyPath& path, const Origin& origin) { origins_[path] = origin; }
  // Tables are joined, anything else of `over` replaces.
  void merge(const Tree& over);
  // The schema's defaults where the table at `path` says nothing.
  void fill(const KeyPath& path, const Schema& schema);

 private:
  void merge_table(const Tree& over, const rapidjson::Value& table, const KeyPath& path);
  void forget_origins(const KeyPath& path);

  rapidjson::Document values_;
  std::map<KeyPath, Origin> origins_;
};

// The member of an object; null when it is none or has no such member.
const rapidjson::Value* member(const rapidjson::Value& object, std::string_view name);
std::string_view text_of(const rapidjson::Value& string);
// Must outlive the value that is made of it, or be copied into it.
rapidjson::Value::StringRefType text_ref(std::string_view text);

}  // namespace stoa::core::config
